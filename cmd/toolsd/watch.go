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

// watch checks the tools at once and after each change until the context is
// done, which is no fault.
func (c *checker) watch(ctx context.Context) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	watcher := toolsdir.New(c.tools.dir, c.tools.name(), toolsdir.Options{
		Bounds: c.tools.bounds.engine().Source,
		Log:    slog.New(slog.NewTextHandler(c.world.stderr, nil)),
	})
	err := watcher.Run(ctx, func(sources []schema.Source) {
		if isTerminal(c.world.stdout) {
			fmt.Fprint(c.world.stdout, clearScreen)
		}
		if err := c.check(sources); err != nil && !errors.Is(err, errFindings) {
			stop(err)
		}
		if isTerminal(c.world.stdout) {
			fmt.Fprintf(c.world.stderr, "watching %s; Ctrl-C ends\n", c.tools.dir)
		}
	})
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}
