package engine

import (
	"encoding/json"
	"maps"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/toolsd/toolsd/engine/expression"
)

// A measured value is plain data with the room that it takes as compact JSON.
type measured struct {
	value any
	keys  []string   // of an object, sorted
	parts []measured // members, or as many elements as a list may have
	size  int        // bytes, with lists of the allowed length
	least int        // bytes when everything in it is cut that can be
	long  bool       // it has lists of more than the allowed length
}

// measure goes through a value once. Lists count with at most items elements.
func measure(value any, items int) measured {
	m := measured{value: value}
	switch v := value.(type) {
	case string:
		m.size, m.least = textSize(v), len(`""`)
	case []any:
		kept := v[:min(len(v), items)]
		m.long, m.parts = len(kept) < len(v), make([]measured, len(kept))
		for i, e := range kept {
			m.parts[i] = measure(e, items)
		}
		m.add()
	case map[string]any:
		m.keys, m.parts = slices.Sorted(maps.Keys(v)), make([]measured, len(v))
		for i, key := range m.keys {
			m.parts[i] = measure(v[key], items)
		}
		m.add()
	default:
		m.size = scalarSize(v)
		m.least = m.size
	}
	return m
}

// add sums up the parts of a list or an object. Each brings a comma or the
// closing bracket.
func (m *measured) add() {
	m.least = len("[]")
	m.size = max(m.least, 1+len(m.parts))
	for i, p := range m.parts {
		m.size += m.keySize(i) + p.size
		m.long = m.long || p.long
	}
}

// keySize is the room of the key of a part.
func (m *measured) keySize(i int) int {
	if m.keys == nil {
		return 0
	}
	return textSize(m.keys[i]) + len(":")
}

// scalarSize is the room of a value that cannot be cut.
func scalarSize(v any) int {
	switch v := v.(type) {
	case nil:
		return len("null")
	case json.Number: // stands in JSON as it came
		return len(v)
	}
	text, err := expression.Text(v)
	if err != nil {
		return 0 // writing the whole value fails for the same reason
	}
	switch v.(type) {
	case []byte, time.Time:
		return textSize(text)
	}
	return len(text)
}

// textSize is the room of a text, its quotes included.
func textSize(s string) int {
	size := len(`""`)
	for at := 0; at < len(s); {
		written, width := character(s[at:])
		size, at = size+written, at+width
	}
	return size
}

// character returns how many bytes the first character of a text takes in
// JSON, and in the text.
func character(s string) (written, width int) {
	c := s[0]
	switch {
	case c >= utf8.RuneSelf:
		r, width := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && width == 1 || r == '\u2028' || r == '\u2029' {
			return len(`\u2028`), width
		}
		return width, width
	case c == '"' || c == '\\' || c == '\b' || c == '\f' || c == '\n' || c == '\r' || c == '\t':
		return len(`\n`), 1
	case c < ' ':
		return len(`\u0000`), 1
	}
	return 1, 1
}
