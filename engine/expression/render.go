package expression

import (
	"context"
	"strings"
)

// Mode says what null is in a place.
type Mode uint8

const (
	// InResult keeps null, except that a member which comes straight from an
	// absent input is left out; null inside longer text is nothing.
	InResult Mode = iota
	// InJSON leaves a member out whose slot is null, unless the null was sent
	// by the caller; null inside longer text is a *Failure.
	InJSON
	// InProse makes text; null is nothing.
	InProse
	// InRequest makes text; null inside longer text is a *Failure. A slot
	// that stands alone and is null stays null, for the place to judge.
	InRequest
)

// makesText reports whether the leaves of a tree become text.
func (m Mode) makesText() bool { return m == InProse || m == InRequest }

// Render evaluates a template to a value: what the place of the template
// makes of null is said by mode. Lists and mappings keep their shape whatever
// the values are. The error is a *Failure or a *Fault.
func Render(ctx context.Context, r *Renderer, vars Vars, mode Mode) (any, error) {
	switch r.Form {
	case Slot:
		return renderSlot(ctx, r.Slot, vars, mode)
	case Joined:
		return renderJoined(ctx, r.Pieces, vars, mode)
	case ListForm:
		list := make([]any, len(r.Items))
		for i, item := range r.Items {
			value, err := Render(ctx, item, vars, mode)
			if err != nil {
				return nil, err
			}
			list[i] = value
		}
		return list, nil
	case MapForm:
		return renderMembers(ctx, r.Members, vars, mode)
	}
	if mode.makesText() && r.Value != nil {
		return r.Text, nil
	}
	if mode == InProse {
		return "", nil
	}
	return r.Value, nil
}

func renderMembers(ctx context.Context, members []Named[*Program], vars Vars, mode Mode) (any, error) {
	object := make(map[string]any, len(members))
	for _, m := range members {
		value, err := Render(ctx, m.Value, vars, mode)
		if err != nil {
			return nil, err
		}
		if value == nil && m.Value.Form == Slot && leftOut(m.Value.Slot, vars, mode) {
			continue
		}
		object[m.Key] = value
	}
	return object, nil
}

// leftOut reports whether a member whose slot is null is left out.
func leftOut(p *Program, vars Vars, mode Mode) bool {
	if mode == InResult {
		return p.absent(vars)
	}
	return mode == InRequest || !p.sent(vars)
}

func renderSlot(ctx context.Context, p *Program, vars Vars, mode Mode) (any, error) {
	value, err := p.Run(ctx, vars)
	if err != nil || !mode.makesText() || value == nil && mode == InRequest {
		return value, err
	}
	return p.text(value)
}

func renderJoined(ctx context.Context, pieces []Piece[*Program], vars Vars, mode Mode) (any, error) {
	var out strings.Builder
	for _, piece := range pieces {
		if !piece.IsSlot {
			out.WriteString(piece.Text)
			continue
		}
		value, err := piece.Slot.Run(ctx, vars)
		if err != nil {
			return nil, err
		}
		if value == nil && (mode == InJSON || mode == InRequest) {
			return nil, piece.Slot.missing()
		}
		text, err := piece.Slot.text(value)
		if err != nil {
			return nil, err
		}
		if int64(out.Len()+len(text)) > piece.Slot.bounds.Memory {
			return nil, piece.Slot.fault(errMemory)
		}
		out.WriteString(text)
	}
	return out.String(), nil
}

// text is Text; its errors are the program's.
func (p *Program) text(value any) (string, error) {
	text, err := textWithin(value, p.bounds.Memory)
	if err != nil {
		return "", p.fault(err)
	}
	return text, nil
}

// missing is the failure of a call whose request needs a value that is null.
// It names the argument where it is one.
func (p *Program) missing() *Failure {
	if len(p.path) > 0 {
		return &Failure{Message: "The argument " + strings.Join(p.path, ".") + " is needed for this call."}
	}
	return &Failure{Message: "A value that this call needs is missing."}
}
