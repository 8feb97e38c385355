package engine

import (
	"context"
	"errors"
	"maps"

	"github.com/toolsd/toolsd/engine/httpcall"
)

// report shows an observer what a step came to; o is nil when it failed.
func (r *course) report(ctx context.Context, s *boundStep, o *outcome, err error) {
	r.call.observe(ctx, func(v Observer) {
		switch {
		case errors.Is(err, httpcall.ErrDryRun):
			v.Step(s.label, StepWithheld, nil)
		case o == nil:
			v.Step(s.label, StepFailed, err.Error())
		case s.forEach == nil && o.failure != nil:
			v.Step(s.label, StepFailed, o.failure)
		case s.response:
			v.Step(s.label, StepEnded, withoutHead(o.value))
		case !s.mute:
			v.Step(s.label, StepEnded, o.value)
		}
	})
}

// withoutHead is an answer, or a list of them, without what was shown when it
// came in, and without what it does not have.
func withoutHead(value any) any {
	switch value := value.(type) {
	case map[string]any:
		rest := maps.Clone(value)
		maps.DeleteFunc(rest, func(name string, member any) bool {
			return name == "status" || name == "headers" || name == "type" || name == "bytes" && member == nil
		})
		return rest
	case []any:
		rest := make([]any, len(value))
		for i, element := range value {
			rest[i] = withoutHead(element)
		}
		return rest
	}
	return value
}

type orderedKey struct{}

// inOrder returns a context whose calls run one step after the other, as they
// are written, so that what they send has one order.
func inOrder(ctx context.Context) context.Context {
	return context.WithValue(ctx, orderedKey{}, true)
}

// isOrdered reports whether steps run one after the other: so that their
// requests have one order, or since a person looks on.
func (c *call) isOrdered(ctx context.Context) bool {
	return ctx.Value(orderedKey{}) != nil || observerFrom(ctx) != nil
}
