package expression

import (
	"reflect"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/checker/nature"
)

// A patcher rewrites a checked tree into one that stays within its budget:
// every turn of a loop is counted, every operator and function that can make
// something large, or overflow, is one of ours. It relies on the types that
// the checker noted, and compiles without a second check.
type patcher struct {
	// done holds what became of nodes; a node may be shared, as the middle
	// of a < b < c is.
	done map[ast.Node]ast.Node
	loop int // depth of predicates
}

func newPatcher() *patcher { return &patcher{done: make(map[ast.Node]ast.Node)} }

func (p *patcher) patch(n ast.Node) ast.Node {
	if out, ok := p.done[n]; ok {
		return out
	}
	out := p.rewrite(n)
	if out != n {
		out.SetLocation(n.Location())
		out.SetNature(*n.Nature())
	}
	p.done[n] = out
	return out
}

func (p *patcher) rewrite(n ast.Node) ast.Node {
	switch n := n.(type) {
	case *ast.BinaryNode:
		return p.binary(n)
	case *ast.BuiltinNode:
		return p.builtin(n)
	case *ast.CallNode:
		return p.call(n)
	case *ast.SliceNode:
		p.inside(n)
		n.Node = internal(" sliceable", unaryType, n.Node)
		return n
	case *ast.MemberNode:
		return p.member(n)
	case *ast.UnaryNode:
		p.inside(n)
		if n.Operator == "-" && !isLiteral(n.Node) {
			return internal(" negate", unaryType, n.Node)
		}
		return n
	case *ast.MapNode:
		p.inside(n)
		return p.charged(n, objectBytes*(len(n.Pairs)/8+1))
	case *ast.ArrayNode:
		p.inside(n)
		return p.charged(n, elementBytes*(len(n.Nodes)+1))
	}
	p.inside(n)
	return n
}

// inside patches what a node holds.
func (p *patcher) inside(n ast.Node) {
	for _, child := range children(n) {
		*child = p.patch(*child)
	}
}

// charged accounts for a literal that a loop makes again and again.
func (p *patcher) charged(n ast.Node, bytes int) ast.Node {
	if p.loop == 0 {
		return n
	}
	return &ast.SequenceNode{Nodes: []ast.Node{
		internal(chargeName, chargeType, &ast.IntegerNode{Value: bytes}), n,
	}}
}

func (p *patcher) binary(n *ast.BinaryNode) ast.Node {
	plain := comparesPlainly(n.Left) || comparesPlainly(n.Right)
	p.inside(n)
	switch n.Operator {
	case "==", "!=":
		// Without a noted type the machine compares values as they are: what
		// the schema calls an integer may be null, or absent.
		n.Left.SetNature(unknown())
		n.Right.SetNature(unknown())
		if plain {
			return n
		}
		equal := internal(" equal", binaryType, n.Left, n.Right)
		if n.Operator == "!=" {
			return &ast.UnaryNode{Operator: "not", Node: equal}
		}
		return equal
	case "+", "-", "*", "/", "**", "^", "%", "<", ">", "<=", ">=", "in", "..":
		return internal(operatorNames[n.Operator], binaryType, n.Left, n.Right)
	case "matches":
		if _, ok := n.Right.(*ast.StringNode); !ok {
			return internal(" matching", binaryType, n.Left, n.Right)
		}
	}
	return n
}

// comparesPlainly reports whether the machine compares rightly with a literal:
// an integer that floats tell from its neighbours, or no number at all.
func comparesPlainly(n ast.Node) bool {
	const most = 1 << 53
	switch n := n.(type) {
	case *ast.NilNode, *ast.BoolNode, *ast.StringNode:
		return true
	case *ast.IntegerNode:
		return n.Value > -most && n.Value < most
	}
	return false
}

// member keeps an index from counting the bytes of text. Where nothing ends
// the path, the machine's own way is needed to end it.
func (p *patcher) member(n *ast.MemberNode) ast.Node {
	p.inside(n)
	if _, named := property(n); named {
		return n
	}
	if !n.Optional {
		return internal(" element", binaryType, n.Node, n.Property)
	}
	n.Node = internal(" indexable", unaryType, n.Node)
	return n
}

func isLiteral(n ast.Node) bool {
	switch n.(type) {
	case *ast.NilNode, *ast.BoolNode, *ast.IntegerNode, *ast.FloatNode, *ast.StringNode:
		return true
	}
	return false
}

// call hands the budget to a function.
func (p *patcher) call(n *ast.CallNode) ast.Node {
	for i := range n.Arguments {
		n.Arguments[i] = p.patch(n.Arguments[i])
	}
	if id, ok := n.Callee.(*ast.IdentifierNode); ok {
		return called(id.Value, n.Arguments...)
	}
	n.Callee = p.patch(n.Callee)
	return n
}

