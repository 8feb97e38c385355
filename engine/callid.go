package engine

import "context"

type callIDKey struct{}

// WithCallID returns a context whose calls appear under id in logs, and in
// the errors that models are shown.
func WithCallID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, callIDKey{}, id)
}

// CallIDFrom returns the id of a context, or "".
func CallIDFrom(ctx context.Context) string {
	id, _ := ctx.Value(callIDKey{}).(string)
	return id
}
