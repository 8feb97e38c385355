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
//
// It also ends those messages with their request that nothing else could end:
// before 2026-07-28 the SDK lets them run on when the client has gone. That is
// right within a session, where a client may say so in another request
// (notifications/cancelled), and in vain without one.
type requests struct {
	last   atomic.Uint64
	passed sync.Map // of passed, by the value of requestHeader
}

type passed struct {
	request context.Context
	whole   bool // its messages end with it
}

// requestHeader cannot come from a client: no header name holds a space.
const requestHeader = "toolsd request"

var errRequestOver = errors.New("the request of this message is over")

// pass returns a request to hand to the SDK, and what to call when it was
// served. whole says that its messages end with it.
func (p *requests) pass(r *http.Request, whole bool) (*http.Request, func()) {
	id := strconv.FormatUint(p.last.Add(1), 36)
	p.passed.Store(id, passed{r.Context(), whole})
	handed := r.WithContext(r.Context())
	handed.Header = maps.Clone(r.Header)
	handed.Header[requestHeader] = []string{id}
	return handed, func() { p.passed.Delete(id) }
}

// under returns ctx with the values of the request that a message came with,
// and its end where the message ends with it; release is to be called when the
// message was handled. It fails for a message whose client has gone before it
// was looked at: on whose behalf it would run is no longer known.
func (p *requests) under(ctx context.Context, h http.Header) (_ context.Context, release func(), _ error) {
	id, ok := h[requestHeader]
	if !ok {
		return ctx, func() {}, nil
	}
	found, ok := p.passed.Load(id[0])
	if !ok {
		return nil, nil, errRequestOver
	}
	from := found.(passed)
	ctx = layered{ctx, context.WithoutCancel(from.request)}
	if !from.whole {
		return ctx, func() {}, nil
	}
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(from.request, func() { cancel(context.Cause(from.request)) })
	return ctx, func() { stop(); cancel(nil) }, nil
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
