// Package mcpserver serves the tools of an engine over the Model Context
// Protocol, at 2026-07-28 and at every older version, over streamable HTTP
// and over stdio.
//
// One mcp.Server lives as long as the process. Each tool is a stub in it that
// hands its calls to the engine; lists are answered from the catalog. A
// publication changes only the stubs that came or went, and clients are told
// once for each change of what is advertised.
package mcpserver

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"sync/atomic"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/toolsd/toolsd/engine"
)

// An Engine is what is served; *engine.Engine is one.
type Engine interface {
	Catalog() *engine.Catalog
	Subscribe(func(engine.Change))
	Call(ctx context.Context, name string, arguments json.RawMessage) (*engine.Result, error)
}

// A Server serves an engine to any number of clients. It is safe for
// concurrent use.
type Server struct {
	engine   Engine
	options  Options
	mcp      *mcp.Server
	places   places
	sessions *sessions
	requests requests
	announce announcer
	ending   context.Context // done when EndStreams was called
	end      context.CancelFunc
	closing  context.Context // done when Close was called
	close    context.CancelFunc

	publishing sync.Mutex // held while a view is put in place
	view       atomic.Pointer[view]
}

// New returns a server of e, which it follows from now on. It is to be called
// before the first publication.
func New(e Engine, o Options) *Server {
	o = o.withDefaults()
	s := &Server{
		engine:   e,
		options:  o,
		places:   newPlaces(o.Bounds.Calls),
		sessions: newSessions(o.Bounds.Sessions),
	}
	s.closing, s.close = context.WithCancel(context.Background())
	s.ending, s.end = context.WithCancel(s.closing)
	s.mcp = mcp.NewServer(&mcp.Implementation{Name: o.Name, Version: o.Version}, &mcp.ServerOptions{
		Logger: slog.New(atLeast{slog.LevelWarn, o.Logger.Handler()}),
		Capabilities: &mcp.ServerCapabilities{
			Tools: &mcp.ToolCapabilities{ListChanged: true},
			//lint:ignore SA1019 it is served until it is removed from the protocol
			Logging: &mcp.LoggingCapabilities{},
		},
	})
	s.mcp.AddReceivingMiddleware(s.receive)
	s.mcp.AddSendingMiddleware(s.announce.send)
	s.view.Store(&view{catalog: e.Catalog()}) // with nothing to list yet
	e.Subscribe(func(c engine.Change) { s.follow(c.After) })
	s.follow(e.Catalog())
	return s
}

// EndStreams ends the streams that only listen, now and from now on, so that
// http.Server.Shutdown waits for nothing but running calls.
func (s *Server) EndStreams() { s.end() }

// Close ends all sessions and streams, and gives up the calls that run. To let
// them come to their end, shut the HTTP server down before.
func (s *Server) Close() {
	s.close()
	for session := range s.mcp.Sessions() {
		// A session that cannot be closed in good order is gone all the same.
		_ = session.Close()
	}
}

// atLeast drops records below a level: the SDK tells of each connection at
// level info, which is one line for each stateless request.
type atLeast struct {
	level slog.Level
	slog.Handler
}

func (h atLeast) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= h.level && h.Handler.Enabled(ctx, level)
}
