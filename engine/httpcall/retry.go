package httpcall

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/hashicorp/go-retryablehttp"
	"golang.org/x/time/rate"

	"github.com/toolsd/toolsd/engine/expression"
)

// A retry says how often a call is tried and how long it waits in between.
type retry struct {
	attempts int
	// keyed says that only an Idempotency-Key lets the call be repeated, so
	// that a request without one, left out by a null, is not.
	keyed   bool
	minWait time.Duration
	maxWait time.Duration // no try is made where Retry-After asks for more
}

// tries is the course of one call over its tries.
type tries struct {
	retry
	call  *exchange
	pace  *pace
	count int               // tries made
	wait  time.Duration     // before the next one
	turn  *rate.Reservation // of the next one, where it is reserved
	// played says that no time passes, and spent what would have.
	played bool
	spent  time.Duration
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
// outlast the call's deadline, or that is longer than the author allows, is not
// begun: to come back earlier than the service asks is in vain, and the answer
// at hand is the better one.
func (t *tries) again(ctx context.Context, resp *http.Response, err error) (bool, error) {
	t.count++
	if ctx.Err() != nil || t.count >= t.attempts || isFinal(err) {
		return false, nil
	}
	if repeat, _ := retryablehttp.DefaultRetryPolicy(ctx, resp, err); !repeat {
		return false, nil
	}
	t.wait = t.pause(resp)
	if t.wait > t.maxWait {
		return false, nil
	}
	left, limited := t.left(ctx)
	if limited && left <= t.wait || !t.reserve(left) {
		return false, nil
	}
	t.call.retrying(t.count+1, t.wait, resp)
	if t.played {
		t.spent, t.wait = t.spent+t.wait, 0
	}
	return true, nil
}

// left returns the time until the call's deadline, if it has one.
func (t *tries) left(ctx context.Context) (time.Duration, bool) {
	if t.played {
		return t.call.whole - t.spent, true
	}
	deadline, ok := ctx.Deadline()
	return time.Until(deadline), ok
}

// isFinal reports whether an error stays the same however often the call is
// tried.
func isFinal(err error) bool {
	if name, ok := errors.AsType[*net.DNSError](err); ok && name.IsNotFound {
		return true
	}
	if _, ok := errors.AsType[*unplayed](err); ok {
		return true
	}
	return isRefusal(err) || isHindrance(err)
}

// isRefusal reports whether an error is a refusal of this server to go on, by
// the egress guard, the operator's fence or the rules for redirects.
func isRefusal(err error) bool {
	if _, ok := errors.AsType[*blocked](err); ok {
		return true
	}
	if _, ok := errors.AsType[*fenced](err); ok {
		return true
	}
	if fault, ok := errors.AsType[*tokenFault](err); ok && fault.refused {
		return true
	}
	if _, ok := errors.AsType[*expression.Failure](err); ok {
		return true
	}
	return errors.Is(err, errElsewhere) || errors.Is(err, errRedirects)
}

// pause returns how long to wait before the next try: what Retry-After says,
// else a time that doubles with each try and varies, so that callers which
// failed together do not return together, and is at most maxWait.
func (t *tries) pause(resp *http.Response) time.Duration {
	if resp != nil {
		if asked, ok := retryAfter(resp.Header); ok {
			return asked
		}
	}
	wait := t.minWait
	for i := 1; i < t.count && wait < t.maxWait; i++ {
		wait *= 2
	}
	wait = min(wait, t.maxWait)
	if t.played {
		return wait
	}
	return wait/2 + rand.N(wait/2+1)
}

// retryAfter reads the Retry-After of an answer (RFC 9110 §10.2.3): seconds,
// or a date.
func retryAfter(h http.Header) (time.Duration, bool) {
	written := h.Get("Retry-After")
	const century = 100 * 365 * 24 * 60 * 60 // as long as never
	seconds, err := strconv.ParseUint(written, 10, 64)
	if err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(min(seconds, century)) * time.Second, true
	}
	at, err := http.ParseTime(written)
	if err != nil {
		return 0, false
	}
	return max(time.Until(at), 0), true
}
