package expression

import (
	"encoding/json"
	"strings"

	"github.com/toolsd/toolsd/engine/jsonschema"
	"github.com/toolsd/toolsd/schema"
)

// CheckTemplate checks a template field of any shape: a scalar with slots, or
// a list or mapping of them. The Template is nil when there is an error.
func (s *Scope) CheckTemplate(n *schema.Node) (*Template, []schema.Diagnostic) {
	var ds []schema.Diagnostic
	t := s.template(n, &ds)
	ds = schema.SortDiagnostics(ds)
	if schema.HasErrors(ds) {
		return nil, ds
	}
	return t, ds
}

// template reads a node of a template; the tree is of use only when no error
// was found.
func (s *Scope) template(n *schema.Node, ds *[]schema.Diagnostic) *Template {
	switch n.Kind {
	case schema.List:
		t := &Template{Form: ListForm}
		for _, item := range n.Items {
			t.Items = append(t.Items, s.template(item, ds))
		}
		return t
	case schema.Map:
		t := &Template{Form: MapForm}
		for _, e := range n.Entries {
			t.Members = append(t.Members, Named[*Expr]{Key: e.Key, Value: s.template(e.Value, ds)})
		}
		return t
	case schema.String:
		return s.text(n, ds)
	}
	return &Template{Form: Literal, Text: n.Text, Value: scalar(n)}
}

// scalar returns the value of a scalar that is not text.
func scalar(n *schema.Node) any {
	switch n.Kind {
	case schema.Bool:
		return strings.EqualFold(n.Text, "true")
	case schema.Number:
		return jsonschema.Normalize(json.Number(n.JSON()), nil)
	}
	return nil
}

// text reads text with slots. A text that is exactly one slot keeps the type
// of its value; the final line break of a block does not count then.
func (s *Scope) text(n *schema.Node, ds *[]schema.Diagnostic) *Template {
	body := n.Text
	if n.Style == schema.Literal || n.Style == schema.Folded {
		body = strings.TrimSuffix(body, "\n")
	}
	if ps := pieces(body); len(ps) == 1 && ps[0].slot {
		return &Template{Form: Slot, Slot: s.slot(n, ps[0], ds)}
	}
	ps := pieces(n.Text)
	s.warn(n, ps, ds)
	if len(ps) == 0 || len(ps) == 1 && !ps[0].slot {
		text := ""
		if len(ps) == 1 {
			text = ps[0].text
		}
		return &Template{Form: Literal, Text: text, Value: text}
	}
	t := &Template{Form: Joined}
	var around markup
	for i, p := range ps {
		if !p.slot {
			around.read(p.text)
			t.Pieces = append(t.Pieces, Piece[*Expr]{Text: p.text})
			continue
		}
		e := s.slot(n, p, ds)
		if s.Request {
			*ds = append(*ds, s.missingIn(e)...)
		}
		next, last := "", i+1 == len(ps)
		if !last && !ps[i+1].slot {
			next = ps[i+1].text
		}
		at, bare := around.put(next, last)
		slot := Piece[*Expr]{IsSlot: true, Slot: e}
		if e == nil || e.quotes != xmlName {
			if s.Request && touchesQuote(ps, i) {
				*ds = append(*ds, quotedSlot(n, p))
			}
			t.Pieces = append(t.Pieces, slot)
			continue
		}
		why, wrong := misplaced[at]
		switch {
		case wrong:
			*ds = append(*ds, BadSlot.At(n.At(p.start, p.end-p.start), why.message, why.hint))
		case bare:
			quote := Piece[*Expr]{Text: `"`}
			t.Pieces = append(t.Pieces, quote, slot, quote)
			continue
		case at == inContent && s.Request && touchesQuote(ps, i):
			*ds = append(*ds, quotedSlot(n, p))
		}
		t.Pieces = append(t.Pieces, slot)
	}
	return t
}

// slot checks the expression of a slot.
func (s *Scope) slot(n *schema.Node, p piece, ds *[]schema.Diagnostic) *Expr {
	switch {
	case p.open && endlessComment(p.text) >= 0:
		at := p.inner() + endlessComment(p.text)
		*ds = append(*ds, BadSlot.At(n.At(at, len("//")), "a comment goes on to the end of its line, and takes the } of the slot with it",
			"write /* … */ in its place, or close the slot before it"))
		return nil
	case p.open:
		*ds = append(*ds, BadSlot.At(n.At(p.start, len("${")), "the slot does not end", "close it with }; for the text ${ write $${"))
		return nil
	case strings.TrimSpace(p.text) == "":
		*ds = append(*ds, BadSlot.At(n.At(p.start, p.end-p.start), "the slot is empty", "write an expression, as in ${input.name}"))
		return nil
	}
	e, found := s.check(source{node: n, base: p.inner(), text: p.text}, anything)
	*ds = append(*ds, found...)
	return e
}

// slotHint tells how to write as a slot what reads like an expression.
func slotHint(text string) string { return "write ${" + strings.TrimSpace(text) + "}" }

// warn reports text that its author probably meant to be a slot.
func (s *Scope) warn(n *schema.Node, ps []piece, ds *[]schema.Diagnostic) {
	if len(ps) == 1 && !ps[0].slot && ps[0].doubled < 0 && s.compiles(n.Text) {
		trimmed := strings.TrimSpace(n.Text)
		*ds = append(*ds, SlotExpected.At(n.At(strings.Index(n.Text, trimmed), len(trimmed)),
			"this reads like an expression and is taken as text", slotHint(trimmed)))
	}
	for _, p := range ps {
		if !p.slot {
			s.foreign(n, p, ds)
		}
		if p.slot || p.doubled < 0 {
			continue
		}
		inner := p.doubled + len("$${")
		end, ok := closing(n.Text, inner)
		if !ok || !s.compiles(n.Text[inner:end]) {
			continue
		}
		*ds = append(*ds, DoubledDollar.At(n.At(p.doubled, end+1-p.doubled),
			"$${ is the text ${, not a dollar and a value", "for a dollar and the value write $$"+n.Text[p.doubled+1:end+1]))
	}
}
