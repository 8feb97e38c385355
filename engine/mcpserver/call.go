package mcpserver

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/toolsd/toolsd/engine"
)

// call is the handler of every stub. Whatever goes wrong is a result that the
// model can read; errors of the protocol are only the name of a tool that is
// not there, and a call that was given up.
func (s *Server) call(ctx context.Context, req *mcp.CallToolRequest) (res *mcp.CallToolResult, err error) {
	id := callID(header(req))
	defer func() {
		if cause := recover(); cause != nil {
			s.logPanic(ctx, "tools/call "+req.Params.Name, id, cause)
			res, err = failed("The tool failed unexpectedly; its operator can find out more under the id %s.", id), nil
		}
	}()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(s.closing, cancel)()
	if !s.places.take(ctx, s.options.Bounds.CallWait) {
		if ctx.Err() != nil {
			return nil, incomplete()
		}
		return failed("The server is busy: it runs %d calls already. Try again in a few seconds.", s.options.Bounds.Calls), nil
	}
	defer s.places.leave()
	client := s.hear(req)
	defer client.end(ctx)
	ctx = engine.WithListener(engine.WithCallID(ctx, id), client)
	r, err := s.engine.Call(ctx, req.Params.Name, req.Params.Arguments)
	switch {
	case err == nil:
		return result(r, isModern(req)), nil
	case errors.Is(err, engine.ErrUnknownTool):
		return nil, &jsonrpc.Error{
			Code:    jsonrpc.CodeInvalidParams,
			Message: fmt.Sprintf("unknown tool %q", req.Params.Name),
		}
	case ctx.Err() != nil:
		return nil, incomplete()
	}
	s.options.Logger.ErrorContext(ctx, "call failed", "tool", req.Params.Name, "call", id, "cause", err)
	return failed("The tool failed; its operator can find out more under the id %s.", id), nil
}

func failed(format string, args ...any) *mcp.CallToolResult {
	return &mcp.CallToolResult{
		IsError: true,
		Content: []mcp.Content{&mcp.TextContent{Text: fmt.Sprintf(format, args...)}},
	}
}

// callID is the id under which a call is found in logs: the one the Functions
// host gave it, else the trace it is part of (W3C Trace Context §3.2), else a
// random one.
func callID(h http.Header) string {
	if id := h.Get("X-Ms-Invocation-Id"); isID(id) {
		return id
	}
	if parts := strings.Split(h.Get("Traceparent"), "-"); len(parts) >= 4 && len(parts[1]) == 32 && isID(parts[1]) {
		return parts[1]
	}
	return rand.Text()
}

// isID reports whether a client's word can stand in a log and in a message.
func isID(s string) bool {
	return s != "" && len(s) <= 64 && strings.IndexFunc(s, func(r rune) bool {
		return r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}) < 0
}

// places bounds how many calls run at the same time.
type places chan struct{}

func newPlaces(n int) places { return make(places, n) }

// take waits for a place and reports whether it got one; it does not when wait
// has passed or ctx is done.
func (p places) take(ctx context.Context, wait time.Duration) bool {
	select {
	case p <- struct{}{}:
		return true
	default:
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case p <- struct{}{}:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return false
}

func (p places) leave() { <-p }
