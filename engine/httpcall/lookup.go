package httpcall

import (
	"context"
	"fmt"
	"time"

	"github.com/toolsd/toolsd/engine/expression"
)

// answered makes the call and judges the answer, which may be one that was
// kept.
func (x *exchange) answered(ctx context.Context, c *Client, vars expression.Vars) (Response, error) {
	if x.keeping.ttl == 0 {
		return x.judged(ctx, c, vars)
	}
	answers := c.cache
	if r := recordingOf(ctx); r != nil {
		answers = r.kept
	}
	key, err := x.fingerprint(ctx, c)
	if err != nil {
		return nil, x.unanswered(err)
	}
	for {
		old, f, leads := answers.look(key, x.keeping.ttl, time.Now())
		switch {
		case f == nil:
			return x.reuse(ctx, old.answer, time.Since(old.at), "", vars)
		case leads:
			return x.lead(ctx, c, answers, key, old, f, vars)
		}
		select {
		case <-f.done:
		case <-ctx.Done():
			return nil, x.unanswered(ctx.Err())
		}
		switch {
		case f.err != nil && f.effort == x.effort():
			return nil, x.unanswered(f.err)
		case f.answer != nil:
			return x.reuse(ctx, f.answer, 0, "", vars)
		case f.alone:
			return x.judged(ctx, c, vars)
		}
	}
}

// judged sends the request and judges the answer.
func (x *exchange) judged(ctx context.Context, c *Client, vars expression.Vars) (Response, error) {
	a, err := x.pass(ctx, c)
	if err != nil {
		return nil, x.unanswered(err)
	}
	return x.judge(ctx, a, vars)
}

// lead makes the request for all who ask the same at the same time, and keeps
// the answer if it is judged a success. Where the upstream fails, what was
// kept before is used, and shared, as long as it may be. A leader whose own
// time is up, or that is given up by its caller, leaves the lead to another.
func (x *exchange) lead(ctx context.Context, c *Client, answers *cache, key fingerprint, old *kept, f *flight, vars expression.Vars) (Response, error) {
	defer answers.land(key, f)
	if old != nil && time.Since(old.at) >= x.keeping.ttl+x.keeping.stale {
		old = nil
	}
	patient, cancel := x.patience(ctx, old)
	defer cancel()
	a, err := x.pass(patient, c)
	at := time.Now()
	if old != nil && ctx.Err() == nil && (isFailing(a, err) || isHindrance(err) || isTokenless(err)) {
		told, cause := x.lapse(a, err)
		age := time.Since(old.at)
		c.logger.Warn("kept answer used, since the upstream fails",
			"upstream", x.name, "age", age.Round(time.Second), "cause", x.mask.text(cause.Error()))
		f.answer = old.answer
		return x.reuse(ctx, old.answer, age, told, vars)
	}
	if err != nil {
		if ctx.Err() == nil {
			f.err, f.effort = x.mask.veil(err), x.effort()
		}
		return nil, x.unanswered(err)
	}
	f.alone = !keepable(a.header)
	if !f.alone {
		f.answer = a
	}
	response, err := x.judge(ctx, a, vars)
	if err == nil && !f.alone {
		answers.keep(key, a, at, at.Add(x.keeping.ttl+x.keeping.stale))
	}
	return response, err
}

// patience bounds the wait for an answer when an older one is at hand: some of
// the call's time is left to use that.
func (x *exchange) patience(ctx context.Context, old *kept) (context.Context, context.CancelFunc) {
	if old == nil {
		return context.WithCancel(ctx)
	}
	left := x.whole
	if deadline, ok := ctx.Deadline(); ok {
		left = time.Until(deadline) // other pages may have taken some
	}
	return context.WithTimeout(ctx, left-last(left))
}

// reuse judges an answer that was kept, or came to another call, for this one.
// What was secret of the request it came to is hidden in it now as it was then.
// because says to a person why one is used that is older than it should be; ""
// when it is not.
func (x *exchange) reuse(ctx context.Context, a *answer, age time.Duration, because string, vars expression.Vars) (Response, error) {
	x.read += int64(len(a.body))
	if len(a.secrets) > 0 {
		x.learn(a.secrets...) // of the call to which it came
	}
	if x.observer != nil {
		x.observer.Reused(age, because)
		x.observer.Response(a.status, maskedHeader(a.header, x.mask, nil), len(a.body), 0)
	}
	return x.judge(ctx, a, vars)
}

// lapse says why the outcome of a call does not do: in words fit for everybody,
// and to the operator.
func (x *exchange) lapse(a *answer, err error) (told string, cause error) {
	if err != nil {
		return x.reason(err), err
	}
	return fmt.Sprintf("%s answered %d", x.name, a.status), fmt.Errorf("status %d", a.status)
}
