package expression

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/toolsd/toolsd/engine/jsonschema"
	"github.com/toolsd/toolsd/schema"
)

// maxComparisons bounds how much of a result is held against its schema: what
// a short expression makes may hold one part many times over.
const maxComparisons = 10_000

// Misfits says where a value cannot fit what is wanted of it, as outputSchema
// wants it: a member that is missing or refused, a value of another kind or
// outside an enum. What may or may not fit is no misfit. Parts that were
// written in an expression of this scope are shown at their own place, the
// others at the place of the whole.
func (s *Scope) Misfits(value, want *jsonschema.Type, whole schema.Place) []schema.Diagnostic {
	m := misfits{shapes: s.shapes, code: OutputMismatch, of: "outputSchema"}
	if m.hasBytes(value) {
		return nil // it is sent as it is
	}
	m.value(value, want, whole, "")
	return schema.SortDiagnostics(m.found)
}

// ExprMisfits is Misfits for the value of an expression.
func (s *Scope) ExprMisfits(e *Expr, want *jsonschema.Type) []schema.Diagnostic {
	return s.Misfits(s.Type(e), want, e.place)
}

// TemplateMisfits is Misfits for a template that was read from n, rendered
// InResult.
func (s *Scope) TemplateMisfits(t *Template, n *schema.Node, want *jsonschema.Type) []schema.Diagnostic {
	m := misfits{shapes: s.shapes, code: OutputMismatch, of: "outputSchema"}
	if m.hasBytes(s.TemplateType(t)) {
		return nil
	}
	m.template(s, t, n, want, "")
	return schema.SortDiagnostics(m.found)
}

// ArgumentMisfits is Misfits for a template of the arguments of a tool, which
// fills in what has a default: only what is required has to be there.
func (s *Scope) ArgumentMisfits(t *Template, n *schema.Node, want *jsonschema.Type, required []string, tool string) []schema.Diagnostic {
	m := misfits{shapes: s.shapes, code: InputMismatch, of: "the inputSchema of " + tool}
	m.optional = func(path, name string) bool { return path != "" || !slices.Contains(required, name) }
	m.template(s, t, n, want, "")
	return schema.SortDiagnostics(m.found)
}

type misfits struct {
	shapes map[*jsonschema.Type]shape
	code   schema.Code
	of     string // what wants it
	// optional says of what is always there in the end whether it may be
	// missing here; nil is that it may not.
	optional func(path, name string) bool
	seen     int
	found    []schema.Diagnostic
}

func (m *misfits) hasBytes(t *jsonschema.Type) bool {
	return slices.ContainsFunc(t.Each(), func(o *jsonschema.Type) bool { return o.Kind == jsonschema.BytesKind })
}

func (m *misfits) report(at schema.Place, hint, format string, args ...any) {
	m.found = append(m.found, m.code.At(at, m.of+" "+fmt.Sprintf(format, args...), hint))
}

// in says where in the result something is.
func in(path string) string {
	if path == "" {
		return ""
	}
	return " at " + path
}

// template goes down a template beside the nodes that it was read from.
func (m *misfits) template(s *Scope, t *Template, n *schema.Node, want *jsonschema.Type, path string) {
	switch {
	case t.Form == Slot:
		m.value(s.Type(t.Slot), want, t.Slot.place, path)
	case t.Form == MapForm && want != nil && want.Kind == jsonschema.ObjectKind && len(n.Entries) == len(t.Members):
		m.members(s.TemplateType(t), want, n.Place, path, func(name string) schema.Place {
			for _, e := range n.Entries {
				if e.Key == name {
					return e.KeyPlace
				}
			}
			return n.Place
		})
		for i, member := range t.Members {
			if of := wantedMember(want, member.Key); of != nil {
				m.template(s, member.Value, n.Entries[i].Value, of, memberPath(path, member.Key))
			}
		}
	case t.Form == ListForm && want != nil && want.Kind == jsonschema.ListKind && len(n.Items) == len(t.Items):
		for i, item := range t.Items {
			m.template(s, item, n.Items[i], want.Elem, path+"["+strconv.Itoa(i)+"]")
		}
	default:
		before := len(m.found)
		m.value(s.TemplateType(t), want, n.Place, path)
		if t.Form == Literal && s.compiles(n.Text) {
			for i := range m.found[before:] {
				m.found[before+i].Hint = slotHint(n.Text)
			}
		}
	}
}

