package mcpserver

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
)

// begun counts a call that is going to be answered. It reports false, and does
// not count it, when one with the same id is running.
func (c *lineConn) begun(r *jsonrpc.Request) bool {
	c.counting.Lock()
	defer c.counting.Unlock()
	if _, running := c.calls[r.ID]; running {
		return false
	}
	c.calls[r.ID] = r.Method != "subscriptions/listen"
	return true
}

// answered takes a call off the count.
func (c *lineConn) answered(id jsonrpc.ID) {
	c.counting.Lock()
	defer c.counting.Unlock()
	delete(c.calls, id)
	select {
	case c.idle <- struct{}{}:
	default:
	}
}

func (c *lineConn) running() bool {
	c.counting.Lock()
	defer c.counting.Unlock()
	return slices.Contains(slices.Collect(maps.Values(c.calls)), true)
}

// drain waits for the running calls, but not for longer than Bounds.Drain: a
// client that asks a question and closes its end gets the answer.
func (c *lineConn) drain(ctx context.Context) {
	timer := time.NewTimer(c.bounds.Drain)
	defer timer.Stop()
	for c.running() {
		select {
		case <-c.idle:
		case <-timer.C:
			return
		case <-ctx.Done():
			return
		case <-c.closed:
			return
		}
	}
}
