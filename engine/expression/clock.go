package expression

import (
	"context"
	"time"
)

type clockKey struct{}

// WithClock returns a context in which now() is always t.
func WithClock(ctx context.Context, t time.Time) context.Context {
	return context.WithValue(ctx, clockKey{}, t.Round(0))
}

// Clock returns what now() is in a context.
func Clock(ctx context.Context) time.Time {
	if t, ok := ctx.Value(clockKey{}).(time.Time); ok {
		return t
	}
	return time.Now().Round(0) // without the monotonic clock
}
