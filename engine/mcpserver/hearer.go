package mcpserver

import (
	"context"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/toolsd/toolsd/engine"
)

// A hearer tells the client of a call what the engine says while it runs. What
// cannot be sent is lost: the client may be gone, which the call finds out by
// its context.
type hearer struct {
	server  *Server
	session *mcp.ServerSession
	token   any // by which the client asked for progress; nil when it did not
}

var _ engine.Listener = (*hearer)(nil)

func (s *Server) hear(req *mcp.CallToolRequest) *hearer {
	return &hearer{server: s, session: req.Session, token: req.Params.GetProgressToken()}
}

// Progress implements engine.Listener (MCP, Progress).
func (h *hearer) Progress(ctx context.Context, done, total float64, message string) {
	if h.token == nil {
		return
	}
	_ = h.session.NotifyProgress(ctx, &mcp.ProgressNotificationParams{
		ProgressToken: h.token, Progress: done, Total: total, Message: message,
	})
}

// Log implements engine.Listener (MCP, Logging). The SDK sends what is at the
// level that the session, or at 2026-07-28 the request, asked for.
func (h *hearer) Log(ctx context.Context, level, tool, message string) {
	//lint:ignore SA1019 it is served until it is removed from the protocol
	_ = h.session.Log(ctx, &mcp.LoggingMessageParams{Level: mcp.LoggingLevel(level), Logger: tool, Data: message})
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
