package mcpserver

import (
	"bytes"
	"encoding/base64"
	"errors"
	"mime"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
)

// readBody reads the whole body, within its bounds of size and time. Room is
// made as bytes arrive, not for what a client announces.
func (e *endpoint) readBody(w http.ResponseWriter, r *http.Request) (body []byte, status int, _ *fault) {
	limit := e.options.Bounds.BodyBytes
	tooLarge := newFault(jsonrpc.CodeInvalidRequest, "the request is larger than %d bytes", limit)
	if r.ContentLength > limit {
		return nil, http.StatusRequestEntityTooLarge, tooLarge
	}
	var buffer bytes.Buffer
	if r.ContentLength > 0 {
		buffer.Grow(int(min(r.ContentLength, 64<<10)) + bytes.MinRead)
	}
	// What is no connection, as in some tests, has no deadline.
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Now().Add(e.options.Bounds.BodyTime))
	_, err := buffer.ReadFrom(http.MaxBytesReader(w, r.Body, limit))
	var exceeded *http.MaxBytesError
	switch {
	case errors.As(err, &exceeded):
		return nil, http.StatusRequestEntityTooLarge, tooLarge
	case errors.Is(err, os.ErrDeadlineExceeded):
		w.Header().Set("Connection", "close")
		return nil, http.StatusRequestTimeout, newFault(jsonrpc.CodeInvalidRequest, "the request did not arrive within %s", e.options.Bounds.BodyTime)
	case err != nil:
		return nil, http.StatusBadRequest, newFault(jsonrpc.CodeInvalidRequest, "the request could not be read to its end")
	}
	// A deadline that stayed would end the reading by which it is noticed that
	// a client has gone. After a failure it stays, for the rest of the body.
	_ = control.SetReadDeadline(time.Time{})
	return buffer.Bytes(), 0, nil
}

// checkHead looks at what is needed to read and to answer a message at all.
// Without Accept anything is acceptable (RFC 9110 §12.5.1).
func checkHead(r *http.Request) (status int, _ *fault) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return http.StatusUnsupportedMediaType, newFault(jsonrpc.CodeInvalidRequest, "Content-Type has to be application/json")
	}
	if len(r.Header.Values("Accept")) == 0 {
		r.Header.Set("Accept", "*/*")
	}
	if !accepts(r.Header, "application/json") || !accepts(r.Header, "text/event-stream") {
		return http.StatusNotAcceptable, newFault(jsonrpc.CodeInvalidRequest, "Accept has to list application/json and text/event-stream")
	}
	if r.Header.Get("Last-Event-ID") != "" {
		return http.StatusBadRequest, newFault(jsonrpc.CodeInvalidRequest, "streams are not resumed")
	}
	return 0, nil
}

// accepts reports whether a media type is listed, by itself or by a range.
func accepts(h http.Header, kind string) bool {
	group, _, _ := strings.Cut(kind, "/")
	for _, value := range h.Values("Accept") {
		for item := range strings.SplitSeq(value, ",") {
			item, _, _ = strings.Cut(item, ";")
			switch strings.ToLower(strings.TrimSpace(item)) {
			case kind, group + "/*", "*/*":
				return true
			}
		}
	}
	return false
}

// decodeName decodes a name that is sent as base64 because it could not stand
// in a header (MCP 2026-07-28, Transports), which the SDK compares as it is.
func decodeName(r *http.Request) bool {
	encoded, ok := strings.CutPrefix(r.Header.Get(headerName), "=?base64?")
	if !ok {
		return true
	}
	if encoded, ok = strings.CutSuffix(encoded, "?="); !ok {
		return true
	}
	name, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return false
	}
	r.Header.Set(headerName, string(name))
	return true
}
