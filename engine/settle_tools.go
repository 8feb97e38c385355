package engine

import (
	"cmp"
	"maps"
	"slices"

	"github.com/toolsd/toolsd/schema"
)

// settleTools decides which tools are served.
func (c *compiler) settleTools() {
	names := c.names(schema.KindTool, maps.Keys(c.last.tools), maps.Keys(c.last.resting.tools))
	alone, callers := c.partCallers(names)
	c.toolNames = c.present(alone, callers)
	all := make([]settledTool, len(alone))
	parallel(len(alone), func(i int) { all[i] = c.settleTool(alone[i]) })
	for i, name := range alone {
		c.enter(name, all[i])
	}
	c.settleCallers(callers)
	slices.Sort(c.next.toolNames)
	c.next.server.rules().addEnv(c.next.env)
}

// A settledTool is what is there of a tool, if anything, whether it is served,
// and whether its newest source has a fault.
type settledTool struct {
	tool          *servedTool
	served, stale bool
}

// enter notes what was decided of a tool.
func (c *compiler) enter(name string, s settledTool) {
	if s.stale {
		c.lasting[key{schema.KindTool, name}] = true
	}
	switch {
	case s.served:
		c.next.tools[name] = s.tool
		c.next.toolNames = append(c.next.toolNames, name)
		c.tools[name] = s.tool.outcome
		maps.Copy(c.next.env, s.tool.outcome.env)
		s.tool.guard.now.addEnv(c.next.env)
	case s.tool != nil:
		c.next.resting.tools[name] = s.tool
	}
}

// lastTool returns the last good version of a tool, served or resting, or nil.
func (c *compiler) lastTool(name string) *servedTool {
	return cmp.Or(c.last.tools[name], c.last.resting.tools[name])
}

// settleTool decides one tool.
func (c *compiler) settleTool(name string) settledTool {
	k := key{schema.KindTool, name}
	claims, last := c.claims[k], c.lastTool(name)
	for _, u := range claims {
		if last != nil {
			u.revive(last.unit)
		}
		c.settleCallees(u)
		if c.checkUnit(u, c.toolDependencies(u)) && c.verify && len(claims) == 1 && !u.checked.verified {
			c.verifyUnit(u)
		}
	}
	if len(claims) == 1 && claims[0].ok() && !c.circular[claims[0]] {
		u := claims[0]
		return settledTool{&servedTool{unit: u, outcome: u.checked.tool, guard: u.checked.tool.guard()}, true, false}
	}
	stale := len(claims) > 0
	if last == nil {
		return settledTool{stale: stale}
	}
	keep, successors := c.lost(k, last.unit)
	if !keep {
		return settledTool{stale: stale}
	}
	// The last good text is held against the world of now: an upstream that is
	// gone, or a variable no longer exposed, takes it out of service until it
	// is back.
	u := last.unit.keep(successors)
	s := &servedTool{unit: u, outcome: last.outcome, stale: true, guard: c.newer(last.guard, successors)}
	c.settleCallees(u)
	served := c.checkUnit(u, c.toolDependencies(u)) && !c.withdraw
	if served {
		s.outcome = u.checked.tool
	}
	return settledTool{s, served, true}
}

// toolDependencies returns what a tool is to be checked against.
func (c *checker) toolDependencies(u *unit) dependencies {
	var d dependencies
	for _, name := range u.upstreams {
		d.upstreams = append(d.upstreams, c.upstreams[name])
	}
	for _, call := range u.calls {
		d.tools = append(d.tools, c.tools[call.name])
	}
	return d
}