// called is a call of one of our functions, which take the budget first.
func called(name string, args ...ast.Node) ast.Node {
	return &ast.CallNode{
		Callee:    &ast.IdentifierNode{Value: name},
		Arguments: append([]ast.Node{&ast.IdentifierNode{Value: budgetName}}, args...),
	}
}

// internal is a call of a function in the environment of a run, which the
// machine can make without reflection.
func internal(name string, t reflect.Type, args ...ast.Node) ast.Node {
	callee := &ast.IdentifierNode{Value: name}
	callee.SetNature(nature.FromType(t))
	return &ast.CallNode{Callee: callee, Arguments: args}
}

// builtin patches a function of the library. Those that loop stay, with their
// bodies counted; others are replaced by ours where there is one, which also
// holds for those called as ::name.
func (p *patcher) builtin(n *ast.BuiltinNode) ast.Node {
	if !loops[n.Name] {
		p.inside(n)
		if _, ok := overrides[n.Name]; ok {
			return called(n.Name, n.Arguments...)
		}
		return n
	}
	list := internal(" enter", unaryType, p.patch(n.Arguments[0]))
	body := p.body(n)
	switch n.Name {
	case "sum":
		next := internal(" add", binaryType, &ast.PointerNode{Name: "acc"}, body)
		next.SetLocation(n.Location())
		return loop("reduce", list, turn(tickName, next), &ast.IntegerNode{})
	case "sortBy":
		return p.sortBy(n, list, body)
	case "findLast":
		return lastOf(kept(list, body))
	case "findLastIndex":
		index := &ast.ConditionalNode{Ternary: true, Cond: body, Exp1: &ast.PointerNode{Name: "index"}, Exp2: &ast.NilNode{}}
		indices := loop("map", list, turn(stepName, index))
		return lastOf(kept(indices, &ast.BinaryNode{Operator: "!=", Left: &ast.PointerNode{}, Right: &ast.NilNode{}}))
	case "filter":
		return kept(list, body)
	case "map", "groupBy":
		return loop(n.Name, list, turn(stepName, body))
	}
	return loop(n.Name, append([]ast.Node{list, turn(tickName, body)}, p.rest(n)...)...)
}

// body patches the predicate of a loop; without one it is the element.
func (p *patcher) body(n *ast.BuiltinNode) ast.Node {
	if len(n.Arguments) < 2 {
		return &ast.PointerNode{}
	}
	predicate, ok := n.Arguments[1].(*ast.PredicateNode)
	if !ok {
		return p.patch(n.Arguments[1])
	}
	p.loop++
	defer func() { p.loop-- }()
	return p.patch(predicate.Node)
}

// rest patches what follows the predicate of a loop.
func (p *patcher) rest(n *ast.BuiltinNode) []ast.Node {
	var out []ast.Node
	for _, arg := range n.Arguments[min(2, len(n.Arguments)):] {
		out = append(out, p.patch(arg))
	}
	return out
}

// sortBy makes the keys in a loop of its own and then sorts by them, stably
// and within the budget.
func (p *patcher) sortBy(n *ast.BuiltinNode, list, body ast.Node) ast.Node {
	keys := loop("map", &ast.IdentifierNode{Value: sortedName}, turn(stepName, body))
	args := append([]ast.Node{&ast.IdentifierNode{Value: sortedName}, keys}, p.rest(n)...)
	return &ast.VariableDeclaratorNode{Name: sortedName, Value: list, Expr: called(sortedByName, args...)}
}

// The types of what is in the environment of a run.
var (
	turnType   = reflect.TypeFor[func() bool]()
	chargeType = reflect.TypeFor[func(int) bool]()
	unaryType  = reflect.TypeFor[func(any) any]()
	binaryType = reflect.TypeFor[func(any, any) any]()
)

// turn is a predicate that counts each of its turns.
func turn(count string, body ast.Node) ast.Node {
	return &ast.PredicateNode{Node: &ast.SequenceNode{Nodes: []ast.Node{internal(count, turnType), body}}}
}

// kept is the list of the elements that a predicate holds for.
func kept(list, predicate ast.Node) ast.Node {
	keep := &ast.BinaryNode{Operator: "and", Left: predicate, Right: internal(keepName, turnType)}
	return loop("filter", list, turn(tickName, keep))
}

// lastOf is the last element of a list, or null. With it stand findLast and
// findLastIndex, whose loop in the machine leaves values behind among those
// of the expression around it.
func lastOf(list ast.Node) ast.Node {
	return called("last", list)
}

func loop(name string, args ...ast.Node) ast.Node {
	return &ast.BuiltinNode{Name: name, Arguments: args}
}
