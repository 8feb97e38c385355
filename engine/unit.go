package engine

import (
	"crypto/sha256"
	"slices"

	"github.com/toolsd/toolsd/schema"
)

// A unit is one document with what it came to. It is immutable once its
// compilation is done, and units of an unchanged text are carried from one
// compilation to the next.
type unit struct {
	doc  schema.Document
	hash [sha256.Size]byte

	key      key // zero when kind and name cannot be made out
	name     schema.Place
	upstream string // that a tool calls, by name
	complete bool
	// def is kept only while the unit is being checked, and afterwards if it
	// has an error: its guards may be wanted again.
	def   *schema.Definition
	line  int                 // doc.Line when it was parsed and checked
	found []schema.Diagnostic // of parsing, at line

	checked *checked // nil before it is checked
}

// A key names a definition among all.
type key struct {
	kind schema.Kind
	name string
}

// checked is what checking a unit came to, against what it was checked.
type checked struct {
	against  dependencies
	tool     *checkedTool     // of a tool without errors
	upstream *checkedUpstream // of an upstream without errors
	server   *checkedServer   // of a server without errors
	found    []schema.Diagnostic
}

// dependencies are what the outcome of a check depends on beside the text.
type dependencies struct {
	expose   string // names of exposed variables, joined
	upstream *checkedUpstream
	// What a stale upstream may not do, since its newest source says otherwise.
	denyPrivate bool
	redirects   string
}

// ok reports whether the unit can be served.
func (u *unit) ok() bool {
	c := u.checked
	return u.complete && c != nil && !schema.HasErrors(c.found) && (c.tool != nil || c.upstream != nil || c.server != nil)
}

// place is where the name of the definition stands now.
func (u *unit) place() schema.Place { return u.moved(u.name) }

// moved shifts a place by the lines that the document has moved since it was
// parsed.
func (u *unit) moved(p schema.Place) schema.Place {
	if p.Line != 0 {
		p.Line += u.doc.Line - u.line
	}
	return p
}

// diagnostics returns what was found in the unit, at its places of now.
func (u *unit) diagnostics() []schema.Diagnostic {
	found := slices.Clone(u.found)
	if u.checked != nil {
		found = append(found, u.checked.found...)
	}
	for i := range found {
		found[i].Place = u.moved(found[i].Place)
		found[i].Related = slices.Clone(found[i].Related)
		for j := range found[i].Related {
			found[i].Related[j].Place = u.moved(found[i].Related[j].Place)
		}
	}
	return found
}

// parse reads a document into a unit.
func parse(doc schema.Document, hash [sha256.Size]byte) *unit {
	u := &unit{doc: doc, hash: hash, line: doc.Line}
	u.found = guarded(doc, func() []schema.Diagnostic {
		def, found := schema.Parse(doc)
		if def != nil {
			u.def, u.key, u.name = def, key{def.Kind, def.Name}, def.Place
			u.complete = def.Complete
			if def.Tool != nil && def.Tool.HTTP != nil {
				u.upstream = def.Tool.HTTP.Upstream
			}
		}
		return found
	})
	return u
}

// carry returns the unit for the same text in a new reading of its file.
func (u *unit) carry(doc schema.Document) *unit {
	next := *u
	next.doc = doc
	return &next
}

// definition returns the parsed definition, parsing the text again when it
// was let go. Places are as of line.
func (u *unit) definition() *schema.Definition {
	if u.def != nil {
		return u.def
	}
	doc := u.doc
	doc.Line = u.line
	def, _ := schema.Parse(doc)
	return def
}

// settled lets go of what only checking needed.
func (u *unit) settled() {
	if u.ok() {
		u.def = nil
	}
}
