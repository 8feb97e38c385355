package engine

import (
	"bytes"
	"crypto/sha256"
	"slices"

	"github.com/toolsd/toolsd/schema"
)

// A unit is one document with what it came to. It is immutable once its
// compilation is done, and units of an unchanged text are carried from one
// compilation to the next.
type unit struct {
	doc  schema.Document
	text []byte // that of doc, in memory that holds little else
	hash [sha256.Size]byte

	home      string // the file in which the newest source of it stands
	key       key    // zero when kind and name cannot be made out
	name      schema.Place
	upstreams []string   // that a tool calls, by name
	calls     []toolCall // of other tools, by its steps
	complete  bool
	def       *schema.Definition  // until the unit is checked: it is many times the size of the text
	line      int                 // doc.Line when it was parsed and checked
	found     []schema.Diagnostic // of parsing, at line
	ignores   []schema.Ignore     // at line

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
	around   string           // what there was to use, which the faults may speak of
	tool     *checkedTool     // of a tool without errors
	upstream *checkedUpstream // of an upstream without errors
	server   *checkedServer   // of a server without errors
	env      map[string]any   // the variables that it uses, nil for one that is missing
	exposed  []string         // variables that it uses where only exposed ones may stand
	verified bool             // its tests were run
	found    []schema.Diagnostic
	secrets  []plainSecret // where lint ran
}

// dependencies are what the outcome of a check depends on beside the text, the
// environment and what is exposed.
type dependencies struct {
	upstreams []*checkedUpstream // as in unit.upstreams; nil where there is none
	tools     []*checkedTool     // as in unit.calls
	// What a stale upstream may not do, since its newest source says otherwise.
	denyPrivate bool
	redirects   string
}

// equal reports whether a check against the one comes to the same as against
// the other.
func (d dependencies) equal(other dependencies) bool {
	return slices.Equal(d.upstreams, other.upstreams) && slices.Equal(d.tools, other.tools) &&
		d.denyPrivate == other.denyPrivate && d.redirects == other.redirects
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
		found[i].Fix = found[i].MovedFix(u.doc.Line - u.line)
		found[i].Related = slices.Clone(found[i].Related)
		for j := range found[i].Related {
			found[i].Related[j].Place = u.moved(found[i].Related[j].Place)
		}
	}
	return found
}

// parse reads a document into a unit. alone says that it has its file for
// itself: otherwise a unit that outlives the file would keep it in memory.
func parse(doc schema.Document, hash [sha256.Size]byte, alone bool) *unit {
	u := &unit{doc: doc, text: doc.Text, hash: hash, home: doc.File, line: doc.Line}
	if !alone {
		u.text = bytes.Clone(doc.Text)
	}
	u.found = guarded(doc, func() []schema.Diagnostic {
		def, found := schema.Parse(doc)
		u.ignores = schema.Ignores(doc)
		if def != nil {
			u.def, u.key, u.name = def, key{def.Kind, def.Name}, def.Place
			u.complete = def.Complete
			if def.Tool != nil {
				u.upstreams, u.calls = def.Tool.Upstreams(), callsOf(def.Tool)
			}
		}
		return found
	})
	return u
}

// carry returns the unit for the same text in a new reading of its file.
func (u *unit) carry(doc schema.Document) *unit {
	next := *u
	next.doc, next.home = doc, doc.File
	return &next
}

// keep returns the unit for another compilation that goes on with it although
// newer sources took its place.
func (u *unit) keep(successors []*unit) *unit {
	next := *u
	if len(successors) > 0 {
		next.home = successors[0].doc.File
	}
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

// revive makes the unit, which is of the text that was good last, the one that
// was: nothing has changed since.
func (u *unit) revive(last *unit) {
	if u.hash == last.hash && u.doc.File == last.doc.File && u.checked != last.checked {
		*u = *last.carry(u.doc)
	}
}
