package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/toolsd/toolsd/engine/toolsdir"
	"github.com/toolsd/toolsd/schema"
)

// clearScreen empties a terminal and puts its cursor into the corner.
const clearScreen = "\x1b[2J\x1b[H"

// secretPoll is between two looks at files of secrets.
const secretPoll = 2 * time.Second

// watch has show tell what there is to tell of the tools, at once and after
// each change, until the context is done, which is no fault. Findings are none
// either; any other error of show ends the watch. A change is also what makes
// stale true, which is asked every so often unless it is nil; it and show are
// never called at the same time.
func (f *toolsFlags) watch(ctx context.Context, w *world, show func(context.Context, []schema.Source) error, stale func() bool) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	watcher := toolsdir.New(f.dir, f.name(), toolsdir.Options{
		Bounds: f.bounds.engine().Source,
		Log:    slog.New(slog.NewTextHandler(w.stderr, nil)),
	})
	tell := func(sources []schema.Source) {
		if isTerminal(w.stdout) {
			fmt.Fprint(w.stdout, clearScreen)
		}
		if err := show(ctx, sources); err != nil && !errors.Is(err, errFindings) {
			stop(err)
		}
		if isTerminal(w.stdout) {
			fmt.Fprintf(w.stderr, "watching %s; Ctrl-C ends\n", f.dir)
		}
	}
	var mu sync.Mutex
	var shown []schema.Source
	var looking sync.WaitGroup
	if stale != nil {
		looking.Go(func() {
			for look := time.NewTicker(secretPoll); ; {
				select {
				case <-ctx.Done():
					look.Stop()
					return
				case <-look.C:
				}
				mu.Lock()
				if shown != nil && stale() {
					tell(shown)
				}
				mu.Unlock()
			}
		})
	}
	err := watcher.Run(ctx, func(sources []schema.Source) {
		mu.Lock()
		defer mu.Unlock()
		shown = sources
		tell(sources)
	})
	stop(err)
	looking.Wait()
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}
