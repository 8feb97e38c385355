package schema

import (
	"fmt"
	"slices"
	"strings"
)

// walker holds a document's nodes against the field table. What it finds
// wanting it takes out of the tree, so that whoever reads the tree afterwards
// meets nothing that is not as the table says.
type walker struct {
	diagnostics []Diagnostic
	// partial says that a fault of YAML may have swallowed parts of the
	// document: what seems to be missing is not reported.
	partial bool
	// guard says that the rule of access may have been lost.
	guard bool
}

func (w *walker) report(c Code, p Place, message, hint string) {
	w.diagnostics = append(w.diagnostics, c.At(p, message, hint))
}

// fix gives the last diagnostic its fix, if there is one.
func (w *walker) fix(edits []Edit) { w.diagnostics[len(w.diagnostics)-1].Fix = edits }

// keys are the keys of a mapping with their places; those that were most
// likely meant by another spelling are there with no place.
type keys map[string]Place

// has reports whether a key was written, or meant.
func (k keys) has(name string) bool {
	_, ok := k[name]
	return ok
}

// spelt reports whether a key was written.
func (k keys) spelt(name string) bool { return k[name].Line > 0 }

// object checks the members of a mapping. at is where a missing one is
// reported.
func (w *walker) object(n *Node, o *Object, at Place) {
	written := make(keys, len(n.Entries))
	kept := n.Entries[:0]
	var elsewhere []string // fields of which a part stands under another key
	parent := ""           // a key without a value, whose members stand beside it
	for i, e := range n.Entries {
		written[e.Key] = e.KeyPlace
		f := o.field(e.Key)
		stray := parent != "" && o.stray(e)
		parent = o.parent(n.Entries[i:], parent, stray)
		switch {
		case stray:
			n.inside.flawed = true
		case parent != "" && f != nil && f.Instead == "":
			w.beside(e, n.Entries[i+1])
			n.inside.flawed = true
		case f == nil:
			meant := w.unknownKey(e, o)
			if !written.has(meant) {
				written[meant] = Place{}
			}
			elsewhere = append(elsewhere, meant)
			n.inside.flawed = true
		case f.Instead != "":
			w.report(codeNotServedYet, e.KeyPlace, fmt.Sprintf("%q is not served yet", e.Key), f.Instead)
			n.inside.flawed = true
		default:
			w.field(e.Value, f)
			n.inside.flawed = n.inside.flawed || e.Value.faulty()
			if !e.Value.inside.bad {
				kept = append(kept, e)
			}
		}
	}
	n.Entries = slices.DeleteFunc(kept, func(e Entry) bool {
		return o.field(e.Key).Kind == Data && slices.Contains(elsewhere, e.Key)
	})
	if w.partial || n.inside.flawed && len(written) == 0 {
		return
	}
	before := len(w.diagnostics)
	w.required(o, written, at)
	for _, c := range o.Choices {
		w.choice(o, c, written, at)
	}
	n.inside.flawed = n.inside.flawed || len(w.diagnostics) > before
}

func (w *walker) field(n *Node, f *Field) {
	w.value(n, f.Kind, f.Type, f.Name)
	if f.WarnJSON {
		w.looksLikeJSON(n)
	}
	w.guard = w.guard || f.Name == "access" && n.inside.bad
}

// unknownKey reports a key that an object does not have, and returns the one
// that was most likely meant, if any.
func (w *walker) unknownKey(e Entry, o *Object) (meant string) {
	if strings.Contains(e.Key, "${") {
		w.slotInKey(e)
		return ""
	}
	if name, rest, ok := strings.Cut(e.Key, ":"); ok && o.field(name) != nil {
		at := e.KeyPlace
		at.Column, at.Length = at.Column+len(name), 1
		w.guard = w.guard || name == "access"
		w.report(codeSyntax, at, "a space is missing after the colon", "write "+name+": "+rest+": …")
		return name
	}
	if o.field("inputSchema") != nil && slices.Contains(schemaWords, e.Key) {
		w.report(codeUnknownKey, e.KeyPlace, fmt.Sprintf("unknown key %q", e.Key), e.Key+" stands under inputSchema")
		return "inputSchema"
	}
	hint := "the keys of " + o.Name + " are: " + strings.Join(o.served(), ", ")
	meant, near := o.meant(e.Key)
	if near {
		hint = "did you mean " + meant + "?"
		w.guard = w.guard || meant == "access"
	} else if owner := o.owner(e.Key); owner != "" {
		hint = e.Key + " stands under " + owner
	}
	if where, ok := o.Elsewhere[e.Key]; ok {
		meant, hint = "", e.Key+" stands "+where
	}
	w.report(codeUnknownKey, e.KeyPlace, fmt.Sprintf("unknown key %q", e.Key), hint)
	return meant
}

