package httpcall

import (
	"regexp"
	"strings"

	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/engine/jsonschema"
	"github.com/toolsd/toolsd/schema"
)

// A position is where in a request a text stands.
type position int

const (
	inPath position = iota // and in a url
	inParameter
	inHeader // and in auth
	inBody
)

// placeholder finds what stands for a value elsewhere: {{x}} and {x}, :x as a
// segment, and $x.
var placeholder = regexp.MustCompile(`\{\{\s*` + dotted + `\s*\}\}|\{` + dotted + `\}|/:` + dotted + `|\$` + dotted)

const dotted = `[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*`

// placeholders warns of text in a checked template that its author probably
// meant to be a slot.
func (c *checker) placeholders(n *schema.Node, t *expression.Template, where position) {
	if t == nil {
		return
	}
	for i, item := range t.Items {
		c.placeholders(n.Items[i], item, where)
	}
	for i, m := range t.Members {
		c.placeholders(n.Entries[i].Value, m.Value, where)
	}
	if n.Kind != schema.String || t.Form != expression.Literal && t.Form != expression.Joined {
		return
	}
	text := withoutSlots(n.Text, t.Pieces)
	for _, m := range placeholder.FindAllStringIndex(text, -1) {
		start, end := m[0], m[1]
		if text[start] == '/' {
			start++
		}
		if start > 0 && text[start-1] == '$' { // it is doubled
			continue
		}
		if value := c.meant(text, start, end, where); value != "" {
			c.report(expression.SlotExpected, n.At(start, end-start), "this reads like a value and is taken as text", "write ${"+value+"}")
			c.scope.Meant(value)
		}
	}
}

// withoutSlots blanks the expressions of a text, byte for byte.
func withoutSlots(text string, ps []piece) string {
	from := 0
	for _, p := range ps {
		if !p.IsSlot {
			continue
		}
		source := p.Slot.Source()
		if at := strings.Index(text[from:], source); at >= 0 {
			at += from
			from = at + len(source)
			text = text[:at] + strings.Repeat(" ", len(source)) + text[from:]
		}
	}
	return text
}

// meant returns the expression that a stretch of a text probably stands for,
// or "". No path has braces or a segment behind a colon, so that there any
// name will do; elsewhere, and behind a dollar sign, which other languages
// have uses for, it has to be in scope.
func (c *checker) meant(text string, start, end int, where position) string {
	name := strings.Trim(text[start:end], "{}:$ \t\n")
	first, _, isDotted := strings.Cut(name, ".")
	switch {
	case text[start] == ':' && where != inPath:
		return ""
	case isDotted && (first == "env" || c.scope.Names[first] != nil):
		if text[start] != ':' {
			return "" // the check of templates says so
		}
		return name
	case where == inBody, where == inParameter && strings.ContainsAny(text[:start]+text[end:], " \n"):
		return "" // it may be a variable of a query language
	case text[start] == '$' && (name == "count" || name == "value"):
		return "" // it is a segment of OData
	}
	if input := c.scope.Names["input"]; input != nil && input.Kind == jsonschema.ObjectKind {
		if _, ok := input.Members[first]; ok {
			return "input." + name
		}
	}
	switch isVariable := name == strings.ToUpper(name) && !isDotted; {
	case text[start] == '$' && isVariable && end == len(text) && (start == 0 || where == inHeader):
		return "env." + name
	case text[start] != '$' && where == inPath && c.scope.Names["input"] != nil:
		return "input." + name
	}
	return ""
}
