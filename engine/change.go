package engine

import (
	"slices"
	"strings"

	"github.com/toolsd/toolsd/schema"
)

// A Change says what a publication did. Names are those of tools, sorted.
type Change struct {
	Before, After           *Catalog
	Added, Changed, Removed []string
	// Stale are all definitions that are stale now, as "kind name", and Mended
	// those that were, and are served as their newest source has it.
	Stale, Mended []string
	// Diagnostics are all there are now, whether new or not.
	Diagnostics []schema.Diagnostic

	told bool // something beside the tools differs: a server's words, a diagnostic
}

// Any reports whether the publication changed what is served or what is known
// of it.
func (c Change) Any() bool {
	return c.told || len(c.Added)+len(c.Changed)+len(c.Removed) > 0
}

// difference compares two catalogs. A tool has changed when its text, or
// something it is built on, has.
func difference(before, after *Catalog) Change {
	c := Change{Before: before, After: after, Diagnostics: after.diagnostics}
	for _, t := range after.tools {
		switch old := before.byName[t.Name()]; {
		case old == nil:
			c.Added = append(c.Added, t.Name())
		case old.body != t.body || !sameGuards(old.guard, t.guard):
			c.Changed = append(c.Changed, t.Name())
		}
	}
	for _, t := range before.tools {
		if after.byName[t.Name()] == nil {
			c.Removed = append(c.Removed, t.Name())
		}
	}
	still := map[string]bool{}
	for _, s := range after.stale {
		c.Stale = append(c.Stale, s.String())
		still[s.String()] = true
	}
	for _, s := range before.stale {
		if !still[s.String()] && after.serves(s.Kind, s.Name) {
			c.Mended = append(c.Mended, s.String())
		}
	}
	c.told = before.digest != after.digest ||
		before.server != after.server ||
		!slices.Equal(before.stale, after.stale) ||
		!sameFindings(before.diagnostics, after.diagnostics)
	return c
}

// sameGuards reports whether two guards say the same.
func sameGuards(a, b guard) bool {
	return slices.EqualFunc(a, b, func(x, y *accessRule) bool { return x.text == y.text })
}

// sameFindings reports whether two lists say the same of the same places.
func sameFindings(a, b []schema.Diagnostic) bool {
	return slices.EqualFunc(a, b, func(x, y schema.Diagnostic) bool {
		return x.Place == y.Place && x.Code == y.Code && x.Message == y.Message
	})
}

// String says in one line what the publication did, such as
// "2 added (a, b), 1 changed (c); stale: tool d; mended: tool e".
func (c Change) String() string {
	var parts []string
	for _, p := range []struct {
		word  string
		names []string
	}{{"added", c.Added}, {"changed", c.Changed}, {"removed", c.Removed}} {
		if len(p.names) > 0 {
			parts = append(parts, count(len(p.names), p.word)+" ("+abridge(p.names)+")")
		}
	}
	line := strings.Join(parts, ", ")
	if line == "" {
		line = "no tool changed"
	}
	if len(c.Stale) > 0 {
		line += "; stale: " + abridge(c.Stale)
	}
	if len(c.Mended) > 0 {
		line += "; mended: " + abridge(c.Mended)
	}
	return line
}
