package engine

import "context"

// A Caller is who a call is made for, as the front established it. The zero
// Caller is anonymous.
type Caller struct {
	ID     string
	Name   string
	Roles  []string
	Scopes []string
	Claims map[string]any
}

// Local is the caller over stdio and on the command line.
var Local = Caller{ID: "local", Name: "local"}

type callerKey struct{}

// WithCaller returns a context whose calls are made for c.
func WithCaller(ctx context.Context, c Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// CallerFrom returns the caller of a context; anonymous when none was set.
func CallerFrom(ctx context.Context) Caller {
	c, _ := ctx.Value(callerKey{}).(Caller)
	return c
}
