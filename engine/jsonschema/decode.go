package jsonschema

import (
	"bytes"
)

// Decode reads JSON, brings its numbers to the forms expressions work with
// (see Normalize), holds it against the schema and applies the schema's
// defaults top-down through `properties` of objects that are there. It returns
// the value, or all its violations and no value. No text at all, or white
// space, is an empty object: MCP lets `arguments` be left out.
//
// Defaults come after validation, so that a schema means what JSON Schema
// says: a required property is missing even when it has a default.
//
// The error is for text that is not JSON at all, repeats a key, nests deeper
// than 1,000 or holds a number of more than 1,000 characters or with an
// exponent beyond 1,000. It says nothing of the text but where it goes wrong.
func (v *Validator) Decode(text []byte) (any, []Violation, error) {
	if len(bytes.TrimSpace(text)) == 0 {
		text = []byte("{}")
	}
	value, err := read(text, v.typ)
	if err != nil {
		return nil, nil, err
	}
	if found := v.violations(value); len(found) > 0 {
		return nil, found, nil
	}
	if v.defaults {
		(&filler{}).fill(value, v.schema, v.typ)
	}
	return value, nil, nil
}

// Validate holds a value made by an expression or decoded by Decode against
// the schema. It takes any value: a time is held as RFC 3339 text, bytes as
// base64, a key as text, and what JSON has no room for is a violation. The
// value is not changed.
func (v *Validator) Validate(value any) []Violation {
	value, found := plain(value)
	if len(found) > 0 {
		return inOrder(found)
	}
	return v.violations(value)
}
