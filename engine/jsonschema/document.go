package jsonschema

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// A document is a checked schema as decoded JSON.
type document struct{ root any }

// resolve returns what a local reference leads to; Check has seen that it
// leads somewhere.
func (d *document) resolve(ref string) any {
	name, err := url.PathUnescape(strings.TrimPrefix(ref, "#"))
	if err != nil {
		return nil
	}
	if name == "" {
		return d.root
	}
	pointer, ok := strings.CutPrefix(name, "/")
	if !ok {
		return findAnchor(d.root, name)
	}
	at := d.root
	for token := range strings.SplitSeq(pointer, "/") {
		switch value := at.(type) {
		case map[string]any:
			at = value[pointerName(token)]
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(value) {
				return nil
			}
			at = value[i]
		default:
			return nil
		}
	}
	return at
}

// findAnchor looks for an anchor in a schema and its subschemas.
func findAnchor(at any, name string) any {
	object, ok := at.(map[string]any)
	if !ok {
		return nil
	}
	if object["$anchor"] == name || object["$dynamicAnchor"] == name {
		return object
	}
	for _, key := range slices.Sorted(maps.Keys(object)) {
		for _, sub := range subvalues(keywords[key].form, object[key]) {
			if found := findAnchor(sub, name); found != nil {
				return found
			}
		}
	}
	return nil
}

// subvalues are the schemas in the value of a keyword.
func subvalues(f form, value any) []any {
	switch value := value.(type) {
	case map[string]any:
		switch f {
		case schemaForm:
			return []any{value}
		case schemaMapForm, patternMapForm:
			return slices.Collect(maps.Values(value))
		}
	case []any:
		if f == schemasForm {
			return value
		}
	}
	return nil
}

// refOf is the reference of a schema, or "".
func refOf(object map[string]any) string {
	if ref, ok := object["$ref"].(string); ok {
		return ref
	}
	ref, _ := object["$dynamicRef"].(string)
	return ref
}

// defaultOf is the default of a schema, its own or that of what it refers to.
func (d *document) defaultOf(at any) (any, bool) {
	for {
		object, ok := at.(map[string]any)
		if !ok {
			return nil, false
		}
		if value, ok := object["default"]; ok {
			return value, true
		}
		ref := refOf(object)
		if ref == "" {
			return nil, false
		}
		at = d.resolve(ref)
	}
}

// escapeFragment writes a JSON pointer as a URI fragment (RFC 6901 §6).
func escapeFragment(pointer string) string {
	tokens := strings.Split(pointer, "/")
	for i, token := range tokens {
		tokens[i] = url.PathEscape(token)
	}
	return strings.Join(tokens, "/")
}
