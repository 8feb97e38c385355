package engine

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/toolsd/toolsd/schema"
)

// A compilation is what all sources came to: what is served, and what there
// is to say about them. It is immutable.
type compilation struct {
	readings    map[string]*reading // by name of the source
	server      *servedServer
	upstreams   map[string]*servedUpstream
	tools       map[string]*servedTool
	toolNames   []string // of tools, sorted
	resting     resting
	stale       []StaleDefinition
	diagnostics []schema.Diagnostic
	env         map[string]any // what served definitions use of the environment
}

// resting are last good versions that are not served, since what they need is
// gone or broken definitions are to be withdrawn. They come back with it.
type resting struct {
	upstreams map[string]*servedUpstream
	tools     map[string]*servedTool
}

// A compiler makes one compilation out of sources and the one before.
type compiler struct {
	checker
	verify  bool
	last    *compilation
	next    *compilation
	units   []*unit             // in the order of files and lines
	claims  map[key][]*unit     // by name, identified documents only
	vague   map[string]bool     // files that hold something unidentified
	found   []schema.Diagnostic // beside those of units
	lasting map[key]bool        // stale definitions, withdrawn ones included
	toolCourse

	unreadable []string // names of sources that could not be read
}

// compile makes the next compilation. It is pure but for the environment that
// the options look up.
func compile(sources []schema.Source, last *compilation, o *Options) *compilation {
	c := &compiler{
		checker: newChecker(o),
		verify:  o.Verify,
		last:    last,
		next: &compilation{
			readings: make(map[string]*reading, len(sources)), upstreams: map[string]*servedUpstream{}, tools: map[string]*servedTool{}, env: map[string]any{},
			resting: resting{upstreams: map[string]*servedUpstream{}, tools: map[string]*servedTool{}},
		},
		claims:     map[key][]*unit{},
		vague:      map[string]bool{},
		lasting:    map[key]bool{},
		toolCourse: toolCourse{circular: map[*unit]bool{}, settled: map[string]bool{}},
	}
	c.read(sources)
	c.reportDuplicates()
	c.reportCycles()
	c.settleServer()
	c.settleUpstreams()
	c.settleTools()
	c.finish(sources)
	return c.next
}

// reportDuplicates gives each of several definitions of one name a diagnostic
// that shows the others.
func (c *compiler) reportDuplicates() {
	for k, units := range c.claims {
		if len(units) < 2 {
			continue
		}
		for i, u := range units {
			message, hint := fmt.Sprintf("%s %q is defined more than once", k.kind, k.name), "give one of them another name"
			if k.kind == schema.KindServer {
				message, hint = "more than one server definition", "keep one of them"
			}
			d := duplicateName.At(u.place(), message, hint)
			d.Related = others(units, i, "also here")
			c.found = append(c.found, d)
		}
	}
}

// others are the places of the first three units beside the i-th.
func others(units []*unit, i int, message string) []schema.Related {
	var related []schema.Related
	for j, other := range units {
		if j != i && len(related) < 3 {
			related = append(related, schema.Related{Place: other.place(), Message: message})
		}
	}
	return related
}

// lost says why the definition served under a key is not simply the newest:
// keep reports whether its last good version may go on, and successors are
// the documents that took its place.
func (c *compiler) lost(k key, last *unit) (keep bool, successors []*unit) {
	claims := c.claims[k]
	if len(claims) > 0 {
		same := slices.DeleteFunc(slices.Clone(claims), func(u *unit) bool { return u.doc.File != last.home })
		if len(same) > 0 {
			return true, same
		}
		return true, claims
	}
	for _, name := range c.unreadable {
		if name == last.home || strings.HasSuffix(name, "/") && strings.HasPrefix(last.home, name) {
			return true, nil
		}
	}
	return c.vague[last.home], nil
}

// finish collects what is said.
func (c *compiler) finish(sources []schema.Source) {
	n := c.next
	found := c.found
	for _, u := range c.units {
		found = append(found, u.diagnostics()...)
	}
	if c.options.Lint {
		found = append(found, c.lintAll()...)
	}
	found = c.silence(found)
	if len(found) > 0 {
		schema.Snippets(found, sources...)
	}
	if c.options.Lint {
		c.conceal(found)
	}
	n.diagnostics = schema.SortDiagnostics(found)
	for k := range c.lasting {
		n.stale = append(n.stale, c.staleDefinition(k))
	}
	slices.SortFunc(n.stale, func(a, b StaleDefinition) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name))
	})
}

// staleDefinition says what is served of a definition whose newest source has
// a fault.
func (c *compiler) staleDefinition(k key) StaleDefinition {
	s := StaleDefinition{Kind: k.kind, Name: k.name, Withdrawn: true}
	serve := func(u *unit) { s.Name, s.Place, s.Withdrawn = u.key.name, u.place(), false }
	switch {
	case k.kind == schema.KindTool && c.next.tools[k.name] != nil:
		serve(c.next.tools[k.name].unit)
	case k.kind == schema.KindUpstream && c.next.upstreams[k.name] != nil:
		serve(c.next.upstreams[k.name].unit)
	case k.kind == schema.KindServer && !c.next.server.guard.new:
		serve(c.next.server.unit)
	case k.kind == schema.KindServer:
		s.Name = c.next.server.unit.key.name
	}
	return s
}