// schemaWords are keywords of a JSON Schema for an object, which are met beside
// inputSchema when they are not indented below it.
var schemaWords = []string{"type", "properties", "required", "additionalProperties", "$defs"}

// stray reports whether an entry is one that an object does not know, and that
// is no misspelt one either.
func (o *Object) stray(e Entry) bool {
	_, near := o.meant(e.Key)
	return o.field(e.Key) == nil && !near && !strings.ContainsAny(e.Key, ":${")
}

// parent returns the key, if any, to which the next of some entries belongs
// although it stands beside it: the first of them when nothing is written for
// it, or the one to which the first belongs itself.
func (o *Object) parent(entries []Entry, parent string, stray bool) string {
	switch {
	case stray:
		return parent
	case len(entries) > 1 && entries[0].Value.blank() && o.takesMembers(entries[0].Key) && o.stray(entries[1]):
		return entries[0].Key
	}
	return ""
}

// takesMembers reports whether the value of a key may hold keys; nothing is
// known of one that is not a field.
func (o *Object) takesMembers(key string) bool {
	f := o.field(key)
	return f == nil || slices.Contains([]Form{AnyForm, LeavesForm, MappingForm, ObjectForm, ListForm}, f.Type.Form)
}

// beside reports a key that stands beside the one that it belongs to.
func (w *walker) beside(e, next Entry) {
	w.guard = w.guard || e.Key == "access"
	w.report(codeIndent, next.KeyPlace, fmt.Sprintf("%q stands beside %q, which has no value", next.Key, e.Key), "indent it below "+e.Key)
}

// owner returns the field of an object under which a key would be known.
func (o *Object) owner(key string) string {
	for _, f := range o.Fields {
		if f.Type.Form == ObjectForm && f.Type.Object.field(key) != nil {
			return f.Name
		}
	}
	return ""
}

// meant returns the field that a key most likely stands for.
func (o *Object) meant(key string) (string, bool) {
	if name, ok := o.also(key); ok {
		return name, true
	}
	return Nearest(key, o.served())
}

// also returns the field that a key of other programs stands for.
func (o *Object) also(key string) (string, bool) {
	for _, f := range o.Fields {
		for _, word := range f.Also {
			if strings.EqualFold(word, key) {
				return f.Name, true
			}
		}
	}
	return "", false
}

// meanings says what a few fields are for.
func (o *Object) meanings(names []string) string {
	var said []string
	for _, name := range names {
		said = append(said, name+": "+lowerFirst(o.field(name).Meaning))
	}
	return strings.Join(said, "; ")
}

func (w *walker) required(o *Object, written keys, at Place) {
	for _, f := range o.Fields {
		if f.Required && !written.has(f.Name) {
			w.report(codeMissingField, at, fmt.Sprintf("%s needs %q", o.Name, f.Name), lowerFirst(f.Meaning))
		}
		if f.With != "" && written.spelt(f.Name) && !written.has(f.With) {
			w.report(codeNeedsField, written[f.Name], fmt.Sprintf("%q means nothing without %q", f.Name, f.With), addHint(f, written))
		}
	}
}

// addHint says what to do about a field without the one that gives it a
// meaning.
func addHint(f Field, written keys) string {
	if f.Name == errorsField.Name && written.has(stepsField.Name) {
		return "in a tool of steps, errors stands beside the http of a step"
	}
	return "add " + f.With + ", or leave " + f.Name + " out"
}

func (w *walker) choice(o *Object, c Choice, written keys, at Place) {
	var there, known []string
	other := false // one is meant that is misspelt, or not served yet
	for _, name := range c.Of {
		served := o.field(name).Instead == ""
		if served {
			known = append(known, name)
		}
		if served && written.spelt(name) {
			there = append(there, name)
		} else {
			other = other || written.has(name)
		}
	}
	switch {
	case len(there) == 0 && c.Required && !other:
		w.report(codeMissingField, at, o.Name+" needs one of "+strings.Join(known, ", "), o.meanings(known))
	case len(there) > 1 && !c.Any:
		slices.SortFunc(there, func(a, b string) int { return comparePlaces(written[a], written[b]) })
		for _, name := range there[1:] {
			d := codeConflict.At(written[name], fmt.Sprintf("%q and %q exclude each other", there[0], name), "keep one of them")
			d.Related = []Related{{Place: written[there[0]], Message: there[0] + " stands here"}}
			w.diagnostics = append(w.diagnostics, d)
		}
	}
}

func comparePlaces(a, b Place) int {
	if a.Line != b.Line {
		return a.Line - b.Line
	}
	return a.Column - b.Column
}

func lowerFirst(s string) string {
	return strings.ToLower(s[:1]) + strings.TrimSuffix(s[1:], ".")
}
