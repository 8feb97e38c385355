package schema

import (
	"bytes"
	"strings"
)

// asBlock is the change that turns an expression, which YAML reads as the
// brackets that begin at an offset, into a block below its key. There is none
// where the key does not begin its line, or something follows the brackets.
func asBlock(t *text, offset int, key string) []change {
	first := t.lineAt(offset)
	at := offset - t.starts[first]
	l := anatomyOf(t.line(first))
	if l.key != key || len(l.before) != at {
		return nil
	}
	end := offset + flowEnd(string(t.bytes[offset:]))
	if !closesFlow(t.bytes[end-1:]) {
		return nil
	}
	last := t.lineAt(end - 1)
	column := l.column()
	pad := strings.Repeat(" ", column+2)
	if last == first {
		value := string(t.bytes[offset:end])
		switch rest := strings.TrimSpace(string(t.rest(end, len(t.bytes)))); {
		case rest == "":
			return []change{{first, at, len(t.line(first)), "|\n" + pad + value}}
		case rest[0] == '#':
			return []change{{first, at, at + len(value), "|"}, {first, len(t.line(first)), len(t.line(first)), "\n" + pad + value}}
		}
		return nil
	}
	if len(bytes.TrimSpace(t.rest(end, len(t.bytes)))) > 0 {
		return nil
	}
	changes := []change{{first, at, at, "|\n" + pad}}
	for i := first + 1; i <= last; i++ {
		line := t.line(i)
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		if anatomyOf(line).indent < column {
			return nil
		}
		changes = append(changes, change{i, 0, 0, "  "})
	}
	return changes
}

// asText is the edit that makes the text of an expression that YAML reads as
// brackets: a block below its key, or quotes between other brackets.
func (n *Node) asText(key string) []Edit {
	t := n.inside.text
	if n.Place.Length == 0 || t == nil {
		return nil
	}
	if block := asBlock(t, n.inside.offset, key); block != nil {
		return t.edits(block...)
	}
	line := n.Place.Line - t.first
	at := n.inside.offset - t.starts[line]
	rest := string(t.line(line)[at:])
	end := flowEnd(rest)
	if bare(t.keyBefore(n.inside.offset)) != key || anatomyOf(t.line(line)).key == key || !closesFlow([]byte(rest[end-1:])) {
		return nil
	}
	return t.edits(change{line, at, at + end, singleQuoted(rest[:end])})
}

// withoutSlot is the edit that leaves of an expression in ${ } what stands
// between the braces, where these are all there is.
func (n *Node) withoutSlot() []Edit {
	whole := strings.TrimSpace(n.Text)
	inner, closed := strings.CutSuffix(strings.TrimPrefix(whole, "${"), "}")
	inner = strings.TrimSpace(inner)
	if !closed || inner == "" || !strings.HasPrefix(whole, "${") || slotEnd(whole, 0) != len(whole) {
		return nil
	}
	if n.Style == Plain && (strings.ContainsAny(inner[:1], "\"'[{!&*|>%@`#?-") || strings.ContainsAny(inner, "[]{},:#")) {
		return n.replaced(singleQuoted(inner))
	}
	from := strings.Index(n.Text, whole)
	inside := from + strings.Index(whole, inner)
	before, ok1 := n.Edit(from, inside-from, "")
	after, ok2 := n.Edit(inside+len(inner), from+len(whole)-inside-len(inner), "")
	if !ok1 || !ok2 {
		return nil
	}
	return []Edit{before, after}
}
