package mcpserver

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// Names of the headers of the streamable HTTP transport.
const (
	headerVersion = "Mcp-Protocol-Version"
	headerSession = "Mcp-Session-Id"
	headerName    = "Mcp-Name"
)

// An endpoint is the streamable HTTP transport. Requests at 2026-07-28 or
// later are served without a session; so are older ones that neither begin one
// nor belong to one, and all of them when the server is stateless.
type endpoint struct {
	*Server
	stateless http.Handler
	stateful  http.Handler
}

// Handler returns the endpoint for streamable HTTP, which answers at whatever
// path it is mounted. It takes the caller of a request from its context. Host
// and Origin are the affair of a Front before it.
//
// What it refuses before a message is understood, it refuses with a status of
// 400 or above and a JSON-RPC error.
func (s *Server) Handler() http.Handler {
	handler := func(stateless bool) http.Handler {
		return mcp.NewStreamableHTTPHandler(
			func(*http.Request) *mcp.Server { return s.mcp },
			&mcp.StreamableHTTPOptions{
				Stateless:           stateless,
				SessionTimeout:      s.options.Bounds.SessionIdle,
				MaxRequestBodyBytes: s.options.Bounds.BodyBytes,
				// The SDK's own check refuses what a proxy on this machine
				// passes on; Front knows better.
				DisableLocalhostProtection:   true,
				PropagateRequestCancellation: true,
			})
	}
	return &endpoint{Server: s, stateless: handler(true), stateful: handler(false)}
}

func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method == http.MethodPost:
		e.post(w, r)
	case e.options.Stateless || r.Method != http.MethodGet && r.Method != http.MethodDelete ||
		r.Header.Get(headerSession) == "" || r.Header.Get(headerVersion) >= firstModern:
		w.Header().Set("Allow", http.MethodPost)
		refuse(w, http.StatusMethodNotAllowed, newFault(jsonrpc.CodeInvalidRequest, "messages are sent with POST"))
	default:
		e.session(w, r)
	}
}

// session serves GET, the stream of a session, and DELETE, its end.
func (e *endpoint) session(w http.ResponseWriter, r *http.Request) {
	if !e.sessions.belongs(r.Context(), r.Header.Get(headerSession)) {
		refuseSession(w)
		return
	}
	silence := e.options.KeepAlive
	if r.Method == http.MethodDelete {
		silence = 0 // no stream is the answer
	}
	r, stop := e.limited(r)
	defer stop()
	reply := newReply(w, nil, silence, nil)
	defer reply.end()
	e.stateful.ServeHTTP(reply, r)
}

func (e *endpoint) post(w http.ResponseWriter, r *http.Request) {
	if status, f := checkHead(r); f != nil {
		refuse(w, status, f)
		return
	}
	body, status, f := e.readBody(w, r)
	if f != nil {
		refuse(w, status, f)
		return
	}
	messages, batch, f := readMessages(body, e.options.Bounds)
	if f != nil {
		refuse(w, http.StatusBadRequest, f)
		return
	}
	version := r.Header.Get(headerVersion)
	modern := version >= firstModern
	first := messages[0]
	var refused []*fault
	switch {
	case version != "" && !slices.Contains(mcp.SupportedProtocolVersions(), version):
		refuse(w, http.StatusBadRequest, unsupported(version).under(first))
		return
	case batch && version > lastWithBatches:
		refuse(w, http.StatusBadRequest, newFault(jsonrpc.CodeInvalidRequest, "the protocol has no batches from 2025-06-18 on"))
		return
	case batch:
		if messages, refused, body = known(messages); len(messages) == 0 {
			newReply(w, nil, 0, refused).WriteHeader(http.StatusAccepted)
			return
		}
	}
	for _, m := range messages {
		if e.answered(w, m, modern) {
			return
		}
	}
	if modern && !decodeName(r) {
		refuse(w, http.StatusBadRequest, newFault(mcp.CodeHeaderMismatch, "%s is not valid base64", headerName).under(first))
		return
	}
	e.forward(w, r, body, messages, refused, modern)
}

// lastWithBatches is the newest version of the protocol that has batches.
const lastWithBatches = "2025-03-26"

