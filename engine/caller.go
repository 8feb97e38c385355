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
	// Token is what the caller signed in with, to be exchanged for tokens of
	// upstreams. No expression sees it.
	Token Token
}

// A Token prints as ***, so that it is in no log or file by oversight.
type Token string

// String implements fmt.Stringer.
func (Token) String() string { return "***" }

// GoString implements fmt.GoStringer.
func (Token) GoString() string { return "***" }

// MarshalText implements encoding.TextMarshaler, and so speaks for JSON too.
func (Token) MarshalText() ([]byte, error) { return []byte("***"), nil }

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
