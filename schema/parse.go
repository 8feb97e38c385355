package schema

import (
	"fmt"
	"slices"
	"strings"
)

// Parse reads one document strictly. The definition is nil when its kind and
// name cannot be made out; otherwise it holds all that could be read, and
// Complete says whether that is everything. Every fault is listed, snippets
// filled in, in the order of the text.
func Parse(d Document) (*Definition, []Diagnostic) {
	p := parser{document: d}
	def := p.definition()
	ds := p.sorted()
	if def != nil {
		def.Complete = !HasErrors(ds)
	}
	return def, ds
}

// maxDiagnostics is how many diagnostics are listed for one document.
const maxDiagnostics = 1000

// sorted returns the diagnostics in order, with their snippets.
func (p *parser) sorted() []Diagnostic {
	ds := SortDiagnostics(p.diagnostics)
	if len(ds) == 0 {
		return nil
	}
	if len(ds) > maxDiagnostics {
		last := ds[maxDiagnostics]
		ds = append(ds[:maxDiagnostics], codeTooManyFaults.At(last.Place, fmt.Sprintf("more than %d faults; the others are not listed", maxDiagnostics), ""))
	}
	t := newText(p.document.File, p.document.Line, p.document.Text)
	for i := range ds {
		if i > 0 && ds[i].Place.Line == ds[i-1].Place.Line {
			ds[i].Snippet = ds[i-1].Snippet
		} else {
			ds[i].Snippet = t.snippet(ds[i].Place)
		}
	}
	return ds
}

type parser struct {
	document    Document
	diagnostics []Diagnostic
}

func (p *parser) report(c Code, at Place, message, hint string) {
	p.diagnostics = append(p.diagnostics, c.At(at, message, hint))
}

// fix gives the last diagnostic its fix, if there is one.
func (p *parser) fix(edits []Edit) { p.diagnostics[len(p.diagnostics)-1].Fix = edits }

func (p *parser) definition() *Definition {
	r := p.read()
	root, partial := r.root, r.partial
	start := Place{File: p.document.File, Line: p.document.Line, Column: 1}
	if root == nil {
		return p.unread(r.text)
	}
	if root.Kind != Map {
		if !root.faulty() && !partial {
			hint := "begin it with tool: and a name"
			if root.Kind == List {
				hint = "write each definition without the -, and a line --- between two"
			}
			p.report(codeNoKind, root.Place, "a definition is a mapping, not "+root.Kind.noun(), hint)
		}
		return nil
	}
	kind, entry, ok := p.kind(root, partial, start)
	if !ok {
		return nil
	}
	w := walker{partial: partial}
	w.object(root, document(kind), entry.Value.Place)
	p.diagnostics = append(p.diagnostics, w.diagnostics...)
	if entry.Value.inside.bad {
		return nil
	}
	def := &Definition{Kind: kind, Name: entry.Value.Text, Place: entry.Value.Place, Line: p.document.Line, Root: root}
	fill(def, root)
	if access := def.access(); access != nil && (w.guard || partial) {
		if *access == nil {
			*access = &Access{Place: def.Place, Written: w.guard}
		}
		(*access).Readable = false
	}
	return def
}

// kind returns the one entry of a document that says what it defines.
func (p *parser) kind(root *Node, partial bool, start Place) (Kind, Entry, bool) {
	var found []int
	for i, e := range root.Entries {
		if slices.Contains(kindWords, e.Key) {
			found = append(found, i)
		}
	}
	if len(found) == 0 {
		if !partial && !root.inside.flawed {
			p.noKind(root, start)
		}
		return "", Entry{}, false
	}
	e := root.Entries[found[0]]
	if len(found) > 1 {
		hint := "divide them by a line ---"
		if root.Get("tool") != nil && root.Get("upstream") != nil {
			hint = "put upstream under http:"
		}
		second := root.Entries[found[1]]
		d := codeTwoKinds.At(second.KeyPlace, fmt.Sprintf("a document defines one thing, and this one is a %s already", e.Key), hint)
		d.Related = []Related{{Place: e.KeyPlace, Message: e.Key + " stands here"}}
		p.diagnostics = append(p.diagnostics, d)
		return "", Entry{}, false
	}
	if document(Kind(e.Key)) == nil {
		p.report(codeNotServedYet, e.KeyPlace, fmt.Sprintf("%q is not served yet", e.Key), "leave the document out")
		return "", Entry{}, false
	}
	if found[0] != 0 {
		d := codeKindFirst.At(e.KeyPlace, fmt.Sprintf("%q is not the first key", e.Key), "put it first, so that a reader sees what is defined")
		if !partial {
			d.Fix = moveUp(root, found[0])
		}
		p.diagnostics = append(p.diagnostics, d)
	}
	return Kind(e.Key), e, true
}

func (p *parser) noKind(root *Node, start Place) {
	hint := "begin it with tool:, upstream: or server: and a name"
	for _, e := range root.Entries {
		if near, ok := Nearest(e.Key, kindWords); ok {
			p.report(codeNoKind, e.KeyPlace, "the document does not say what it defines", fmt.Sprintf("did you mean %s instead of %s?", near, e.Key))
			return
		}
	}
	if len(root.Entries) > 0 {
		start = root.Entries[0].KeyPlace
	}
	p.report(codeNoKind, start, "the document does not say what it defines", hint)
}

// unread makes out kind and name of a document that could not be read as
// YAML, from its lines alone. Nothing else of it is known, its guards least.
func (p *parser) unread(t *text) *Definition {
	var def *Definition
	for i := range t.lines() {
		key, value, ok := strings.Cut(string(t.line(i)), ":")
		o := document(Kind(key))
		if !ok || o == nil {
			continue
		}
		name := strings.Trim(strings.TrimSpace(value), `"'`)
		if def != nil || !o.Fields[0].Type.Name.Allows(name) {
			return nil
		}
		from := strings.Index(string(t.line(i)), name)
		def = &Definition{Kind: Kind(key), Name: name, Place: t.stretch(i, from, from+len(name)), Line: p.document.Line}
	}
	if def == nil {
		return nil
	}
	fill(def, &Node{Kind: Map})
	if access := def.access(); access != nil {
		*access = &Access{Place: def.Place}
	}
	return def
}

// access returns where the definition keeps who may use it, or nil when its
// kind has no such rule.
func (d *Definition) access() **Access {
	switch d.Kind {
	case KindTool:
		return &d.Tool.Access
	case KindServer:
		return &d.Server.Access
	}
	return nil
}