// known takes out of a batch what the SDK would refuse all of it for:
// notifications that nobody knows, and calls of methods that are not offered,
// which have their own answers.
func known(batch []message) (rest []message, refused []*fault, body []byte) {
	var raw [][]byte
	for _, m := range batch {
		switch {
		case isNotification(m.method) && !understood(m.method):
			continue
		case m.isCall() && !offered(m.method, false):
			refused = append(refused, (&fault{err: *notOffered(m.method)}).under(m))
			continue
		}
		rest, raw = append(rest, m), append(raw, m.raw)
	}
	return rest, refused, slices.Concat([]byte("["), bytes.Join(raw, []byte(",")), []byte("]"))
}

// answered answers what the SDK would refuse with plain text: a method that is
// not offered, which is no fault of the transport, and a notification nobody
// knows, which JSON-RPC leaves unanswered.
func (e *endpoint) answered(w http.ResponseWriter, m message, modern bool) bool {
	switch {
	case isNotification(m.method):
		if understood(m.method) {
			return false
		}
		w.WriteHeader(http.StatusAccepted)
	case m.method == "" || offered(m.method, modern):
		return false
	case !modern && m.version() != "":
		return false // a header is missing, which the SDK says
	case modern:
		refuse(w, http.StatusNotFound, (&fault{err: *notOffered(m.method)}).under(m))
	default:
		refuse(w, http.StatusOK, (&fault{err: *notOffered(m.method)}).under(m))
	}
	return true
}

// understood reports whether the SDK knows a notification.
func understood(method string) bool {
	switch method {
	case "notifications/initialized", "notifications/cancelled",
		"notifications/progress", "notifications/roots/list_changed":
		return true
	}
	return false
}

// forward hands a request to the SDK. refused are answers to others that came
// in the same batch.
func (e *endpoint) forward(w http.ResponseWriter, r *http.Request, body []byte, messages []message, refused []*fault, modern bool) {
	first := messages[0] // and the only one if it is initialize or subscriptions/listen
	handler, sessional := e.stateless, false
	session := r.Header.Get(headerSession)
	switch {
	case modern || e.options.Stateless:
	case session != "" && !e.sessions.belongs(r.Context(), session):
		refuseSession(w)
		return
	case session != "" || first.method == "initialize" && e.sessions.room():
		handler, sessional = e.stateful, true
	}
	if !modern {
		passed, done := e.requests.pass(r, !sessional)
		defer done()
		r = passed
	}
	if first.method == "subscriptions/listen" {
		limited, stop := e.limited(r)
		defer stop()
		r = limited
	}
	silence := e.options.KeepAlive
	if !slices.ContainsFunc(messages, message.isCall) || first.method == "initialize" {
		silence = 0
	}
	reply := newReply(w, first.id, silence, refused)
	defer reply.end()
	r.Body = io.NopCloser(bytes.NewReader(body))
	handler.ServeHTTP(reply, r)
}

// limited returns a request that is over when streams are to end, or when one
// may last no longer.
func (e *endpoint) limited(r *http.Request) (*http.Request, func()) {
	ctx, cancel := context.WithCancel(r.Context())
	release := context.AfterFunc(e.ending, cancel)
	stop := func() { release(); cancel() }
	if e.options.StreamLimit > 0 {
		timer := time.AfterFunc(e.options.StreamLimit, cancel)
		stop = func() { release(); timer.Stop(); cancel() }
	}
	return r.WithContext(ctx), stop
}

func unsupported(version string) *fault {
	data, err := json.Marshal(mcp.UnsupportedProtocolVersionData{
		Supported: mcp.SupportedProtocolVersions(),
		Requested: version,
	})
	if err != nil {
		panic(err) // strings are always JSON
	}
	return &fault{err: jsonrpc.Error{
		Code:    mcp.CodeUnsupportedProtocolVersion,
		Message: fmt.Sprintf("protocol version %q is not supported", version),
		Data:    data,
	}}
}

// refuseSession is the answer that makes a client initialize anew.
func refuseSession(w http.ResponseWriter) {
	refuse(w, http.StatusNotFound, newFault(jsonrpc.CodeInvalidRequest, "there is no such session"))
}

func refuse(w http.ResponseWriter, status int, f *fault) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// The client is gone when this fails.
	_, _ = w.Write(f.encode())
}
