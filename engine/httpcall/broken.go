package httpcall

import (
	"errors"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
)

// A broken answer began to come, and could not be read to its end: it was
// broken off, or is not what HTTP allows.
type broken struct{ cause error }

func (b *broken) Error() string { return "broken answer: " + b.cause.Error() }
func (b *broken) Unwrap() error { return b.cause }

// errSwitched is an answer with which HTTP would end on the connection, and
// with it every limit of time (RFC 9110 §15.2.2). No request asks for it.
var errSwitched = errors.New("the other side switched protocols without being asked")

// roundTrip makes one request over a transport. The error is broken when an
// answer had begun to come.
func roundTrip(through http.RoundTripper, r *http.Request) (*http.Response, error) {
	var begun atomic.Bool
	traced := r.WithContext(httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{
		GotFirstResponseByte: func() { begun.Store(true) },
	}))
	resp, err := through.RoundTrip(traced)
	if err != nil {
		if begun.Load() {
			return nil, &broken{err}
		}
		return nil, err
	}
	if resp.StatusCode == http.StatusSwitchingProtocols {
		resp.Body.Close()
		return nil, &broken{errSwitched}
	}
	resp.Request = r
	return resp, nil
}
