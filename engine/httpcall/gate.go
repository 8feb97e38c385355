package httpcall

import (
	"context"
	"errors"
	"iter"

	"github.com/toolsd/toolsd/schema"
)

// A restraint says how calls to an upstream are held back. Equal restraints of
// one upstream on one origin share a gate; the zero restraint needs none.
type restraint struct {
	upstream    string
	origin      Origin
	breaker     schema.CircuitBreaker
	concurrency schema.Concurrency
	rate        schema.RateLimit
}

// restraintOf returns how calls to the upstream are held back.
func restraintOf(name string, b base, u *schema.Upstream) restraint {
	r := restraint{breaker: u.CircuitBreaker, concurrency: u.Concurrency, rate: u.RateLimit}
	if r == (restraint{}) {
		return r
	}
	r.upstream, r.origin = name, b.origin
	return r
}

// A gate is what calls to an upstream pass one after the other: the circuit
// breaker, the places of those under way, and, once for each request, the
// rate. Each part is nil where its upstream does not have it.
type gate struct {
	breaker *breaker
	places  *places
	pace    *pace
}

// gate returns the gate of a restraint, made on first use; nil where nothing
// holds calls back.
func (c *Client) gate(r restraint) *gate {
	if r == (restraint{}) {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	g := c.gates[r]
	if g == nil {
		g = &gate{breaker: newBreaker(r, c.logger), places: newPlaces(r.concurrency), pace: newPace(r.rate)}
		c.gates[r] = g
	}
	return g
}

// Retain lets go of what is known of upstreams that are not among these: how
// they fare, who waits for them, and connections that were theirs alone. It is called with all upstreams that
// calls go to from now on; calls under way end as they would have.
func (c *Client) Retain(upstreams iter.Seq[*Upstream]) {
	kept := map[restraint]bool{}
	reaches := map[reach]bool{}
	for u := range upstreams {
		kept[u.restraint], reaches[u.home.reach()] = true, true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for r := range c.gates {
		if !kept[r] {
			delete(c.gates, r)
		}
	}
	for r, t := range c.transports {
		if r.isParticular() && !reaches[r] {
			t.CloseIdleConnections() // others close when they have been idle for long enough
			delete(c.transports, r)
		}
	}
}

// pass makes the call through the gate of its upstream. A place is held for
// all tries and the waits between them.
func (x *exchange) pass(ctx context.Context, c *Client) (*answer, error) {
	g := c.gate(x.restraint)
	if g == nil {
		return x.send(ctx, c, nil)
	}
	return g.breaker.guard(x.name, func() (*answer, error) {
		leave, err := g.places.enter(ctx, x)
		if err != nil {
			return nil, err
		}
		defer leave()
		return x.send(ctx, c, g.pace)
	})
}

// A hindrance kept a call from being sent: it says nothing of how its upstream
// fares.
type hindrance interface {
	error
	// told says it to the caller of a tool, by the name of the upstream.
	told(name string) string
}

func isHindrance(err error) bool {
	_, is := errors.AsType[hindrance](err)
	return is
}

// isTokenless reports whether a call was not sent since no token for it could
// be fetched: the service that gives them out fails. One that answers no has
// judged this server or the caller, who may not use what was kept either.
func isTokenless(err error) bool {
	fault, is := errors.AsType[*tokenFault](err)
	return is && !fault.caller && !isRefusal(err)
}

// isFailing reports whether the outcome of a call says that its upstream
// fails: no answer came in time, it was broken, or its status says so. What
// the service that gives out tokens, the caller, the egress guard or the rules
// for redirects ended says nothing, and neither does 429, with which a service
// in good health asks for patience.
func isFailing(a *answer, err error) bool {
	if err == nil {
		return a.status >= 500
	}
	_, isToken := errors.AsType[*tokenFault](err)
	return !isToken && !isHindrance(err) && !isRefusal(err) && !errors.Is(err, context.Canceled)
}
