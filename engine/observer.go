package engine

import "context"

// An Observer is shown the stages of a call, for a person who wants to see
// how an answer came about. What is sent and received over HTTP is shown by
// httpcall's own observer.
type Observer interface {
	// Arguments is given the arguments after defaults were applied.
	Arguments(any)
	// Value is given what the body came to.
	Value(any)
}

type observerKey struct{}

// WithObserver returns a context whose calls are shown to o.
func WithObserver(ctx context.Context, o Observer) context.Context {
	return context.WithValue(ctx, observerKey{}, o)
}

func observe(ctx context.Context, show func(Observer)) {
	if o, ok := ctx.Value(observerKey{}).(Observer); ok {
		show(o)
	}
}
