package httpcall

import (
	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/engine/jsonschema"
)

// is reports whether the value of a slot is known to be of a kind, unless it
// is null.
func (c *checker) is(kind jsonschema.Kind, slot *expression.Expr) bool {
	options := c.scope.Type(slot).Each()
	for _, option := range options {
		if option.Kind != kind {
			return false
		}
	}
	return len(options) > 0
}

// nested reports slots of a path whose value would stand there as JSON text.
func (c *checker) nested(all []segment) {
	for _, s := range all {
		for _, p := range s {
			switch {
			case !p.IsSlot:
			case c.is(jsonschema.ObjectKind, p.Slot):
				c.report(badPath, p.Slot.Place(), "an object has no place in a path", "name the member that is meant")
			case len(s) > 1 && c.is(jsonschema.ListKind, p.Slot):
				c.report(badPath, p.Slot.Place(), "a list in a path is a whole segment, which becomes one for each element", `for one segment write join(list, ",")`)
			}
		}
	}
}
