package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"

	"github.com/toolsd/toolsd/schema"
)

// A Catalog is a complete set of compiled definitions, frozen when it is
// built. A call that starts on a catalog finishes on it, whatever is
// published meanwhile.
type Catalog struct {
	generation  uint64
	digest      string
	tools       []*Tool // sorted by name
	byName      map[string]*Tool
	server      ServerInfo
	stale       []StaleDefinition
	diagnostics []schema.Diagnostic
	guarded     bool
	upstreams   map[string]*servedUpstream
	secrets     func() []string // worked out once, on first use
}

// ServerInfo is what definitions say of the server as a whole.
type ServerInfo struct {
	Name, Title, Version, Instructions string
}

// A StaleDefinition is served as it last was good, or withdrawn, because its
// newest source has a fault.
type StaleDefinition struct {
	Kind      schema.Kind
	Name      string
	Place     schema.Place // in the source that is being served
	Withdrawn bool
}

// String is the kind and the name.
func (s StaleDefinition) String() string { return string(s.Kind) + " " + s.Name }

// Generation counts publications.
func (c *Catalog) Generation() uint64 { return c.generation }

// Digest identifies the definitions that are served, in hexadecimal digits.
// Equal digests serve alike where the variables have the same values: these are
// no part of it, since anyone may read a digest and some are secrets.
func (c *Catalog) Digest() string { return c.digest }

// Tools returns all tools, sorted by name. Nobody writes to the slice.
func (c *Catalog) Tools() []*Tool { return c.tools }

// Tool returns the tool of a name, or nil.
func (c *Catalog) Tool(name string) *Tool { return c.byName[name] }

// Server returns what is said of the server.
func (c *Catalog) Server() ServerInfo { return c.server }

// Stale returns the definitions whose newest source has a fault, sorted.
func (c *Catalog) Stale() []StaleDefinition { return c.stale }

// Diagnostics returns what there is to say about the newest sources, sorted.
func (c *Catalog) Diagnostics() []schema.Diagnostic { return c.diagnostics }

// VisibleToAll reports that no access rule stands anywhere: what is listed
// does not depend on who asks.
func (c *Catalog) VisibleToAll() bool { return !c.guarded }

// Visible returns the tools that the caller of ctx may see and call, sorted by
// name. Nobody writes to the slice.
func (c *Catalog) Visible(ctx context.Context) []*Tool {
	if !c.guarded {
		return c.tools
	}
	who := CallerFrom(ctx)
	var visible []*Tool
	for _, t := range c.tools {
		if t.allows(ctx, who) {
			visible = append(visible, t)
		}
	}
	return visible
}

// Secrets returns the values of the environment that definitions use and that
// are not exposed, longest first, for masking.
func (c *Catalog) Secrets() []string { return c.secrets() }

// build builds every tool and returns what went wrong.
func (c *Catalog) build() []schema.Diagnostic {
	found := make([][]schema.Diagnostic, len(c.tools))
	parallel(len(c.tools), func(i int) { found[i] = c.tools[i].buildDiagnostics() })
	return slices.Concat(found...)
}

// serves reports whether there is a definition of a kind and name.
func (c *Catalog) serves(kind schema.Kind, name string) bool {
	switch kind {
	case schema.KindTool:
		return c.byName[name] != nil
	case schema.KindUpstream:
		return c.upstreams[name] != nil
	}
	return c.server.Name == name
}

// newCatalog freezes what a compilation serves.
func newCatalog(from *compilation, generation uint64, bounds Bounds) *Catalog {
	c := &Catalog{
		generation:  generation,
		tools:       make([]*Tool, 0, len(from.tools)),
		byName:      make(map[string]*Tool, len(from.tools)),
		server:      from.server.info(),
		stale:       from.stale,
		diagnostics: from.diagnostics,
		guarded:     len(from.server.rules()) > 0,
		upstreams:   from.upstreams,
	}
	for _, name := range from.toolNames {
		s := from.tools[name]
		t := &Tool{
			body:  s.outcome,
			place: s.unit.place(),
			guard: slices.Concat(from.server.rules(), s.guard.now),
			stale: s.stale,
		}
		t.timeout, t.limit = from.server.defaults(s.outcome, bounds)
		c.tools = append(c.tools, t)
		c.byName[name] = t
		c.guarded = c.guarded || len(t.guard) > 0
	}
	c.digest = digest(from)
	c.secrets = sync.OnceValue(func() []string { return secrets(from) })
	return c
}

// digest hashes what is served: the text of each definition, in order, and
// what newer sources with a fault allow and forbid them beside it.
func digest(c *compilation) string {
	h := sha256.New()
	add := func(u *unit, g guard, beside ...string) {
		h.Write(u.hash[:])
		for _, rule := range g {
			beside = append(beside, rule.text)
		}
		if len(beside) > 0 {
			fmt.Fprintf(h, "%q", beside)
		}
	}
	if s := c.server; s != nil {
		add(s.unit, s.guard.now, s.expose...)
	}
	for _, name := range slices.Sorted(maps.Keys(c.upstreams)) {
		u := c.upstreams[name].unit
		if against := u.checked.against; !against.equal(dependencies{}) {
			add(u, nil, strconv.FormatBool(against.denyPrivate), against.redirects)
			continue
		}
		add(u, nil)
	}
	for _, name := range c.toolNames {
		add(c.tools[name].unit, c.tools[name].guard.now)
	}
	return hex.EncodeToString(h.Sum(nil))
}
