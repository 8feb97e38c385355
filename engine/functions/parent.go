package functions

import (
	"context"
	"os"
)

// ParentGone returns a channel that is closed when the process that started
// this one has ended, however it ended: a host that is killed leaves its
// handler running, and with it a port that the next start may need. The
// channel is never closed once the context is done, which also ends the watch.
//
// A parent that ended before the call cannot be told from the init process
// that took its place; call it first thing.
func ParentGone(ctx context.Context) <-chan struct{} {
	gone := make(chan struct{})
	parent := os.Getppid()
	go func() {
		if awaitExit(ctx, parent) == nil {
			close(gone)
		}
	}()
	return gone
}
