package expression

import (
	"fmt"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/checker"
	"github.com/expr-lang/expr/compiler"

	"github.com/toolsd/toolsd/schema"
)

// An Expr has been checked. It holds its source and place; it is immutable.
type Expr struct {
	source string
	place  schema.Place
	path   []string // see inputPath
	kind   string   // see kindOf
	names  []string
	quotes string
}

// Source returns the expression as its author wrote it.
func (e *Expr) Source() string { return e.source }

// Place returns where the expression stands.
func (e *Expr) Place() schema.Place { return e.place }

// Names returns the names of the scope that the expression uses, sorted. The
// environment is not among them. The list is not to be written to.
func (e *Expr) Names() []string { return e.names }

// Quotes returns "json", "odata" or "xml" when the expression is a call of
// that function, so that its value is one of that language whatever it is, and
// otherwise "".
func (e *Expr) Quotes() string { return e.quotes }

// Build compiles the expression in a scope equal to the one it was checked
// in. The values of environment variables become part of the program.
func (e *Expr) Build(s *Scope, b Bounds) (*Program, error) {
	src := source{node: &schema.Node{}, text: e.source}
	s = s.quiet()
	tree, fault, ok := s.parse(src)
	if !ok {
		return nil, fmt.Errorf("build expression: %s", fault.Message)
	}
	r := &reader{scope: s, source: src, used: make(map[string]bool)}
	r.read(&tree.Node, position{})
	if len(r.found) > 0 {
		return nil, fmt.Errorf("build expression: %s", r.found[0].Message)
	}
	c := s.config()
	if _, err := checker.Check(tree, c); err != nil {
		return nil, fmt.Errorf("build expression: %w", err)
	}
	given := given(tree.Node)
	tree.Node = newPatcher().patch(tree.Node)
	code, err := compiler.Compile(tree, c)
	if err != nil {
		return nil, fmt.Errorf("build expression: %w", err)
	}
	return &Program{code: code, names: e.names, path: e.path, place: e.place, given: given, bounds: b.withDefaults()}, nil
}

// inputPath returns the names of a plain path below input, such as
// input.filter.state, or nil for any other expression.
func inputPath(n ast.Node) []string {
	switch n := n.(type) {
	case *ast.ChainNode:
		return inputPath(n.Node)
	case *ast.IdentifierNode:
		if n.Value == "input" {
			return []string{}
		}
	case *ast.MemberNode:
		path := inputPath(n.Node)
		if name, ok := property(n); ok && path != nil {
			return append(path, name.Value)
		}
	}
	return nil
}

const xmlName = "xml"

// quoting returns the name of the function that an expression is a call of,
// if it is one that quotes.
func quoting(n ast.Node) string {
	call, ok := n.(*ast.CallNode)
	if !ok {
		return ""
	}
	id, ok := call.Callee.(*ast.IdentifierNode)
	if !ok || id.Value != "json" && id.Value != "odata" && id.Value != xmlName {
		return ""
	}
	return id.Value
}
