package engine

import (
	"context"
	"log/slog"
)

// A Listener hears of a call while it runs, on behalf of the client that made
// it. Its methods may be called by several goroutines, but for Progress, and
// by none once the call has returned. What cannot be delivered is lost.
type Listener interface {
	// Progress says how far the call is: done grows from one to the next.
	// total is 0 where it is not known, message may be empty.
	Progress(ctx context.Context, done, total float64, message string)
	// Log hands on what the author of a tool had to say, with a level of RFC
	// 5424 such as "info".
	Log(ctx context.Context, level, tool, message string)
	// ToolsChanged says that clients should read the list of tools again.
	ToolsChanged()
}

type listenerKey struct{}

// WithListener returns a context whose calls are heard by l.
func WithListener(ctx context.Context, l Listener) context.Context {
	return context.WithValue(ctx, listenerKey{}, l)
}

func listenerFrom(ctx context.Context) Listener {
	l, _ := ctx.Value(listenerKey{}).(Listener)
	return l
}

// severities are the levels of RFC 5424 §6.2.1 as the log has them.
var severities = map[string]slog.Level{
	"debug": slog.LevelDebug, "info": slog.LevelInfo, "notice": slog.LevelInfo, "warning": slog.LevelWarn,
	"error": slog.LevelError, "critical": slog.LevelError, "alert": slog.LevelError, "emergency": slog.LevelError,
}

// say writes what the author of a tool had to say.
func (c *call) say(ctx context.Context, level, step, message string) {
	message = c.catalog.Mask(message)
	c.engine.options.Logger.Log(ctx, severities[level], "tool says",
		"tool", c.tool.Name(), "step", step, "call", c.id, "message", message)
	c.observe(ctx, func(o Observer) { o.Step(step, StepSaid, message) })
	if l := listenerFrom(ctx); l != nil {
		l.Log(ctx, level, c.tool.Name(), message)
	}
}
