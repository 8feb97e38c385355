package httpcall

import (
	"context"
	"errors"

	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/schema"
)

// A rule is a checked member of `errors`.
type rule struct {
	when    *expression.Expr
	message *expression.Template
}

// rules checks `errors` in a scope of their own.
func (c *checker) rules(list []schema.ErrorRule, scope *expression.Scope) []rule {
	own := newChecker(scope)
	defer own.note()
	checked := make([]rule, 0, len(list))
	for _, r := range list {
		if r.When == nil {
			continue
		}
		when, found := own.scope.CheckCondition(r.When)
		own.found = append(own.found, found...)
		checked = append(checked, rule{when: when, message: own.template(r.Message)})
	}
	c.found = append(c.found, own.found...)
	for name := range own.used {
		c.used[name] = true
	}
	return checked
}

// A boundRule is a compiled rule.
type boundRule struct {
	place   schema.Place
	when    *expression.Program
	message *expression.Renderer
}

var errNotBoolean = errors.New("when is neither true, false nor null")

// matches reports whether the rule speaks of what is in vars. A `when` that
// faults does not; one that calls fail ends the call, and one that is no
// boolean is its author's fault.
func (r *boundRule) matches(ctx context.Context, vars expression.Vars) (bool, error) {
	value, err := r.when.Run(ctx, vars)
	if failure, failed := errors.AsType[*expression.Failure](err); failed && !faulted(failure) {
		return false, failure
	}
	if err != nil || value == nil {
		return false, nil
	}
	yes, ok := value.(bool)
	if !ok {
		return false, &expression.Fault{Place: r.place, Cause: errNotBoolean}
	}
	return yes, nil
}

// faulted reports whether a failure is a fault that the caller's arguments led
// to, not a call of fail.
func faulted(f *expression.Failure) bool {
	_, is := errors.AsType[*expression.Fault](f.Cause)
	return is
}

// say returns the message of the rule; ok is false when it faults or is empty.
func (r *boundRule) say(ctx context.Context, vars expression.Vars) (message string, ok bool) {
	if r.message == nil {
		return "", false
	}
	value, err := expression.Render(ctx, r.message, vars, expression.InProse)
	if failure, failed := errors.AsType[*expression.Failure](err); failed {
		return failure.Message, true
	}
	if err != nil || value == nil {
		return "", false
	}
	s, err := expression.Text(value)
	return s, err == nil && s != ""
}
