package expression

import (
	"context"
	"fmt"
	"slices"

	"github.com/toolsd/toolsd/schema"
)

// CheckCondition is Check for an expression that must be true or false, such
// as when and isError. What is known to be of another kind is an error.
func (s *Scope) CheckCondition(n *schema.Node) (*Expr, []schema.Diagnostic) {
	e, ds := s.check(whole(n), condition)
	if e == nil || slices.Contains([]string{"boolean", "null", "value"}, e.kind) {
		return e, ds
	}
	return nil, append(ds, WrongType.At(e.place, "a condition is true or false, this is "+e.kind, ""))
}

// CheckList is Check for an expression that must be a list; null is an empty
// one. What is known to be anything else is an error.
func (s *Scope) CheckList(n *schema.Node) (*Expr, []schema.Diagnostic) {
	return s.check(whole(n), list)
}

// Holds evaluates a condition. Null counts as false; any other value than
// true and false is a *Fault.
func (p *Program) Holds(ctx context.Context, vars Vars) (bool, error) {
	value, err := p.Run(ctx, vars)
	if err != nil || value == nil {
		return false, err
	}
	holds, ok := value.(bool)
	if !ok {
		return false, p.fault(fmt.Errorf("a condition is true or false, this is %s", kind(value)))
	}
	return holds, nil
}
