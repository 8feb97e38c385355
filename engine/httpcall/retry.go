package httpcall

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// A retry says how often a call is tried and how long it waits in between.
type retry struct {
	attempts int
	// keyed says that only an Idempotency-Key lets the call be repeated, so
	// that a request without one, left out by a null, is not.
	keyed   bool
	minWait time.Duration
	maxWait time.Duration // also of what Retry-After asks for
}

// tries is the course of one call over its tries.
type tries struct {
	retry
	call  *exchange
	count int           // tries made
	wait  time.Duration // before the next one
}

// client returns the client that makes the tries. It is made for one call and
// holds nothing of its own: connections belong to the transport beneath.
func (t *tries) client(through http.RoundTripper) *retryablehttp.Client {
	return &retryablehttp.Client{
		HTTPClient: &http.Client{
			Transport:     through,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		RetryMax:     t.attempts - 1,
		CheckRetry:   t.again,
		Backoff:      func(_, _ time.Duration, _ int, _ *http.Response) time.Duration { return t.wait },
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
}

// again decides after a try whether there is another one. A wait that would
// outlast the call's deadline is not begun: the answer at hand is the better
// one.
func (t *tries) again(ctx context.Context, resp *http.Response, err error) (bool, error) {
	t.count++
	if ctx.Err() != nil || t.count >= t.attempts || isFinal(err) {
		return false, nil
	}
	if repeat, _ := retryablehttp.DefaultRetryPolicy(ctx, resp, err); !repeat {
		return false, nil
	}
	t.wait = t.pause(resp)
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= t.wait {
		return false, nil
	}
	t.call.retrying(t.count+1, t.wait, resp)
	return true, nil
}

// isFinal reports whether an error stays the same however often the call is
// tried.
func isFinal(err error) bool {
	if _, ok := errors.AsType[*blocked](err); ok {
		return true
	}
	if _, ok := errors.AsType[*fenced](err); ok {
		return true
	}
	return errors.Is(err, errElsewhere) || errors.Is(err, errRedirects)
}

// pause returns how long to wait before the next try: what Retry-After says,
// else a time that doubles with each try and varies, so that callers which
// failed together do not return together; never more than maxWait.
func (t *tries) pause(resp *http.Response) time.Duration {
	if resp != nil {
		if asked, ok := retryAfter(resp.Header); ok {
			return min(asked, t.maxWait)
		}
	}
	wait := t.minWait
	for i := 1; i < t.count && wait < t.maxWait; i++ {
		wait *= 2
	}
	wait = min(wait, t.maxWait)
	return wait/2 + rand.N(wait/2+1)
}

// retryAfter reads the Retry-After of an answer (RFC 9110 §10.2.3): seconds,
// or a date.
func retryAfter(h http.Header) (time.Duration, bool) {
	written := h.Get("Retry-After")
	if seconds, err := strconv.ParseInt(written, 10, 32); err == nil && seconds >= 0 {
		return time.Duration(seconds) * time.Second, true
	}
	at, err := http.ParseTime(written)
	if err != nil {
		return 0, false
	}
	return max(time.Until(at), 0), true
}
