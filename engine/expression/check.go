package expression

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/expr-lang/expr/parser"

	"github.com/toolsd/toolsd/schema"
)

// Check checks an expression field, which is a scalar; its source text is the
// expression. The Expr is nil when there is an error.
func (s *Scope) Check(n *schema.Node) (*Expr, []schema.Diagnostic) {
	return s.check(whole(n), anything)
}

// check parses an expression and checks it against the scope.
func (s *Scope) check(src source, want wanted) (*Expr, []schema.Diagnostic) {
	tree, d, ok := s.parse(src)
	if !ok {
		return nil, []schema.Diagnostic{d}
	}
	r := &reader{scope: s, source: src, used: make(map[string]bool)}
	r.read(&tree.Node, position{})
	var known typed
	if !r.tooLarge {
		known = r.typed(&tree.Node, want)
		r.types(tree)
	}
	ds := schema.SortDiagnostics(r.found)
	if schema.HasErrors(ds) {
		return nil, ds
	}
	e := &Expr{
		source: src.text,
		place:  src.all(),
		path:   inputPath(tree.Node),
		kind:   kindOf(tree.Node),
		names:  slices.Sorted(maps.Keys(r.used)),
		quotes: quoting(tree.Node),
	}
	s.remember(e, known)
	return e, ds
}

// parse reads the text of an expression, within bounds.
func (s *Scope) parse(src source) (*parser.Tree, schema.Diagnostic, bool) {
	switch {
	case strings.TrimSpace(src.text) == "":
		return nil, Syntax.At(src.node.Place, "the expression is empty", ""), false
	case len(src.text) > maxBytes:
		return nil, TooLarge.At(src.node.Place, fmt.Sprintf("the expression has more than %d bytes", maxBytes), ""), false
	case src.deep():
		return nil, TooLarge.At(src.all(), fmt.Sprintf("the expression is nested more than %d deep", maxDepth), ""), false
	}
	tree, err := parser.ParseWithConfig(src.text, s.config())
	if err != nil {
		return nil, syntaxFault(src, err), false
	}
	return tree, schema.Diagnostic{}, true
}

// compiles reports whether a text that is not marked as an expression would
// be one: it is free of faults and begins with a name in scope. Its inputs
// then count as used: whoever is told of it need not be told of them.
func (s *Scope) compiles(text string) bool {
	trimmed := strings.TrimSpace(text)
	word := trimmed[:len(trimmed)-len(strings.TrimLeftFunc(trimmed, isNameRune))]
	if !s.has(word) && !(word == "env" && s.Env != nil) {
		return false
	}
	quiet := s.quiet()
	if s.Inputs != nil {
		quiet.Inputs = map[string]bool{}
	}
	e, _ := quiet.check(source{node: &schema.Node{}, text: text}, anything)
	if e != nil {
		maps.Copy(s.Inputs, quiet.Inputs)
	}
	return e != nil
}

func (s *Scope) has(name string) bool {
	_, ok := s.Names[name]
	return ok
}

// quiet returns a scope that is equal but does not collect the environment
// variables that are used.
func (s *Scope) quiet() *Scope {
	s.config() // once for both
	quiet := *s
	quiet.Inputs, quiet.Steps, quiet.types, quiet.shapes = nil, nil, nil, nil
	if s.Env != nil {
		env := *s.Env
		env.Used = nil
		quiet.Env = &env
	}
	return &quiet
}
