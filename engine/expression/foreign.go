package expression

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/expr-lang/expr/ast"

	"github.com/toolsd/toolsd/schema"
)

// path is a name with members, such as input.id.
const path = `[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+`

var (
	// foreignSlot is what stands for a value in the templates of other
	// programs: {{input.id}}, {input.id}, #{input.id} and $input.id.
	foreignSlot = regexp.MustCompile(`\{\{\s*(` + path + `)\s*\}\}|#?\{(` + path + `)\}|\$(` + path + `)`)
	// interpolation is a value within quotes: ${input.id} and #{input.id}.
	interpolation = regexp.MustCompile(`[$#]\{\s*(` + path + `)`)
)

// foreign warns of what reads like a slot of another program, in a piece of a
// template that is literal text, and names what is in scope. Behind a further
// dollar it is left alone, and so is a text within a slot: there it can stand
// that is meant as it is.
func (s *Scope) foreign(n *schema.Node, p piece, ds *[]schema.Diagnostic) {
	literal := n.Text[p.start:p.end]
	if !strings.ContainsAny(literal, "{$") {
		return
	}
	for _, m := range foreignSlot.FindAllStringSubmatchIndex(literal, -1) {
		start, end := m[0], m[1]
		value := strings.Trim(literal[start:end], "#${} \t\r\n")
		if start > 0 && literal[start-1] == '$' || !s.leads(value) {
			continue
		}
		*ds = append(*ds, SlotExpected.At(n.At(p.start+start, end-start), "this reads like a value and is taken as text", "write ${"+value+"}"))
		s.Meant(value)
	}
}

// leads reports whether a path begins with a name in scope.
func (s *Scope) leads(path string) bool {
	name, _, _ := strings.Cut(path, ".")
	return s.has(name) || name == "env" && s.Env != nil
}

// Meant notes that a path below input was probably meant where text stands.
// The input then counts as used: whoever is told of the one need not be told
// of the other.
func (s *Scope) Meant(path string) {
	if names := strings.Split(path, "."); s.Inputs != nil && names[0] == "input" && len(names) > 1 {
		s.Inputs[names[1]] = true
	}
}

// interpolated warns of texts with what would be a value within quotes in
// other languages.
func (r *reader) interpolated(n ast.Node) {
	if text, ok := n.(*ast.StringNode); ok {
		if m := interpolation.FindStringSubmatch(text.Value); m != nil && r.scope.leads(m[1]) {
			r.found = append(r.found, SlotExpected.At(r.source.place(n.Location()), "this reads like a value and is taken as text",
				fmt.Sprintf(`join texts with +, as in "…" + %s`, m[1])))
			r.scope.Meant(m[1])
		}
	}
	for _, child := range children(n) {
		r.interpolated(*child)
	}
}
