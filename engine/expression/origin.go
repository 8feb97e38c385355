package expression

import (
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
)

// An origin says where a value comes from.
type origin uint8

const (
	byCaller origin = 1 << iota // from input
	byOthers                    // from an answer, the caller's identity, the environment

	byAuthor origin = 0 // it stands in the expression
)

// A tracer finds the parts of an expression that work on what the caller
// sent and nothing else: when such a part fails, the caller can mend it.
type tracer struct {
	lets     map[string]origin
	elements []origin // of the lists being looped over, innermost last
	seen     map[ast.Node]origin
	found    map[file.Location]string
}

// given returns the places of such parts, each with the argument it works
// on, or "" where that is not a single one.
func given(n ast.Node) map[file.Location]string {
	t := &tracer{lets: make(map[string]origin), seen: make(map[ast.Node]origin), found: make(map[file.Location]string)}
	t.trace(n)
	return t.found
}

// trace goes through each node once; a node may be shared by two comparisons.
func (t *tracer) trace(n ast.Node) origin {
	if o, ok := t.seen[n]; ok {
		return o
	}
	o := t.of(n)
	t.seen[n] = o
	return o
}

func (t *tracer) of(n ast.Node) origin {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		return t.name(n.Value)
	case *ast.ConstantNode:
		return byOthers
	case *ast.PointerNode:
		if n.Name != "index" && len(t.elements) > 0 {
			return t.elements[len(t.elements)-1]
		}
		return byAuthor
	case *ast.VariableDeclaratorNode:
		t.lets[n.Name] = t.trace(n.Value)
		return t.trace(n.Expr)
	case *ast.BuiltinNode:
		if loops[n.Name] {
			return t.loop(n)
		}
	}
	o := byAuthor
	for _, child := range children(n) {
		if id, ok := (*child).(*ast.IdentifierNode); ok && isCallee(n, id) {
			continue
		}
		o |= t.trace(*child)
	}
	if o == byCaller && fallible(n) {
		t.found[n.Location()] = argumentOf(n)
	}
	return o
}

// fallible reports whether a part can fail by its operands alone.
func fallible(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BinaryNode, *ast.UnaryNode, *ast.CallNode, *ast.BuiltinNode:
		return true
	case *ast.MemberNode:
		_, named := property(n)
		return !named
	}
	return false
}

func isCallee(n ast.Node, id *ast.IdentifierNode) bool {
	call, ok := n.(*ast.CallNode)
	return ok && call.Callee == id
}

func (t *tracer) name(name string) origin {
	if o, ok := t.lets[name]; ok {
		return o
	}
	if name == "input" {
		return byCaller
	}
	return byOthers
}

// loop traces a function with a predicate. What # stands for comes from where
// the list comes from, #acc from where anything in the loop does.
func (t *tracer) loop(n *ast.BuiltinNode) origin {
	o := t.trace(n.Arguments[0])
	for _, arg := range n.Arguments[1:] {
		if _, ok := arg.(*ast.PredicateNode); !ok {
			o |= t.trace(arg)
		}
	}
	t.elements = append(t.elements, o)
	for _, arg := range n.Arguments[1:] {
		o |= t.trace(arg)
	}
	t.elements = t.elements[:len(t.elements)-1]
	if o == byCaller {
		t.found[n.Location()] = ""
	}
	return o
}

// argumentOf names the one argument of the call that a part works on.
func argumentOf(n ast.Node) string {
	found := ""
	for _, child := range children(n) {
		path := strings.Join(inputPath(*child), ".")
		if path == "" {
			if !isLiteral(*child) {
				if id, ok := (*child).(*ast.IdentifierNode); !ok || !isCallee(n, id) {
					return ""
				}
			}
			continue
		}
		if found != "" && found != path {
			return ""
		}
		found = path
	}
	return found
}
