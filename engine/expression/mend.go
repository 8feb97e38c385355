package expression

import (
	"regexp"
	"strings"

	"github.com/expr-lang/expr/ast"

	"github.com/toolsd/toolsd/schema"
)

// A change replaces so many bytes at an offset of an expression.
type change struct {
	at, length int
	text       string
}

// fix returns changes as edits of the file; nil where there are none, or one
// of them has no place of its own there.
func (s source) fix(changes ...change) []schema.Edit {
	var edits []schema.Edit
	for _, c := range changes {
		e, ok := s.node.Edit(s.base+c.at, c.length, c.text)
		if !ok {
			return nil
		}
		edits = append(edits, e)
	}
	return edits
}

// syntaxChanges are the changes that mend a fault of syntax, where what stands
// there can mean one thing alone.
func syntaxChanges(text string, at int) []change {
	at = min(at, len(text))
	before, after := text[:at], text[at:]
	switch {
	case strictlyCompared(before, after):
		return []change{{at, 1, ""}}
	case hashComment(before, after):
		return []change{{at, 1, "//"}}
	case objectInPredicate(before, after):
		from := strings.LastIndexByte(before, '{')
		if end, ok := closing(text, from+1); ok {
			return []change{{from, 0, "{"}, {end, 0, "}"}}
		}
	default:
		if m := piped.FindStringSubmatchIndex(before); m != nil && isFunction(before[m[2]:m[3]]) {
			return []change{{m[3], 0, "()"}}
		}
	}
	return nil
}

// strictlyCompared reports whether a fault lies at the end of === or !==.
func strictlyCompared(before, after string) bool {
	return strings.HasPrefix(after, "=") && (strings.HasSuffix(before, "==") || strings.HasSuffix(before, "!="))
}

// hashComment reports whether a fault lies at a # that begins its line.
func hashComment(before, after string) bool {
	line := before[strings.LastIndexByte(before, '\n')+1:]
	return strings.HasPrefix(after, "#") && strings.TrimSpace(line) == ""
}

// objectInPredicate reports whether a fault lies at the colon after the first
// key of an object whose brace is taken for that of a predicate.
func objectInPredicate(before, after string) bool {
	return strings.HasPrefix(after, ":") && singleBrace(before)
}

// simplePath is a name with its properties, or the properties of an element.
var simplePath = regexp.MustCompile(`(?:#|[A-Za-z_][A-Za-z0-9_]*)?(?:\.[A-Za-z_][A-Za-z0-9_]*)*$`)

// lengthChanges turn x.length, given the node of its name, into len(x). There
// are none where x is more than a path of names.
func (s source) lengthChanges(name *ast.StringNode) []change {
	at := s.offset(name.Location().From)
	before, ok := strings.CutSuffix(s.text[:at], ".")
	from := simplePath.FindStringIndex(before)[0]
	if _, habit := propertyHabits[name.Value]; !ok || !habit || from == len(before) || from > 0 && strings.IndexByte(")]?.}\"'`", before[from-1]) >= 0 {
		return nil
	}
	return []change{{from, 0, "len("}, {at - 1, 1 + len(name.Value), ")"}}
}
