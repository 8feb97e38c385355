package httpcall

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/toolsd/toolsd/engine/expression"
)

// An exchange is one call under way: a request, its tries, and the answer.
type exchange struct {
	*Program
	request  *request
	mask     mask
	observer Observer      // may be nil
	whole    time.Duration // until the call's deadline
	read     int64         // bytes of answers
	spent    time.Duration // that would have passed, where none does
}

// An answer is what came back, its body bounded.
type answer struct {
	status    int
	header    http.Header
	body      []byte
	truncated bool     // the body was longer than it may be
	more      bool     // the body is that of a stream that did not end
	secrets   []string // what the request showed, which the answer may repeat
}

// Run makes the call. The error is an *expression.Failure (for the model), an
// *expression.Fault (the author's), or ErrDryRun.
func (p *Program) Run(ctx context.Context, c *Client, vars expression.Vars) (Response, error) {
	if !p.address.base.known() {
		return nil, refuse("%s is not set up: its address is missing from the environment of this server", p.name)
	}
	whole := p.limits.whole
	if deadline, ok := ctx.Deadline(); ok {
		whole = min(whole, time.Until(deadline))
	}
	ctx, cancel := context.WithTimeout(ctx, whole)
	defer cancel()
	r, err := p.render(ctx, vars)
	if err != nil {
		return nil, err
	}
	x := &exchange{Program: p, request: r, observer: observerOf(ctx), whole: whole}
	response, err := x.run(ctx, c, vars)
	if err != nil || p.paging == nil {
		return response, err
	}
	return x.turn(ctx, c, vars, response)
}

// run makes one request, with its tries, and judges the answer.
func (x *exchange) run(ctx context.Context, c *Client, vars expression.Vars) (Response, error) {
	r := x.request
	x.mask = x.Program.mask.with(r.secrets...)
	if r.credential != nil {
		x.mask = x.mask.with(r.credential.secrets...)
	}
	if x.observer != nil {
		x.observer.Request(r.method, r.shown(x.address.base.origin, x.mask), maskedHeader(r.header, x.mask, r.credential), x.mask.text(shownBody(r.body)))
	}
	if isDryRun(ctx) {
		return nil, ErrDryRun
	}
	return x.answered(ctx, c, vars)
}

// send makes the tries, each request in its turn, and returns the last answer.
func (x *exchange) send(ctx context.Context, c *Client, p *pace) (*answer, error) {
	began := time.Now()
	req, err := x.request.http(ctx, x.address.base.origin)
	if err != nil {
		return nil, err
	}
	t := &tries{retry: x.retry, call: x, pace: p, played: c.answers != nil, spent: x.spent}
	defer t.giveBack()
	if t.keyed && x.request.header.Get(idempotencyKey) == "" {
		t.attempts = 1
	}
	resp, err := t.client(&attempt{
		client: c, reach: x.reach, redirects: x.redirects, limit: x.limits.attempt, maxBytes: x.reading.maxBytes, course: t,
	}).Do(req)
	x.spent = t.spent
	if err != nil {
		if outer, ok := errors.AsType[*url.Error](err); ok {
			err = outer.Err // without the URL
		}
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	x.read += int64(len(body))
	a := &answer{status: resp.StatusCode, header: resp.Header, body: body}
	if held, ok := resp.Body.(*heldBody); ok {
		a.more = held.more
	}
	if c := x.request.credential; c != nil {
		a.secrets = slices.Clone(c.secrets)
	}
	if int64(len(body)) > x.reading.maxBytes {
		a.body, a.truncated = body[:x.reading.maxBytes], true
	}
	if x.observer != nil {
		x.observer.Response(a.status, maskedHeader(a.header, x.mask, nil), len(a.body), time.Since(began))
	}
	return a, nil
}

// waited tells the observer that the call was held back.
func (x *exchange) waited(wait time.Duration, because string) {
	if x.observer != nil {
		x.observer.Waited(wait, because)
	}
}

// retrying tells the observer of another try after this answer, or after none.
func (x *exchange) retrying(try int, wait time.Duration, resp *http.Response) {
	if x.observer == nil {
		return
	}
	status := 0
	if resp != nil {
		status = resp.StatusCode
	}
	x.observer.Retry(try, wait, status)
}
