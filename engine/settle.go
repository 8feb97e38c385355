package engine

import (
	"cmp"
	"iter"
	"maps"
	"slices"

	"github.com/toolsd/toolsd/schema"
)

// What is served of each kind: a unit, what it came to, and whether a newer
// source of it has a fault.
type (
	servedServer struct {
		unit    *unit
		outcome *checkedServer
		expose  []string
		guard   held // new: it was never good, and nothing but its guard counts
	}
	servedUpstream struct {
		unit    *unit
		outcome *checkedUpstream
	}
	servedTool struct {
		unit    *unit
		outcome *checkedTool
		guard   held
		stale   bool
	}
)

// settleServer decides which server definition counts. It comes first, since
// what it exposes decides what the others may use. One that is faulty from
// the start is not served, but what it says of access guards the others.
func (c *compiler) settleServer() {
	c.surround(nil, nil)
	k := key{kind: schema.KindServer}
	claims, last := c.claims[k], c.last.server
	for _, u := range claims {
		if last != nil {
			u.revive(last.unit)
		}
		c.checkUnit(u, dependencies{})
	}
	if len(claims) == 1 && claims[0].ok() {
		s := claims[0].checked.server
		c.next.server = &servedServer{unit: claims[0], outcome: s, expose: s.expose, guard: s.guard()}
	} else {
		if last == nil && len(claims) > 0 {
			last = &servedServer{unit: claims[0], outcome: &checkedServer{}, guard: held{new: true}}
		}
		if last != nil {
			c.next.server = c.staleServer(k, last)
		}
		if c.next.server != nil {
			c.lasting[k] = true
		}
	}
	c.surround(c.next.server.exposed(), nil)
	c.withdraw = c.next.server != nil && c.next.server.outcome.withdraw
}

// staleServer returns what goes on of a server definition that has no good
// source any more; nil when it was removed.
func (c *compiler) staleServer(k key, last *servedServer) *servedServer {
	keep, successors := c.lost(k, last.unit)
	if !keep {
		return nil
	}
	next := &servedServer{
		unit: last.unit.keep(successors), outcome: last.outcome,
		expose: last.expose, guard: c.newer(last.guard, successors),
	}
	for _, u := range successors {
		def := u.definition()
		next.expose = slices.DeleteFunc(slices.Clone(next.expose), func(name string) bool {
			return !slices.Contains(def.Server.Expose, name)
		})
	}
	return next
}

// settleUpstreams decides which upstreams tools may call.
func (c *compiler) settleUpstreams() {
	clear(c.upstreams)
	for _, name := range c.names(schema.KindUpstream, maps.Keys(c.last.upstreams), maps.Keys(c.last.resting.upstreams)) {
		s, served, stale := c.settleUpstream(name)
		if stale {
			c.lasting[key{schema.KindUpstream, name}] = true
		}
		switch {
		case served:
			c.next.upstreams[name] = s
			c.upstreams[name] = s.outcome
			maps.Copy(c.next.env, s.outcome.env)
		case s != nil:
			c.next.resting.upstreams[name] = s
		}
	}
	c.surround(c.expose, c.names(schema.KindUpstream, maps.Keys(c.upstreams)))
}

// settleUpstream decides one upstream: what is there of it, if anything,
// whether it is served, and whether its newest source has a fault. Then it
// keeps its last good version, but no freedom that the newest takes away.
func (c *compiler) settleUpstream(name string) (s *servedUpstream, served, stale bool) {
	k := key{schema.KindUpstream, name}
	claims, last := c.claims[k], cmp.Or(c.last.upstreams[name], c.last.resting.upstreams[name])
	for _, u := range claims {
		if last != nil {
			u.revive(last.unit)
		}
		c.checkUnit(u, dependencies{})
	}
	if len(claims) == 1 && claims[0].ok() {
		return &servedUpstream{unit: claims[0], outcome: claims[0].checked.upstream}, true, false
	}
	stale = len(claims) > 0
	if last == nil {
		return nil, false, stale
	}
	keep, successors := c.lost(k, last.unit)
	if !keep {
		return nil, false, stale
	}
	u := last.unit.keep(successors)
	s = &servedUpstream{unit: u, outcome: last.outcome}
	served = c.checkUnit(u, denied(last.unit, successors)) && !c.withdraw
	if served {
		s.outcome = u.checked.upstream
	}
	return s, served, true
}

// denied returns what the newest sources of a stale upstream forbid it beside
// what its last check forbade.
func denied(last *unit, successors []*unit) dependencies {
	against := last.checked.against
	for _, u := range successors {
		def := u.definition()
		against.denyPrivate = against.denyPrivate || !def.Upstream.AllowPrivate
		against.redirects = stricterRedirects(against.redirects, def.Upstream.Settings.Redirects)
	}
	return against
}

// stricterRedirects returns the rule that follows fewer redirects; "" is not
// said.
func stricterRedirects(a, b string) string {
	order := []string{"", "any", "same-origin", "none"}
	return order[max(slices.Index(order, a), slices.Index(order, b), 0)]
}

// names returns the names of a kind that are claimed now, with those that are
// known from before, sorted.
func (c *compiler) names(kind schema.Kind, known ...iter.Seq[string]) []string {
	var names []string
	for _, u := range c.units { // which are nearly in order, unlike the claims
		if u.key.kind == kind && c.claims[u.key][0] == u {
			names = append(names, u.key.name)
		}
	}
	for _, more := range known {
		for name := range more {
			if c.claims[key{kind, name}] == nil {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}
