package mcpserver

import (
	"context"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// initialize answers the handshake of versions before 2026-07-28.
//
// A client may ask for a newer version than this handshake can agree on. The
// SDK then agrees on an older one but goes by what was asked, and would never
// tell the session of a changed list; so the client is taken to have asked for
// what it is going to get.
func (s *Server) initialize(ctx context.Context, method string, req *mcp.ServerRequest[*mcp.InitializeParams], next mcp.MethodHandler) (mcp.Result, error) {
	if req.Session.InitializeParams() != nil {
		return nil, &jsonrpc.Error{Code: jsonrpc.CodeInvalidRequest, Message: "this session was initialized before"}
	}
	if req.Params.ProtocolVersion >= firstModern {
		req.Params.ProtocolVersion = lastLegacy
	}
	res, err := next(ctx, method, req)
	if err != nil {
		return nil, err
	}
	if answer, ok := res.(*mcp.InitializeResult); ok {
		v := s.view.Load()
		answer.ServerInfo = v.info
		answer.Instructions = v.catalog.Server().Instructions
		switch {
		case req.Session.ID() != "":
			s.sessions.open(ctx, req.Session)
		case sessionless(req):
			answer.Capabilities.Tools.ListChanged = false // there is no stream to say it on
			//lint:ignore SA1019 it is served until it is removed from the protocol
			answer.Capabilities.Logging = nil // nor a session that keeps the level
		}
	}
	return res, nil
}

// sessionless reports whether a request of the versions before 2026-07-28 came
// over HTTP without a session, so that nothing outlasts it.
func sessionless(req mcp.Request) bool {
	session, ok := req.GetSession().(*mcp.ServerSession)
	return ok && session.ID() == "" && header(req) != nil
}

// discover answers what takes the place of the handshake from 2026-07-28 on.
func (s *Server) discover(ctx context.Context, method string, req *mcp.ServerRequest[*mcp.DiscoverParams], next mcp.MethodHandler) (mcp.Result, error) {
	res, err := next(ctx, method, req)
	if err != nil {
		return nil, err
	}
	if answer, ok := res.(*mcp.DiscoverResult); ok {
		answer.Instructions = s.view.Load().catalog.Server().Instructions
		answer.Cacheable = s.cacheable(true)
	}
	return res, nil
}

// identify puts the name and version of the server into a result, where the
// SDK would otherwise put those it was made with.
func (s *Server) identify(res mcp.Result) {
	meta := res.GetMeta()
	if meta == nil {
		meta = make(map[string]any, 1)
	}
	meta[mcp.MetaKeyServerInfo] = s.view.Load().info
	res.SetMeta(meta)
}

// cacheable says for how long a result may be kept, and whether by anyone or
// only by the caller it was made for.
func (s *Server) cacheable(public bool) mcp.Cacheable {
	c := mcp.Cacheable{TTLMs: int(s.options.ListTTL.Milliseconds()), CacheScope: "private"}
	if public {
		c.CacheScope = "public"
	}
	return c
}
