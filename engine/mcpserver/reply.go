package mcpserver

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
)

// A reply is the response of the SDK on its way to the client. It makes plain
// text errors into JSON-RPC errors, keeps silent event streams alive, and tells
// proxies not to hold events back.
type reply struct {
	http.ResponseWriter
	id      json.RawMessage // of the message that is answered, if it is one
	silence time.Duration   // after which a comment is sent; 0 for never
	refused []*fault        // answers beside those of the SDK

	mu     sync.Mutex
	header http.Header // what the SDK sets, until it is sent
	state  replyState
	timer  *time.Timer
}

type replyState uint8

const (
	pending   replyState = iota // no header was sent
	sending                     // the body goes through as it is
	streaming                   // an event stream
	refusing                    // what is written is the text of an error
	framing                     // an error that comes after the stream had to begin
	ended
)

// newReply returns a reply, which is to be ended when the handler returns.
func newReply(w http.ResponseWriter, id json.RawMessage, silence time.Duration, refused []*fault) *reply {
	r := &reply{ResponseWriter: w, id: id, silence: silence, refused: refused, header: make(http.Header)}
	r.mu.Lock()
	defer r.mu.Unlock()
	if silence > 0 {
		r.timer = time.AfterFunc(silence, r.keepAlive)
	}
	return r
}

func (r *reply) Header() http.Header { return r.header }

func (r *reply) WriteHeader(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.state == pending:
		r.sendHeader(status)
	case r.state == streaming && status >= http.StatusBadRequest:
		r.state = framing
	}
}

// sendHeader decides what the body is going to be.
func (r *reply) sendHeader(status int) {
	kind := r.header.Get("Content-Type")
	switch {
	case status >= http.StatusBadRequest && strings.HasPrefix(kind, "text/plain"):
		r.state = refusing
		r.header.Set("Content-Type", "application/json")
		r.header.Del("Content-Length")
	case kind == "text/event-stream":
		r.state = streaming
		r.header.Set("X-Accel-Buffering", "no")
	case status == http.StatusAccepted && len(r.refused) > 0:
		status = http.StatusOK // the SDK has nothing to answer, and it is not all
		r.state = ended
		r.header.Set("Content-Type", "application/json")
	default:
		r.state = sending
	}
	maps.Copy(r.ResponseWriter.Header(), r.header)
	r.ResponseWriter.WriteHeader(status)
	switch {
	case r.state == refusing && status >= http.StatusInternalServerError:
		r.state = ended
		_, _ = r.ResponseWriter.Write((&fault{id: r.id, err: *incomplete()}).encode())
	case r.state == streaming:
		r.sendRefused()
	case r.state == ended:
		_, _ = r.ResponseWriter.Write(slices.Concat([]byte("["), bytes.Join(r.encodeRefused(), []byte(",")), []byte("]")))
	}
}

func (r *reply) encodeRefused() [][]byte {
	all := make([][]byte, len(r.refused))
	for i, f := range r.refused {
		all[i] = f.encode()
	}
	return all
}

// sendRefused sends the refusals as the first events of a stream.
func (r *reply) sendRefused() {
	for _, answer := range r.encodeRefused() {
		// The client is gone when this fails.
		_, _ = r.ResponseWriter.Write(event(answer))
	}
}

// event is a message as an event of a stream.
func event(message []byte) []byte {
	return slices.Concat([]byte("event: message\ndata: "), message, []byte("\n\n"))
}

func (r *reply) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.state == pending {
		r.sendHeader(http.StatusOK)
	}
	out := p
	switch r.state {
	case ended:
		return len(p), nil
	case refusing:
		r.state = ended
		out = newFault(jsonrpc.CodeInvalidRequest, "%s", bytes.TrimSpace(p)).under(message{id: r.id}).encode()
	case framing:
		out = event(p)
	}
	if r.timer != nil {
		r.timer.Reset(r.silence)
	}
	if _, err := r.ResponseWriter.Write(out); err != nil {
		return 0, err
	}
	return len(p), nil
}

// FlushError is what http.ResponseController calls.
func (r *reply) FlushError() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.state == pending || r.state == ended {
		return nil
	}
	return http.NewResponseController(r.ResponseWriter).Flush()
}

// keepAlive sends a comment. When nothing was sent yet, the answer is an event
// stream from here on. The header of the SDK is not read: it may be writing it.
func (r *reply) keepAlive() {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch r.state {
	case pending:
		h := r.ResponseWriter.Header()
		h.Set("Content-Type", "text/event-stream")
		h.Set("Cache-Control", "no-cache, no-transform")
		h.Set("X-Accel-Buffering", "no")
		r.state = streaming
		r.sendRefused()
	case streaming:
	default:
		return
	}
	if _, err := r.ResponseWriter.Write([]byte(": still here\n\n")); err != nil {
		return // the client is gone, and the request's context says so
	}
	_ = http.NewResponseController(r.ResponseWriter).Flush()
	r.timer.Reset(r.silence)
}

// end sends nothing more: the handler has returned.
func (r *reply) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.state = ended
	if r.timer != nil {
		r.timer.Stop()
	}
}