// value holds a value against what is wanted, branch by branch.
func (m *misfits) value(t, want *jsonschema.Type, at schema.Place, path string) {
	if m.seen++; m.seen > maxComparisons || len(m.found) >= maxFaults || t == nil || want == nil || want.Kind == jsonschema.Any {
		return
	}
	s, written := m.shapes[t]
	for _, b := range s.branches {
		m.value(b.typ, want, s.source.place(b.at), path)
	}
	if len(s.branches) > 0 {
		return
	}
	if t.Kind == jsonschema.NullKind && !want.IsNullable() {
		m.report(at, "", "wants %s%s, this is null", wordFor(want), in(path))
		return
	}
	options := t.Each()
	if slices.ContainsFunc(options, func(o *jsonschema.Type) bool { return kindFits(o, want) }) {
		for _, option := range options {
			m.parts(option, want, at, path, s, written)
		}
		return
	}
	if len(options) > 0 {
		m.report(at, kindHint(t, want), "wants %s%s, this is %s", wordFor(want), in(path), wordFor(t))
	}
}

func kindFits(t, want *jsonschema.Type) bool {
	switch {
	case t.Kind == jsonschema.Any, t.Kind == want.Kind:
		return true
	case want.Kind == jsonschema.IntKind || want.Kind == jsonschema.FloatKind:
		return isNumeric(t)
	case want.Kind == jsonschema.StringKind:
		return t.Kind == jsonschema.BytesKind
	}
	return false
}

func kindHint(t, want *jsonschema.Type) string {
	switch {
	case want.Kind == jsonschema.StringKind && (isNumeric(t) || t.Kind == jsonschema.BoolKind):
		return "make it text: string(x)"
	case want.Kind == jsonschema.IntKind && t.Kind == jsonschema.StringKind:
		return "make it an integer: int(x)"
	case want.Kind == jsonschema.FloatKind && t.Kind == jsonschema.StringKind:
		return "make it a number: float(x)"
	}
	return ""
}

// parts holds what a value of the right kind is made of against what is
// wanted.
func (m *misfits) parts(t, want *jsonschema.Type, at schema.Place, path string, s shape, written bool) {
	has, ok := values(t)
	if wanted, of := values(want); ok && of && !overlap(has, wanted) {
		hint := "it is one of " + listed(wanted)
		if text, ok := has[0].(string); ok {
			if near, ok := schema.Nearest(text, texts(wanted)); ok {
				hint = "did you mean " + strconv.Quote(near) + "?"
			}
		}
		m.report(at, hint, "does not know %s%s", show(has[0]), in(path))
		return
	}
	if own, ok := m.shapes[t]; ok {
		s, written, at = own, true, own.source.place(own.at)
	}
	switch {
	case t.Kind != want.Kind:
	case t.Kind == jsonschema.ListKind:
		m.value(t.Elem, want.Elem, at, path+"[]")
	case t.Kind == jsonschema.ObjectKind:
		place := func(name string) schema.Place {
			if location, ok := s.members[name]; ok && written {
				return s.source.place(location)
			}
			return at
		}
		m.members(t, want, at, path, place)
		for _, name := range slices.Sorted(maps.Keys(t.Members)) {
			if of := wantedMember(want, name); of != nil {
				m.value(t.Members[name].Type, of, place(name), memberPath(path, name))
			}
		}
	}
}

// members says which members are missing and which are refused. One that is
// misspelt is not missing too.
func (m *misfits) members(t, want *jsonschema.Type, at schema.Place, path string, place func(name string) schema.Place) {
	misspelt := m.refused(t, want, path, place)
	for _, name := range slices.Sorted(maps.Keys(want.Members)) {
		if misspelt[name] || m.optional != nil && m.optional(path, name) {
			continue
		}
		if _, ok := t.Members[name]; !ok && want.Members[name].Required && t.Closed {
			m.report(at, "", "requires %s, which is not there", memberPath(path, name))
		}
	}
}

// refused says which members are not allowed, and returns those that were
// meant instead and are not there.
func (m *misfits) refused(t, want *jsonschema.Type, path string, place func(name string) schema.Place) (meant map[string]bool) {
	meant = map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(t.Members)) {
		if _, ok := want.Members[name]; ok || !want.Closed || !t.Members[name].Required {
			continue
		}
		hint := "declare it in " + m.of
		if near, ok := schema.Nearest(name, slices.Sorted(maps.Keys(want.Members))); ok {
			hint = fmt.Sprintf("did you mean %s?", near)
			meant[near] = true
		}
		m.report(place(name), hint, "does not allow %s", memberPath(path, name))
	}
	return meant
}

func wantedMember(want *jsonschema.Type, name string) *jsonschema.Type {
	if m, ok := want.Members[name]; ok {
		return m.Type
	}
	return want.Rest
}

func memberPath(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
