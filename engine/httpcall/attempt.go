package httpcall

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"
)

var (
	errAttempt   = errors.New("the try took too long")
	errElsewhere = errors.New("redirected to another origin")
	errRedirects = errors.New("redirected too often")
)

// An attempt is one try of a call as a round trip: it follows redirects and
// reads the answer's body, so that all of a try lies within its time limit
// and a broken body counts as a failed try. The body that it returns is held
// in memory, cut off one byte after the limit; that of a stream is cut off
// behind a record.
type attempt struct {
	client    *Client
	reach     reach
	redirects string
	limit     time.Duration // 0 is none
	maxBytes  int64
	course    *tries
	enough    context.CancelCauseFunc // ends the reading of a stream; of one try
	away      bool                    // the try was redirected to another origin, perhaps to come back
}

// RoundTrip implements http.RoundTripper.
func (a *attempt) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, enough := context.WithCancelCause(r.Context())
	defer enough(nil)
	if err := a.course.await(ctx); err != nil {
		return nil, err
	}
	if a.limit > 0 {
		limited, cancel := context.WithTimeoutCause(ctx, a.limit, errAttempt)
		defer cancel()
		ctx = limited
	}
	try := *a
	try.enough = enough
	resp, err := try.follow(r.WithContext(ctx))
	if err == nil {
		_, err = try.hold(ctx, resp)
	}
	if err != nil {
		if context.Cause(ctx) == errAttempt {
			return nil, errAttempt
		}
		return nil, err
	}
	return resp, nil
}

// hold reads the body of an answer into memory, unless that was done before.
// With an error the body is lost.
func (a *attempt) hold(ctx context.Context, resp *http.Response) (data []byte, err error) {
	if held, ok := resp.Body.(*heldBody); ok {
		return held.data, nil
	}
	defer resp.Body.Close()
	held := &heldBody{}
	if ends := a.course.call.reading.splitter(resp); ends != nil {
		held.data, held.more, err = a.stream(ctx, resp.Body, ends)
	} else {
		held.data, err = io.ReadAll(io.LimitReader(resp.Body, a.maxBytes+1))
	}
	if err != nil {
		return nil, &broken{err}
	}
	held.Reader = bytes.NewReader(held.data)
	resp.Body = held
	return held.data, nil
}

// follow makes the request and those that answers redirect it to.
func (a *attempt) follow(r *http.Request) (*http.Response, error) {
	for hops := 0; ; hops++ {
		origin, err := originOf(r.URL)
		if err != nil {
			return nil, err
		}
		if err := a.client.admit(origin); err != nil {
			return nil, err
		}
		resp, err := a.send(r)
		if err != nil {
			return nil, err
		}
		to := location(r, resp)
		if to == nil || a.redirects == redirectNone {
			return resp, nil
		}
		resp.Body.Close()
		if hops == maxRedirects {
			return nil, errRedirects
		}
		if r, err = a.next(r, origin, to); err != nil {
			return nil, err
		}
		if err := a.course.await(r.Context()); err != nil {
			return nil, err
		}
	}
}

// send makes one request, on the call's own origin with its proof.
func (a *attempt) send(r *http.Request) (*http.Response, error) {
	x := a.course.call
	if c := x.request.credential; c != nil && c.proof != nil && a.isHome(r) {
		return c.proof.show(a, r)
	}
	return a.transfer(r)
}

// isHome reports whether a request goes to the call's own origin, and not where
// another origin sent it: back home too, that is a request of the other's choice.
func (a *attempt) isHome(r *http.Request) bool {
	if a.away {
		return false
	}
	o, err := originOf(r.URL)
	return err == nil && o == a.course.call.address.base.origin
}

// transfer makes one request as it is, over the network or in its place.
func (a *attempt) transfer(r *http.Request) (*http.Response, error) {
	if a.client.answers != nil {
		return a.answer(r)
	}
	return a.exchange(r)
}

// location returns where an answer redirects to, or nil. Only GET and HEAD
// are redirected: they carry no body, and the method stays what it is.
func location(r *http.Request, resp *http.Response) *url.URL {
	switch resp.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return nil
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return nil
	}
	to, err := resp.Location()
	if err != nil {
		return nil
	}
	return to
}

// next returns the request that a redirect asks for. From another origin on it
// carries nothing of what the author or auth put into the first one.
func (a *attempt) next(r *http.Request, from Origin, to *url.URL) (*http.Request, error) {
	to.Fragment, to.RawFragment = "", ""
	to.RawQuery = encodeQueryText(to.RawQuery)
	origin, err := originOf(to)
	if err != nil {
		return nil, errors.Join(errElsewhere, err)
	}
	next := r.Clone(r.Context())
	next.URL, next.Host = to, ""
	if origin == from {
		return next, nil
	}
	if a.redirects != redirectAny {
		return nil, errElsewhere
	}
	a.away = true
	next.Header = http.Header{"User-Agent": {userAgent}}
	return next, nil
}
