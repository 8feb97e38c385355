package jsonschema

import (
	"strconv"

	"github.com/toolsd/toolsd/schema"
)

// manyBranches is where counting stops.
const manyBranches = 1 << 30

// A measurer finds schemas that would look at one value for ever, and counts
// how often the others do.
type measurer struct {
	*checker
	to       map[*schema.Node][]reference
	visits   map[*schema.Node]visit
	branches map[*schema.Node]int
}

type visit uint8

const (
	open visit = iota + 1
	done
)

// measure reports endless references, or else too many branches.
func (c *checker) measure() {
	m := &measurer{checker: c, to: map[*schema.Node][]reference{}, visits: map[*schema.Node]visit{}, branches: map[*schema.Node]int{}}
	for _, r := range c.refs {
		m.to[r.from] = append(m.to[r.from], r)
	}
	for _, r := range c.refs {
		m.follow(r.from, r)
	}
	if c.failed() {
		return
	}
	clear(m.visits)
	if total := m.count(c.root); total > c.bounds.Branches {
		counted := strconv.Itoa(total)
		if total == manyBranches {
			counted = "more than " + counted
		}
		c.report(TooManyBranches, c.root.Place, "nest fewer `anyOf`, `oneOf` and `allOf`",
			"combinators make one value be checked %s times, the limit is %d", counted, c.bounds.Branches)
	}
}

// follow reports references that lead back to their schema without going
// down into the value; via is the reference that was followed last.
func (m *measurer) follow(n *schema.Node, via reference) {
	switch m.visits[n] {
	case open:
		m.report(EndlessRef, via.text.Place, "refer to it from `properties` or `items`, where the value gets smaller", "%s leads back to itself for the same value", show(via.text))
		return
	case done:
		return
	}
	m.visits[n] = open
	for _, r := range m.to[n] {
		m.follow(r.to, r)
	}
	for reach, sub := range subschemas(n) {
		if reach == inPlace {
			m.follow(sub, via)
		}
	}
	m.visits[n] = done
}

// count is how often a value is looked at by n and what n applies to it. A
// schema that recurs for a part of the value counts once here: how far that
// goes depends on the value, and is bounded when there is one (see effort).
func (m *measurer) count(n *schema.Node) int {
	switch m.visits[n] {
	case open:
		return 1
	case done:
		return m.branches[n]
	}
	m.visits[n] = open
	same, below := 0, 0
	for _, r := range m.to[n] {
		same += m.count(r.to)
	}
	for reach, sub := range subschemas(n) {
		switch reach {
		case inPlace, again:
			same += m.count(sub)
		case parts:
			below += m.count(sub) - 1
		}
	}
	m.visits[n] = done
	m.branches[n] = min(max(1, same)+below, manyBranches)
	return m.branches[n]
}
