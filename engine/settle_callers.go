package engine

import (
	"slices"

	"github.com/toolsd/toolsd/schema"
)

// A toolCourse is how far the tools are settled whose steps call others, which
// have to be settled before.
type toolCourse struct {
	circular map[*unit]bool  // their newest texts call each other in a circle
	settled  map[string]bool // callers; false for one that is about to be
	parted   bool            // a tool was settled without one that was about to be
}

// partCallers parts the names of tools into those that stand alone, and those
// that may call other tools.
func (c *compiler) partCallers(names []string) (alone, callers []string) {
	alone = slices.DeleteFunc(names, func(name string) bool {
		calls := c.mayCall(name)
		if calls {
			callers = append(callers, name)
		}
		return calls
	})
	return alone, callers
}

// mayCall reports whether a source of a tool, or its last good version, calls
// other tools.
func (c *compiler) mayCall(name string) bool {
	for _, u := range c.claims[key{schema.KindTool, name}] {
		if len(u.calls) > 0 {
			return true
		}
	}
	last := c.lastTool(name)
	return last != nil && len(last.unit.calls) > 0
}

// present are the names of tools that there are, those with faults too, sorted.
// Where nobody calls another tool, nobody asks.
func (c *compiler) present(alone, callers []string) []string {
	if len(callers) == 0 {
		return nil
	}
	names := slices.Concat(alone, callers)
	slices.Sort(names)
	return slices.DeleteFunc(names, func(name string) bool {
		k := key{schema.KindTool, name}
		if len(c.claims[k]) > 0 {
			return false
		}
		keep, _ := c.lost(k, c.lastTool(name).unit)
		return !keep
	})
}

// settleCallers settles the tools that may call others.
func (c *compiler) settleCallers(names []string) {
	for _, name := range names {
		c.settleCaller(name)
	}
	for more := c.parted; more; {
		// What was out of reach then may be served now, which makes no circle:
		// nothing that is served calls what is not.
		more = false
		for _, name := range names {
			if c.next.tools[name] == nil {
				delete(c.lasting, key{schema.KindTool, name})
				delete(c.next.resting.tools, name)
				c.enter(name, c.settleTool(name))
				more = more || c.next.tools[name] != nil
			}
		}
	}
}

// settleCaller settles a tool that may call others, once.
func (c *compiler) settleCaller(name string) {
	if settled, begun := c.settled[name]; begun {
		c.parted = c.parted || !settled
		return
	}
	c.settled[name] = false
	c.enter(name, c.settleTool(name))
	c.settled[name] = true
}

// settleCallees settles the tools that a unit calls. One that is about to be
// settled already calls the unit's own, so that the two would go round in a
// circle: for this unit it is not there.
func (c *compiler) settleCallees(u *unit) {
	for _, call := range u.calls {
		if c.mayCall(call.name) {
			c.settleCaller(call.name)
		}
	}
}
