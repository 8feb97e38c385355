package expression

import (
	"encoding/json"
	"fmt"
	"time"
)

// asList returns a value as a list. The list is not to be written to.
func asList(value any) ([]any, bool) {
	switch v := value.(type) {
	case []any:
		return v, true
	case []int:
		return boxed(v), true
	case []string:
		return boxed(v), true
	case []float64:
		return boxed(v), true
	}
	return nil, false
}

// isList reports whether asList would return a list, without making it.
func isList(value any) bool {
	switch value.(type) {
	case []any, []int, []string, []float64:
		return true
	}
	return false
}

func boxed[E any](list []E) []any {
	out := make([]any, len(list))
	for i, e := range list {
		out[i] = e
	}
	return out
}

// asObject returns a value as an object, which is not to be written to. What
// groupBy made has keys of any kind; they become text.
func asObject(value any) (map[string]any, bool) {
	switch v := value.(type) {
	case map[string]any:
		return v, true
	case map[any][]any:
		out := make(map[string]any, len(v))
		for key, list := range v {
			name, err := Text(key)
			if err != nil {
				return nil, false
			}
			out[name] = list
		}
		return out, true
	}
	return nil, false
}

// kind names what a value is, for messages to authors.
func kind(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case int:
		return "integer"
	case float64:
		return "number"
	case string:
		return "text"
	case json.Number:
		return "a number beyond exact arithmetic"
	case time.Time:
		return "time"
	case time.Duration:
		return "duration"
	case []byte:
		return "bytes"
	}
	if isList(value) {
		return "list"
	}
	if _, ok := asObject(value); ok {
		return "object"
	}
	return plainWords(fmt.Sprintf("%T", value))
}
