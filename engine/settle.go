package engine

import (
	"maps"
	"slices"
	"strings"

	"github.com/toolsd/toolsd/schema"
)

// What is served of each kind: a unit, what it came to, and whether a newer
// source of it has a fault.
type (
	servedServer struct {
		unit    *unit
		outcome *checkedServer
		expose  []string
		guard   guard
		base    guard // the last guard that could be read in full
	}
	servedUpstream struct {
		unit    *unit
		outcome *checkedUpstream
	}
	servedTool struct {
		unit    *unit
		outcome *checkedTool
		guard   guard
		base    guard
		stale   bool
	}
)

// settleServer decides which server definition counts. It comes first, since
// what it exposes decides what the others may use.
func (c *compiler) settleServer() {
	k := key{kind: schema.KindServer}
	last := c.last.server
	claims := c.claims[k]
	if len(claims) == 1 && c.checkUnit(claims[0], dependencies{}) {
		u := claims[0]
		s := u.checked.server
		c.next.server = &servedServer{unit: u, outcome: s, expose: s.expose, guard: s.guard(), base: s.guard()}
	} else if last != nil {
		keep, successors := c.lost(k, last.unit)
		u := last.unit.carry(last.unit.doc)
		if keep && c.checkUnit(u, dependencies{}) {
			next := &servedServer{unit: u, outcome: u.checked.server, expose: last.expose}
			next.guard, next.base = c.staleGuard(last.base, last.guard, successors)
			for _, u := range successors {
				if def := u.definition(); def.Server != nil {
					next.expose = slices.DeleteFunc(slices.Clone(next.expose), func(name string) bool {
						return !slices.Contains(def.Server.Expose, name)
					})
				}
			}
			c.next.server = next
			c.lasting[k] = true
		}
	}
	c.expose = c.next.server.exposed()
	c.withdraw = c.next.server != nil && c.next.server.outcome.withdraw
}

// settleUpstreams decides which upstreams tools may call. An upstream whose
// newest source has a fault keeps its last good version, but no freedom that
// the newest source takes away.
func (c *compiler) settleUpstreams() {
	against := dependencies{expose: strings.Join(c.expose, " ")}
	for _, name := range c.names(schema.KindUpstream, maps.Keys(c.last.upstreams)) {
		k := key{schema.KindUpstream, name}
		claims := c.claims[k]
		for _, u := range claims {
			c.checkUnit(u, against)
		}
		if len(claims) == 1 && claims[0].ok() {
			c.next.upstreams[name] = &servedUpstream{unit: claims[0], outcome: claims[0].checked.upstream}
			continue
		}
		if len(claims) > 0 {
			c.lasting[k] = true
		}
		last := c.last.upstreams[name]
		if last == nil {
			continue
		}
		keep, successors := c.lost(k, last.unit)
		if !keep {
			continue
		}
		c.lasting[k] = true
		stricter := against
		stricter.denyPrivate, stricter.redirects = denied(last.unit, successors)
		u := last.unit.carry(last.unit.doc)
		if !c.withdraw && c.checkUnit(u, stricter) {
			c.next.upstreams[name] = &servedUpstream{unit: u, outcome: u.checked.upstream}
		}
	}
	for name, s := range c.next.upstreams {
		c.upstreams[name] = s.outcome
	}
	c.upstreamNames = c.names(schema.KindUpstream, maps.Keys(c.upstreams))
}

// denied returns what the newest sources of a stale upstream forbid it beside
// what its last check forbade.
func denied(last *unit, successors []*unit) (private bool, redirects string) {
	private, redirects = last.checked.against.denyPrivate, last.checked.against.redirects
	for _, u := range successors {
		if def := u.definition(); def.Upstream != nil {
			private = private || !def.Upstream.AllowPrivate
			redirects = stricterRedirects(redirects, def.Upstream.Settings.Redirects)
		}
	}
	return private, redirects
}

// stricterRedirects returns the rule that follows fewer redirects; "" is not
// said.
func stricterRedirects(a, b string) string {
	order := []string{"", "any", "same-origin", "none"}
	return order[max(slices.Index(order, a), slices.Index(order, b), 0)]
}

// settleTools decides which tools are served.
func (c *compiler) settleTools() {
	names := c.names(schema.KindTool, maps.Keys(c.last.tools))
	settled := make([]*servedTool, len(names))
	lasting := make([]bool, len(names))
	parallel(len(names), func(i int) { settled[i], lasting[i] = c.settleTool(names[i]) })
	for i, name := range names {
		if lasting[i] {
			c.lasting[key{schema.KindTool, name}] = true
		}
		if s := settled[i]; s != nil {
			c.next.tools[name] = s
			maps.Copy(c.next.env, s.outcome.env)
		}
	}
	for _, s := range c.next.upstreams {
		maps.Copy(c.next.env, s.outcome.env)
	}
}

// settleTool decides one tool: what is served of it, if anything, and whether
// its newest source has a fault.
func (c *compiler) settleTool(name string) (s *servedTool, stale bool) {
	k := key{schema.KindTool, name}
	claims := c.claims[k]
	for _, u := range claims {
		c.checkUnit(u, c.toolDependencies(u))
	}
	if len(claims) == 1 && claims[0].ok() {
		u := claims[0]
		g := u.checked.tool.guard()
		return &servedTool{unit: u, outcome: u.checked.tool, guard: g, base: g}, false
	}
	stale = len(claims) > 0
	last := c.last.tools[name]
	if last == nil {
		return nil, stale
	}
	keep, successors := c.lost(k, last.unit)
	if !keep {
		return nil, stale
	}
	// The last good text is held against the world of now: an upstream that is
	// gone, or a variable no longer exposed, takes it out of service.
	u := last.unit.carry(last.unit.doc)
	if c.withdraw || !c.checkUnit(u, c.toolDependencies(u)) {
		return nil, true
	}
	s = &servedTool{unit: u, outcome: u.checked.tool, stale: true}
	s.guard, s.base = c.staleGuard(last.base, last.guard, successors)
	return s, true
}

// staleGuard returns the guard of a definition that keeps its last good body:
// that of its newest sources where they can be read in full, and otherwise
// the last readable one with whatever could be made out of the new.
func (c *compiler) staleGuard(base, guardNow guard, successors []*unit) (effective, readable guard) {
	if len(successors) == 0 {
		return guardNow, base
	}
	var fresh guard
	whole := true
	for _, u := range successors {
		rule, ok, _ := c.checkAccess(access(u.definition()))
		if rule != nil {
			fresh = append(fresh, rule)
		}
		whole = whole && ok && rule != nil
	}
	if whole {
		return fresh, fresh
	}
	return slices.Concat(base, fresh), base
}

// access returns the rule that a definition was written with.
func access(def *schema.Definition) *schema.Access {
	switch {
	case def.Tool != nil:
		return def.Tool.Access
	case def.Server != nil:
		return def.Server.Access
	}
	return nil
}

// toolDependencies returns what a tool is to be checked against.
func (c *compiler) toolDependencies(u *unit) dependencies {
	return dependencies{expose: strings.Join(c.expose, " "), upstream: c.upstreams[u.upstream]}
}

// names returns the names of a kind that are claimed now or were served last,
// sorted.
func (c *compiler) names(kind schema.Kind, served func(func(string) bool)) []string {
	set := map[string]bool{}
	for name := range served {
		set[name] = true
	}
	for k := range c.claims {
		if k.kind == kind {
			set[k.name] = true
		}
	}
	return slices.Sorted(maps.Keys(set))
}
