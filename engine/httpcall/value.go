package httpcall

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/toolsd/toolsd/engine/expression"
)

// An ordered object is one whose author wrote its members.
type ordered []member

type member struct {
	key   string
	value any
}

// evaluate gives the value of a tree, the members of its mappings in the
// order in which they were written. Null inside longer text is a Failure.
func evaluate(ctx context.Context, r *expression.Renderer, vars expression.Vars) (any, error) {
	switch r.Form {
	case expression.Slot:
		return r.Slot.Run(ctx, vars)
	case expression.ListForm:
		list := make([]any, len(r.Items))
		for i, item := range r.Items {
			value, err := evaluate(ctx, item, vars)
			if err != nil {
				return nil, err
			}
			list[i] = value
		}
		return list, nil
	case expression.MapForm:
		object := make(ordered, len(r.Members))
		for i, m := range r.Members {
			value, err := evaluate(ctx, m.Value, vars)
			if err != nil {
				return nil, err
			}
			object[i] = member{m.Key, value}
		}
		return object, nil
	case expression.Joined:
		return expression.Render(ctx, r, vars, expression.InRequest)
	default:
		return r.Value, nil
	}
}

// text writes a value as it goes into a request. what names the value for
// whoever gave it.
func text(value any, what string) (string, error) {
	s, err := expression.Text(value)
	if err != nil {
		return "", &expression.Failure{Message: what + " cannot be sent as text", Cause: err}
	}
	return s, nil
}

// refuse is a call that is not made because of a value in it.
func refuse(format string, args ...any) error {
	return &expression.Failure{Message: fmt.Sprintf(format, args...)}
}

var argument = regexp.MustCompile(`^input((?:\.[A-Za-z_][A-Za-z0-9_]*)+)$`)

// label names the value of a slot for the caller: the argument, when the slot
// is one.
func label(e *expression.Expr) string {
	if m := argument.FindStringSubmatch(strings.TrimSpace(e.Source())); m != nil {
		return fmt.Sprintf("argument %q", m[1][1:])
	}
	return "a value"
}
