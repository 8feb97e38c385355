package mcpserver

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/toolsd/toolsd/engine"
)

// sessions knows to whom each session of the older versions belongs, so that
// nobody can use one by its id alone.
type sessions struct {
	limit int

	mu      sync.Mutex
	callers map[string]string // by session id
}

func newSessions(limit int) *sessions {
	return &sessions{limit: limit, callers: make(map[string]string)}
}

// room reports whether one more session may be opened. Requests that arrive
// together may all be told so.
func (s *sessions) room() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.callers) < s.limit
}

// open takes a session as that of the caller of ctx until it ends.
func (s *sessions) open(ctx context.Context, session *mcp.ServerSession) {
	id := session.ID()
	s.mu.Lock()
	s.callers[id] = engine.CallerFrom(ctx).ID
	s.mu.Unlock()
	go func() {
		// How the session ended makes no difference.
		_ = session.Wait()
		s.mu.Lock()
		delete(s.callers, id)
		s.mu.Unlock()
	}()
}

// belongs reports whether a session is there and is that of the caller of ctx.
func (s *sessions) belongs(ctx context.Context, id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	caller, ok := s.callers[id]
	return ok && caller == engine.CallerFrom(ctx).ID
}

// requests carries the context of an HTTP request over to the handlers of its
// messages. The SDK runs those of a session under the context of the request
// that opened it, whose caller may since have lost a role or gained one.
type requests struct {
	last     atomic.Uint64
	contexts sync.Map // of context.Context, by the value of requestHeader
}

// requestHeader cannot come from a client: no header name holds a space.
const requestHeader = "toolsd request"

var errRequestOver = errors.New("the request of this message is over")

// pass returns a request to hand to the SDK, and what to call when it was
// served.
func (p *requests) pass(r *http.Request) (*http.Request, func()) {
	id := strconv.FormatUint(p.last.Add(1), 36)
	p.contexts.Store(id, r.Context())
	passed := r.WithContext(r.Context())
	passed.Header = maps.Clone(r.Header)
	passed.Header[requestHeader] = []string{id}
	return passed, func() { p.contexts.Delete(id) }
}

// under returns ctx with the values of the request that a message came with.
// It fails for a message of a session whose client has gone before the message
// was looked at: on whose behalf it would run is no longer known.
func (p *requests) under(ctx context.Context, h http.Header) (context.Context, error) {
	id, passed := h[requestHeader]
	if !passed {
		return ctx, nil
	}
	request, ok := p.contexts.Load(id[0])
	if !ok {
		return nil, errRequestOver
	}
	return layered{ctx, context.WithoutCancel(request.(context.Context))}, nil
}

// layered ends with the one context and has the values of the other on top.
type layered struct {
	context.Context
	values context.Context
}

func (l layered) Value(key any) any {
	if v := l.values.Value(key); v != nil {
		return v
	}
	return l.Context.Value(key)
}
