package mcpserver

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"runtime/debug"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// Versions of the protocol that behave differently.
const (
	// firstModern is the first version without sessions, whose requests carry
	// their version in _meta.
	firstModern = "2026-07-28"
	// lastLegacy is the newest version that begins with initialize.
	lastLegacy = "2025-11-25"
)

// receive is the outermost middleware of everything that comes in. It answers
// lists, refuses what is not offered, and lets neither a panic nor an error
// without a code out.
func (s *Server) receive(next mcp.MethodHandler) mcp.MethodHandler {
	return func(ctx context.Context, method string, req mcp.Request) (res mcp.Result, err error) {
		defer func() {
			if cause := recover(); cause != nil {
				id := callID(header(req))
				s.logPanic(ctx, method, id, cause)
				res, err = nil, &jsonrpc.Error{
					Code:    jsonrpc.CodeInternalError,
					Message: fmt.Sprintf("the server failed on this request (%s)", id),
				}
			}
		}()
		if !isNotification(method) { // which are on nobody's behalf, and looked at when their request is over
			under, release, err := s.requests.under(ctx, header(req))
			if err != nil {
				return nil, incomplete()
			}
			defer release()
			ctx = under
		}
		res, err = s.dispatch(ctx, method, req, next)
		if err != nil {
			return nil, s.coded(ctx, method, err)
		}
		if isModern(req) && res != nil {
			s.identify(res)
		}
		return res, nil
	}
}

func (s *Server) dispatch(ctx context.Context, method string, req mcp.Request, next mcp.MethodHandler) (mcp.Result, error) {
	if !isNotification(method) && !offered(method, isModern(req)) {
		return nil, notOffered(method)
	}
	switch r := req.(type) {
	case *mcp.ListToolsRequest:
		return s.listTools(ctx, r)
	case *mcp.ServerRequest[*mcp.InitializeParams]:
		return s.initialize(ctx, method, r, next)
	case *mcp.ServerRequest[*mcp.DiscoverParams]:
		return s.discover(ctx, method, r, next)
	//lint:ignore SA1019 it is served until it is removed from the protocol
	case *mcp.ServerRequest[*mcp.SetLoggingLevelParams]:
		if sessionless(r) {
			return nil, notOffered(method)
		}
	}
	return next(ctx, method, req)
}

// coded returns an error that carries a JSON-RPC code, as every error that
// leaves the server must: the SDK sends others as code 0 with their text.
func (s *Server) coded(ctx context.Context, method string, err error) error {
	var coded *jsonrpc.Error
	if errors.As(err, &coded) {
		return &jsonrpc.Error{Code: coded.Code, Message: err.Error(), Data: coded.Data}
	}
	if ctx.Err() == nil {
		s.options.Logger.ErrorContext(ctx, "request failed", "method", method, "cause", err)
	}
	return incomplete()
}

// incomplete is the error whose cause is not for the client.
func incomplete() *jsonrpc.Error {
	return &jsonrpc.Error{Code: jsonrpc.CodeInternalError, Message: "the request could not be completed"}
}

func (s *Server) logPanic(ctx context.Context, method, id string, cause any) {
	s.options.Logger.ErrorContext(ctx, "panic", "method", method, "call", id,
		"cause", fmt.Sprint(cause), "stack", string(debug.Stack()))
}

// offered reports whether the server has a method to offer. The SDK answers
// prompts/list and the like even where there is nothing of the kind and no
// capability says so.
func offered(method string, modern bool) bool {
	switch method {
	case "tools/list", "tools/call":
		return true
	case "initialize", "ping", "logging/setLevel":
		return !modern
	case "server/discover", "subscriptions/listen":
		return modern
	}
	return false
}

func notOffered(method string) *jsonrpc.Error {
	return &jsonrpc.Error{
		Code:    jsonrpc.CodeMethodNotFound,
		Message: fmt.Sprintf("this server does not offer the method %q", method),
	}
}

// isModern reports whether a request says in its _meta that it follows a
// version without sessions. What the client asked for when it initialized does
// not count: it may have asked for more than was agreed.
func isModern(req mcp.Request) bool {
	params := req.GetParams()
	if params == nil || reflect.ValueOf(params).IsNil() {
		return false // a request without params
	}
	version, _ := params.GetMeta()[mcp.MetaKeyProtocolVersion].(string)
	return version >= firstModern
}

// header returns the header of the HTTP request that a message came with; nil
// over stdio.
func header(req mcp.Request) http.Header {
	if extra := req.GetExtra(); extra != nil {
		return extra.Header
	}
	return nil
}
