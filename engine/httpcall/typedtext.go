package httpcall

import (
	"encoding/json"
	"strings"

	"github.com/toolsd/toolsd/engine/jsonschema"
)

// typed gives the texts of a format that has nothing but texts the kinds that
// a schema says: numbers and booleans; an empty one that is neither is null
// where null is allowed, and left out where the member may be. A single
// element of XML becomes a list where the schema says so, and an empty one an
// object. What is not as the schema says stays text. t may be nil.
func typed(value any, t *jsonschema.Type) any {
	if t == nil {
		return value
	}
	if list, ok := value.([]any); ok {
		for i, item := range list {
			list[i] = typed(item, t.Elem)
		}
		return list
	}
	if t.Kind == jsonschema.ListKind {
		return []any{typed(value, t.Elem)}
	}
	switch value := value.(type) {
	case map[string]any:
		for name, member := range value {
			m, ok := t.Members[name]
			if !ok {
				m = jsonschema.Member{Type: t.Rest}
			}
			if member == "" && !m.Required && hasNoEmpty(m.Type) {
				delete(value, name)
			} else {
				value[name] = typed(member, m.Type)
			}
		}
	case string:
		return typedText(value, t)
	}
	return value
}

func typedText(s string, t *jsonschema.Type) any {
	switch trimmed := strings.TrimSpace(s); {
	case t.Kind == jsonschema.StringKind, t.Kind == jsonschema.Any:
	case trimmed == "" && t.Kind == jsonschema.ObjectKind:
		return map[string]any{}
	case trimmed == "" && t.Nullable:
		return nil
	case t.Kind == jsonschema.BoolKind && (trimmed == "true" || trimmed == "false"):
		return trimmed == "true"
	case (t.Kind == jsonschema.IntKind || t.Kind == jsonschema.FloatKind) && isNumber(trimmed):
		return json.Number(trimmed)
	}
	return s
}

// hasNoEmpty reports whether nothing of a type is written as an empty text.
func hasNoEmpty(t *jsonschema.Type) bool {
	if t == nil || t.Nullable {
		return false
	}
	return t.Kind == jsonschema.IntKind || t.Kind == jsonschema.FloatKind || t.Kind == jsonschema.BoolKind
}

// isNumber reports whether a text is a number of JSON.
func isNumber(s string) bool {
	return s != "" && (s[0] == '-' || '0' <= s[0] && s[0] <= '9') && json.Valid([]byte(s))
}
