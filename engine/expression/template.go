package expression

// A Template is a tree whose leaves are literals, slots and joined text. It
// has been checked and is immutable.
type Template = Tree[*Expr]

// A Renderer is a Template with its expressions compiled, ready to run.
type Renderer = Tree[*Program]

// Form is the shape of a tree's node.
type Form uint8

const (
	// Literal is a value without slots.
	Literal Form = iota
	// Slot is a string that is exactly one slot: it keeps the value's type.
	Slot
	// Joined is text with slots in it.
	Joined
	ListForm
	MapForm
)

// A Tree is one node of a template; E is the stage of its expressions.
type Tree[E any] struct {
	Form    Form
	Value   any        // of Literal: nil, bool, int, float64, json.Number or string
	Text    string     // of Literal: a plain scalar's source text, for fields that are text
	Slot    E          // of Slot
	Pieces  []Piece[E] // of Joined
	Items   []*Tree[E] // of ListForm
	Members []Named[E] // of MapForm, in the author's order
}

// A Piece of joined text: literal Text, or a slot.
type Piece[E any] struct {
	Text   string
	IsSlot bool
	Slot   E
}

// Named is a member of a MapForm; keys are literal.
type Named[E any] struct {
	Key   string
	Value *Tree[E]
}

// BuildTemplate compiles every expression of a template, in a scope equal to
// the one it was checked in.
func BuildTemplate(t *Template, s *Scope, b Bounds) (*Renderer, error) {
	r := &Renderer{Form: t.Form, Value: t.Value, Text: t.Text}
	var err error
	if t.Form == Slot {
		if r.Slot, err = t.Slot.Build(s, b); err != nil {
			return nil, err
		}
	}
	for _, p := range t.Pieces {
		built := Piece[*Program]{Text: p.Text, IsSlot: p.IsSlot}
		if p.IsSlot {
			if built.Slot, err = p.Slot.Build(s, b); err != nil {
				return nil, err
			}
		}
		r.Pieces = append(r.Pieces, built)
	}
	for _, item := range t.Items {
		built, err := BuildTemplate(item, s, b)
		if err != nil {
			return nil, err
		}
		r.Items = append(r.Items, built)
	}
	for _, m := range t.Members {
		built, err := BuildTemplate(m.Value, s, b)
		if err != nil {
			return nil, err
		}
		r.Members = append(r.Members, Named[*Program]{Key: m.Key, Value: built})
	}
	return r, nil
}
