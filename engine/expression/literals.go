package expression

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/expr-lang/expr/ast"
)

// readers are functions whose result depends on their arguments alone, and
// that refuse some texts.
var readers = []string{"date", "duration", "fromBase64", "fromJSON", "timezone"}

// literals reports calls that can only fail: those of readers with texts that
// stand in the expression.
func (r *reader) literals(n ast.Node) {
	if call, ok := n.(*ast.CallNode); ok {
		r.literalCall(call)
	}
	for _, child := range children(n) {
		r.literals(*child)
	}
}

func (r *reader) literalCall(n *ast.CallNode) {
	id, ok := n.Callee.(*ast.IdentifierNode)
	if !ok || !slices.Contains(readers, id.Value) {
		return
	}
	args := make([]any, len(n.Arguments))
	for i, arg := range n.Arguments {
		text, ok := arg.(*ast.StringNode)
		if !ok {
			return
		}
		args[i] = text.Value
	}
	b := newBudget(context.Background(), Bounds{}.withDefaults())
	i, _ := slices.BinarySearch(functionNames, id.Value)
	_, err := functions[i].run(&b, args)
	if what, ok := errors.AsType[*unfit](err); ok {
		r.found = append(r.found, BadCall.At(r.source.place(n.Location()), fmt.Sprintf("%s: %s, this is %s", id.Value, what.message, what.got), ""))
	}
}

// sameKeys reports keys that an object literal has twice.
func (r *reader) sameKeys(n *ast.MapNode) {
	seen := make(map[string]bool, len(n.Pairs))
	for _, pair := range n.Pairs {
		p, ok := pair.(*ast.PairNode)
		if !ok {
			continue
		}
		key, ok := p.Key.(*ast.StringNode)
		if !ok {
			continue
		}
		if seen[key.Value] {
			r.found = append(r.found, Syntax.At(r.source.place(key.Location()), fmt.Sprintf("the key %q stands here twice", key.Value), "keep one of them"))
		}
		seen[key.Value] = true
	}
}
