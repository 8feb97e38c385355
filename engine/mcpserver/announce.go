package mcpserver

import (
	"context"
	"iter"
	"sync"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// An announcer sees to it that each session hears of each change once. The
// SDK sends list_changed when nothing was registered for 10 ms, which may
// happen in the middle of a change when there is much to register, and again
// at its end.
type announcer struct {
	mu       sync.Mutex
	holding  bool // a change is being made
	revision uint64
	told     map[*mcp.ServerSession]uint64
}

// hold begins a change: until it is released, nobody is told.
func (a *announcer) hold() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.holding = true
}

// release ends a change, of which each session may be told once from now on.
// Sessions that are not among the live ones are forgotten.
func (a *announcer) release(live iter.Seq[*mcp.ServerSession]) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.holding = false
	a.revision++
	told := make(map[*mcp.ServerSession]uint64, len(a.told))
	for session := range live {
		if revision, ok := a.told[session]; ok {
			told[session] = revision
		}
	}
	a.told = told
}

// due reports whether a session has yet to be told, and takes it as told.
func (a *announcer) due(session *mcp.ServerSession) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.holding || a.told[session] == a.revision {
		return false
	}
	a.told[session] = a.revision
	return true
}

// send is a middleware of everything that goes out to clients.
func (a *announcer) send(next mcp.MethodHandler) mcp.MethodHandler {
	return func(ctx context.Context, method string, req mcp.Request) (mcp.Result, error) {
		if method == "notifications/tools/list_changed" {
			if session, ok := req.GetSession().(*mcp.ServerSession); ok && !a.due(session) {
				return nil, nil
			}
		}
		return next(ctx, method, req)
	}
}
