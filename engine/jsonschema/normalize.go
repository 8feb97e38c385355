package jsonschema

import "encoding/json"

// Normalize returns a value decoded with json.Decoder.UseNumber with its
// numbers as int where the type says integer (at every depth), float64 where
// it says number, and otherwise int or float64 by how they were written. A
// number that its form cannot hold exactly stays a json.Number: it passes
// through as text and is a fault in arithmetic. t may be nil.
//
// The value is taken over: its objects and lists are changed in place.
func Normalize(value any, t *Type) any {
	switch value := value.(type) {
	case json.Number:
		if !boundedNumber(value.String()) {
			return value
		}
		return numberAs(value.String(), t.kind())
	case []any:
		elem := t.elem()
		for i, item := range value {
			value[i] = Normalize(item, elem)
		}
	case map[string]any:
		for name, member := range value {
			value[name] = Normalize(member, t.member(name))
		}
	}
	return value
}
