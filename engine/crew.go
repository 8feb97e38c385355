package engine

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
)

// A crew runs parts of one call at the same time. The first part that fails
// ends the context of the others.
type crew struct {
	ctx     context.Context
	cancel  context.CancelFunc
	running sync.WaitGroup

	mu       sync.Mutex
	err      error // the first
	panicked error // what a part panicked with, and where
}

func newCrew(ctx context.Context) *crew {
	c := &crew{}
	c.ctx, c.cancel = context.WithCancel(ctx)
	return c
}

// run runs a part in a goroutine of its own.
func (c *crew) run(part func(context.Context) error) {
	c.running.Go(func() {
		defer func() {
			if r := recover(); r != nil {
				c.fail(nil, fmt.Errorf("%v\n%s", r, debug.Stack()))
			}
		}()
		if err := part(c.ctx); err != nil {
			c.fail(err, nil)
		}
	})
}

func (c *crew) fail(err, panicked error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err == nil {
		c.err = err
	}
	if c.panicked == nil {
		c.panicked = panicked
	}
	c.cancel()
}

// wait returns when every part has come to its end: with the first error, or
// with the panic of a part, which goes on in this goroutine.
func (c *crew) wait() error {
	c.running.Wait()
	c.cancel()
	if c.panicked != nil {
		panic(c.panicked)
	}
	return c.err
}
