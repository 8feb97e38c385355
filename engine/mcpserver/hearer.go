package mcpserver

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/toolsd/toolsd/engine"
)

const (
	// heardAhead is how many messages of a call may wait for its client.
	heardAhead = 256
	// lastHearing is for how long an answer waits for the messages before it.
	lastHearing = time.Second
)

// A hearer tells the client of a call what the engine says while it runs, in
// order and before the answer. It sends from a goroutine of its own, so that a
// client that does not read holds up neither a step nor the end of the call.
// What cannot be sent is lost: the client may be gone, which the call finds out
// by its context.
type hearer struct {
	server  *Server
	session *mcp.ServerSession
	token   any  // by which the client asked for progress; nil when it did not
	unsaid  bool // logging is not served here

	starting sync.Once
	queue    chan func() // nil until there is something to send
	sent     chan struct{}
	over     atomic.Bool
}

var _ engine.Listener = (*hearer)(nil)

// hear returns a hearer, which is to be ended before the call is answered.
func (s *Server) hear(req *mcp.CallToolRequest) *hearer {
	return &hearer{
		server: s, session: req.Session, token: req.Params.GetProgressToken(),
		unsaid: sessionless(req) && !isModern(req),
	}
}

// Progress implements engine.Listener (MCP, Progress).
func (h *hearer) Progress(ctx context.Context, done, total float64, message string) {
	if h.token == nil {
		return
	}
	h.send(ctx, func(ctx context.Context) error {
		return h.session.NotifyProgress(ctx, &mcp.ProgressNotificationParams{
			ProgressToken: h.token, Progress: done, Total: total, Message: message,
		})
	})
}

// Log implements engine.Listener (MCP, Logging). The SDK sends what is at the
// level that the session, or at 2026-07-28 the request, asked for.
func (h *hearer) Log(ctx context.Context, level, tool, message string) {
	if h.unsaid {
		return // the SDK would take it that such a client wants all from info on
	}
	h.send(ctx, func(ctx context.Context) error {
		//lint:ignore SA1019 it is served until it is removed from the protocol
		return h.session.Log(ctx, &mcp.LoggingMessageParams{Level: mcp.LoggingLevel(level), Logger: tool, Data: message})
	})
}

// send leaves a message to be sent. ctx says to which request it belongs; that
// it ends does not matter.
func (h *hearer) send(ctx context.Context, message func(context.Context) error) {
	h.starting.Do(func() {
		h.queue, h.sent = make(chan func(), heardAhead), make(chan struct{})
		go func() {
			defer close(h.sent)
			for send := range h.queue {
				if !h.over.Load() {
					send()
				}
			}
		}()
	})
	ctx = context.WithoutCancel(ctx)
	select {
	case h.queue <- func() { _ = message(ctx) }:
	default:
	}
}

// end sees to it that nothing follows the answer. A client that reads has
// heard everything when it returns.
func (h *hearer) end(ctx context.Context) {
	if h.queue == nil {
		return
	}
	close(h.queue)
	timer := time.NewTimer(lastHearing)
	defer timer.Stop()
	select {
	case <-h.sent:
	case <-timer.C:
	case <-ctx.Done():
	}
	h.over.Store(true)
}

// ToolsChanged implements engine.Listener: whoever listens is told that the
// list of tools has changed.
func (h *hearer) ToolsChanged() { h.server.remind() }

// remind tells all clients once more that the list of tools has changed. The
// SDK does so when a tool is registered, be it as it was.
func (s *Server) remind() {
	s.publishing.Lock()
	defer s.publishing.Unlock()
	entries := s.view.Load().entries
	if len(entries) == 0 {
		return
	}
	s.announce.hold()
	s.announce.release(s.mcp.Sessions())
	s.addLast(entries)
}
