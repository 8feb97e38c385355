package schema

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
)

// AppendYAML appends a value as the value of a key, or of an element of a
// list, whose own column is indent characters in: behind a space when it fits
// on the line, otherwise in block style below it, or in brackets where that
// would stand too far to the right. Values are nil, bool,
// json.Number, string, []any, map[string]any and Members. What Parse reads is
// the same value.
func AppendYAML(b []byte, v any, indent int) []byte {
	const farRight = 60
	if indent > farRight {
		return append(appendFlow(append(b, ' '), v), '\n')
	}
	switch v := v.(type) {
	case []any:
		if len(v) == 0 {
			return append(b, " []\n"...)
		}
		b = append(b, '\n')
		for _, item := range v {
			b = append(b, strings.Repeat(" ", indent+2)+"-"...)
			b = appendItem(b, item, indent+2)
		}
		return b
	case map[string]any:
		return AppendYAML(b, membersOf(v), indent)
	case Members:
		if len(v) == 0 {
			return append(b, " {}\n"...)
		}
		return appendMembers(append(b, '\n'), v, indent+2, true)
	}
	return append(append(append(b, ' '), scalarText(v)...), '\n')
}

// Members is a mapping whose keys have an order.
type Members []Member

// membersOf returns the members of a mapping, sorted by key.
func membersOf(object map[string]any) Members {
	members := make(Members, 0, len(object))
	for _, key := range slices.Sorted(maps.Keys(object)) {
		members = append(members, Member{key, object[key]})
	}
	return members
}

// A Member of a mapping.
type Member struct {
	Key   string
	Value any
}

// appendItem appends an element behind its dash; a mapping begins on the same
// line.
func appendItem(b []byte, item any, indent int) []byte {
	if object, ok := item.(map[string]any); ok {
		item = membersOf(object)
	}
	if members, ok := item.(Members); ok && len(members) > 0 {
		return appendMembers(append(b, ' '), members, indent+2, false)
	}
	return AppendYAML(b, item, indent)
}

func appendMembers(b []byte, members Members, indent int, newLine bool) []byte {
	for i, m := range members {
		if i > 0 || newLine {
			b = append(b, strings.Repeat(" ", indent)...)
		}
		b = append(append(b, keyText(m.Key)...), ':')
		b = AppendYAML(b, m.Value, indent)
	}
	return b
}

// appendFlow appends a value on one line, lists and mappings in brackets.
func appendFlow(b []byte, v any) []byte {
	switch v := v.(type) {
	case []any:
		b = append(b, '[')
		for i, item := range v {
			if i > 0 {
				b = append(b, ", "...)
			}
			b = appendFlow(b, item)
		}
		return append(b, ']')
	case map[string]any:
		return appendFlow(b, membersOf(v))
	case Members:
		b = append(b, '{')
		for i, m := range v {
			if i > 0 {
				b = append(b, ", "...)
			}
			b = appendFlow(append(append(b, keyText(m.Key)...), ": "...), m.Value)
		}
		return append(b, '}')
	}
	return append(b, scalarText(v)...)
}

func keyText(key string) string {
	if isPlain(key) {
		return key
	}
	return doubleQuoted(key)
}

func scalarText(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool, json.Number:
		return fmt.Sprint(v)
	case string:
		if isPlain(v) {
			return v
		}
		return doubleQuoted(v)
	}
	return doubleQuoted(fmt.Sprint(v))
}

// isPlain reports whether a text needs no quotes: it is made of letters that
// mean nothing to YAML, and is not another value.
func isPlain(s string) bool {
	const longest = 100
	if s == "" || len(s) > longest || !isLetter(rune(s[0])) && s[0] != '/' || strings.HasSuffix(s, " ") {
		return false
	}
	for _, r := range s {
		if !isLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(" _./%-+", r) {
			return false
		}
	}
	kind, _ := resolve(s)
	return kind == String
}

func isLetter(r rune) bool { return r < 0x80 && unicode.IsLetter(r) }

// doubleQuoted writes a text in double quotes on one line.
func doubleQuoted(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == ' ' || unicode.IsPrint(r) && r != unicode.ReplacementChar:
			b.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
