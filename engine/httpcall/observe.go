package httpcall

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
	"unicode/utf8"
)

// An Observer sees the requests of a call and what comes back, with secrets
// and credentials masked, for whoever wants to know what a tool does. Its
// methods are called in order, by the goroutine that makes the call.
type Observer interface {
	// Request is called once for a request, before its first try. A call has
	// one, or one for each page. What is not text of the body is left out.
	Request(method, url string, header http.Header, body string)
	// Retry is called before each further try. status is that of the answer
	// before, or 0 when there was none.
	Retry(try int, wait time.Duration, status int)
	// Waited is called after, or for the rate before, a wait that other calls to
	// the same upstream are the reason of.
	Waited(wait time.Duration, because string)
	// Reused is called when no request was sent, since an answer was at hand that
	// came age ago, and Response is called with that. because is "" unless the
	// answer is older than it should be: then it says what went wrong.
	Reused(age time.Duration, because string)
	// Response is called with the last answer to a request; bytes is the size of its body
	// as far as it was read, after decompression.
	Response(status int, header http.Header, bytes int, took time.Duration)
}

type observerKey struct{}

// WithObserver returns a context whose calls are shown to o.
func WithObserver(ctx context.Context, o Observer) context.Context {
	return context.WithValue(ctx, observerKey{}, o)
}

func observerOf(ctx context.Context) Observer {
	o, _ := ctx.Value(observerKey{}).(Observer)
	return o
}

type dryRunKey struct{}

// ErrDryRun is returned by a call that was not sent because its context says
// so.
var ErrDryRun = errors.New("dry run: nothing was sent")

// DryRun returns a context whose calls are rendered and observed, but not
// sent: they end in ErrDryRun.
func DryRun(ctx context.Context) context.Context {
	return context.WithValue(ctx, dryRunKey{}, true)
}

func isDryRun(ctx context.Context) bool { return ctx.Value(dryRunKey{}) != nil }

// shownBody is a body as a person reads it: that which is not text as its
// size.
func shownBody(body []byte) string {
	if !utf8.Valid(body) {
		return fmt.Sprintf("(%d bytes)", len(body))
	}
	return string(body)
}

// maskedHeader returns headers as an observer may see them.
func maskedHeader(h http.Header, m mask, cred *credential) http.Header {
	shown := make(http.Header, len(h))
	for name, values := range h {
		for _, v := range values {
			if cred != nil && !cred.inQuery && sameHeader(name, cred.name) {
				v = masked
			}
			shown[name] = append(shown[name], m.text(v))
		}
	}
	return shown
}
