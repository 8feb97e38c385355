package mcpserver

import (
	"bytes"
	"encoding/json"
	"iter"
)

// deeper reports whether JSON nests more than limit levels. Of what is not
// JSON it says something that does no harm.
func deeper(b []byte, limit int) bool {
	depth := 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			i = endOfString(b, i) - 1
		case '{', '[':
			if depth++; depth > limit {
				return true
			}
		case '}', ']':
			depth--
		}
	}
	return false
}

// members yields the members of an object, which begins b and is valid JSON,
// in their order. The values are parts of b.
func members(b []byte) iter.Seq2[string, json.RawMessage] {
	return func(yield func(string, json.RawMessage) bool) {
		for i := skipSpace(b, 1); b[i] != '}'; {
			end := endOfString(b, i)
			key := unquote(b[i:end])
			i = skipSpace(b, skipSpace(b, end)+1) // over the colon
			end = endOfValue(b, i)
			if !yield(key, b[i:end:end]) {
				return
			}
			i = skipComma(b, end)
		}
	}
}

// elements yields the elements of an array, as members does.
func elements(b []byte) iter.Seq[json.RawMessage] {
	return func(yield func(json.RawMessage) bool) {
		for i := skipSpace(b, 1); b[i] != ']'; {
			end := endOfValue(b, i)
			if !yield(b[i:end:end]) {
				return
			}
			i = skipComma(b, end)
		}
	}
}

// unquote returns what a string of valid JSON stands for.
func unquote(quoted []byte) string {
	if bytes.IndexByte(quoted, '\\') < 0 {
		return string(quoted[1 : len(quoted)-1])
	}
	var s string
	// A valid string can be read.
	_ = json.Unmarshal(quoted, &s)
	return s
}

// skipComma goes from the end of a value to the beginning of the next, or to
// the closing bracket.
func skipComma(b []byte, i int) int {
	if i = skipSpace(b, i); b[i] == ',' {
		i = skipSpace(b, i+1)
	}
	return i
}

func skipSpace(b []byte, i int) int {
	for b[i] == ' ' || b[i] == '\t' || b[i] == '\n' || b[i] == '\r' {
		i++
	}
	return i
}

// endOfString returns where the string that begins at i is over, or the end of
// b when it is not closed.
func endOfString(b []byte, i int) int {
	for i++; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(b)
}

// endOfValue returns where the value that begins at i is over.
func endOfValue(b []byte, i int) int {
	depth := 0
	for i < len(b) {
		switch b[i] {
		case '"':
			i = endOfString(b, i)
		case '{', '[':
			depth++
			i++
		case '}', ']':
			if depth--; depth < 0 {
				return i
			}
			i++
		case ',', ' ', '\t', '\n', '\r', ':':
			if depth == 0 {
				return i
			}
			i++
			continue
		default:
			for i < len(b) && !isDelimiter(b[i]) {
				i++
			}
		}
		if depth == 0 {
			return i
		}
	}
	return i
}

func isDelimiter(c byte) bool {
	switch c {
	case ',', ' ', '\t', '\n', '\r', ':', '{', '}', '[', ']', '"':
		return true
	}
	return false
}
