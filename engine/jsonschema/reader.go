package jsonschema

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// valueDepth is how deep JSON that is decoded may nest.
const valueDepth = 1000

// A reader reads JSON that encoding/json has found well-formed. It adds what
// encoding/json does not do: it refuses a key that is there twice (RFC 8259
// §4 leaves its meaning open), bounds depth and numbers, and gives numbers
// the form their type asks for as it goes.
type reader struct {
	text  string
	pos   int
	depth int
	exact bool // numbers stay json.Number
}

// read decodes JSON for expressions: its numbers are as Normalize makes them.
// Strings share memory with each other.
func read(text []byte, t *Type) (any, error) {
	return (&reader{}).read(text, t)
}

// readExact decodes JSON with its numbers as they were written.
func readExact(text []byte) (any, error) {
	return (&reader{exact: true}).read(text, nil)
}

func (r *reader) read(text []byte, t *Type) (any, error) {
	if !utf8.Valid(text) {
		return nil, errors.New("the text is not UTF-8")
	}
	if !json.Valid(text) {
		var raw json.RawMessage
		return nil, fmt.Errorf("not JSON: %w", json.Unmarshal(text, &raw))
	}
	r.text = string(text)
	return r.value(t)
}

// peek skips white space and returns the byte that follows.
func (r *reader) peek() byte {
	for {
		switch c := r.text[r.pos]; c {
		case ' ', '\t', '\n', '\r':
			r.pos++
		default:
			return c
		}
	}
}

func (r *reader) value(t *Type) (any, error) {
	switch r.peek() {
	case '{':
		return r.object(t)
	case '[':
		return r.list(t)
	case '"':
		return r.string()
	case 't':
		r.pos += len("true")
		return true, nil
	case 'f':
		r.pos += len("false")
		return false, nil
	case 'n':
		r.pos += len("null")
		return nil, nil
	}
	return r.number(t)
}

func (r *reader) down() error {
	r.pos++
	r.depth++
	if r.depth > valueDepth {
		return fmt.Errorf("the JSON nests deeper than %d", valueDepth)
	}
	return nil
}

func (r *reader) up() {
	r.pos++
	r.depth--
}

func (r *reader) object(t *Type) (any, error) {
	if err := r.down(); err != nil {
		return nil, err
	}
	object := map[string]any{}
	for r.peek() != '}' {
		if r.text[r.pos] == ',' {
			r.pos++
			r.peek()
		}
		name, err := r.string()
		if err != nil {
			return nil, err
		}
		if _, again := object[name]; again {
			return nil, fmt.Errorf("the key %s is there twice", clip(quote(name), 80))
		}
		r.peek()
		r.pos++ // the colon
		if object[name], err = r.value(t.member(name)); err != nil {
			return nil, err
		}
	}
	r.up()
	return object, nil
}

func (r *reader) list(t *Type) (any, error) {
	if err := r.down(); err != nil {
		return nil, err
	}
	list := []any{}
	elem := t.elem()
	for r.peek() != ']' {
		if r.text[r.pos] == ',' {
			r.pos++
		}
		item, err := r.value(elem)
		if err != nil {
			return nil, err
		}
		list = append(list, item)
	}
	r.up()
	return list, nil
}

// string reads a string. Half of a surrogate pair becomes U+FFFD, as it does
// in encoding/json.
func (r *reader) string() (string, error) {
	start := r.pos + 1
	end := start
	escaped := false
	for r.text[end] != '"' {
		if r.text[end] == '\\' {
			escaped = true
			end++
		}
		end++
	}
	r.pos = end + 1
	if !escaped {
		return r.text[start:end], nil
	}
	var s string
	if err := json.Unmarshal([]byte(r.text[start-1:end+1]), &s); err != nil {
		return "", fmt.Errorf("reading a string: %w", err)
	}
	return s, nil
}

func (r *reader) number(t *Type) (any, error) {
	start := r.pos
	rest := r.text[start:]
	if end := strings.IndexAny(rest, ",]} \t\n\r"); end >= 0 {
		rest = rest[:end]
	}
	r.pos += len(rest)
	switch {
	case !boundedNumber(rest):
		return nil, fmt.Errorf("a number has more than %d characters or an exponent beyond %d", maxNumberLength, maxExponent)
	case r.exact:
		return json.Number(rest), nil
	}
	return numberAs(rest, t.kind()), nil
}
