package main

import (
	"context"
	"log/slog"
)

// byLevel sends errors to one handler and everything else to another: the
// Functions host takes each line of standard error for an error.
type byLevel struct{ below, above slog.Handler }

func (h byLevel) to(level slog.Level) slog.Handler {
	if level >= slog.LevelError {
		return h.above
	}
	return h.below
}

func (h byLevel) Enabled(ctx context.Context, level slog.Level) bool {
	return h.to(level).Enabled(ctx, level)
}

func (h byLevel) Handle(ctx context.Context, r slog.Record) error {
	return h.to(r.Level).Handle(ctx, r)
}

func (h byLevel) WithAttrs(attrs []slog.Attr) slog.Handler {
	return byLevel{h.below.WithAttrs(attrs), h.above.WithAttrs(attrs)}
}

func (h byLevel) WithGroup(name string) slog.Handler {
	return byLevel{h.below.WithGroup(name), h.above.WithGroup(name)}
}
