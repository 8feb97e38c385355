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
