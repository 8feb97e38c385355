package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/toolsd/toolsd/engine/toolsdir"
	"github.com/toolsd/toolsd/schema"
)

// clearScreen empties a terminal and puts its cursor into the corner.
const clearScreen = "\x1b[2J\x1b[H"

// watch has show tell what there is to tell of the tools, at once and after
// each change, until the context is done, which is no fault. Findings are none
// either; any other error of show ends the watch.
func (f *toolsFlags) watch(ctx context.Context, w *world, show func(context.Context, []schema.Source) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	watcher := toolsdir.New(f.dir, f.name(), toolsdir.Options{
		Bounds: f.bounds.engine().Source,
		Log:    slog.New(slog.NewTextHandler(w.stderr, nil)),
	})
	err := watcher.Run(ctx, func(sources []schema.Source) {
		if isTerminal(w.stdout) {
			fmt.Fprint(w.stdout, clearScreen)
		}
		if err := show(ctx, sources); err != nil && !errors.Is(err, errFindings) {
			stop(err)
		}
		if isTerminal(w.stdout) {
			fmt.Fprintf(w.stderr, "watching %s; Ctrl-C ends\n", f.dir)
		}
	})
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}
