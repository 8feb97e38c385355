package engine

import (
	"fmt"
	"slices"

	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/engine/jsonschema"
	"github.com/toolsd/toolsd/schema"
)

// A chain is what the check of a tool finds out about its types, from input
// to result. It is let go when the check is done.
type chain struct {
	input *jsonschema.Type
	uses  map[string]bool // members of input in expressions; "" is the whole
	value *jsonschema.Type
	// misfits holds the value against the type that outputSchema wants; nil
	// where nothing is known of the value.
	misfits func(want *jsonschema.Type) []schema.Diagnostic
}

func newChain(input *jsonschema.Schema) *chain {
	c := &chain{input: anyType, uses: map[string]bool{}, value: anyType}
	if input != nil {
		c.input = input.Type()
	}
	return c
}

// scope is what a tool's expressions may use before its body has run.
func (p *parts) scope(env *expression.Env) *expression.Scope {
	c := p.chain
	if c == nil {
		c = newChain(p.input)
		c.uses = nil
	}
	s := inputScope(c.input, env)
	s.Inputs = c.uses
	return s
}

// ofExpr notes that the value is that of an expression.
func (c *chain) ofExpr(s *expression.Scope, e *expression.Expr) {
	if e == nil {
		return
	}
	c.value = s.Type(e)
	c.misfits = func(want *jsonschema.Type) []schema.Diagnostic { return s.ExprMisfits(e, want) }
}

// ofTemplate notes that the value is what a template makes.
func (c *chain) ofTemplate(s *expression.Scope, t *expression.Template, n *schema.Node) {
	c.value, c.misfits = anyType, nil
	if t == nil {
		return
	}
	c.value = s.TemplateType(t)
	c.misfits = func(want *jsonschema.Type) []schema.Diagnostic { return s.TemplateMisfits(t, n, want) }
}

// ofBody notes that the value is the body of an answer, or the items of all
// pages, which a call at a place gets.
func (c *chain) ofBody(response *jsonschema.Type, at schema.Place) {
	body, ok := response.Member("items") // of all pages
	if !ok {
		body, ok = response.Member("body")
	}
	if !ok {
		return
	}
	c.of(body, at)
}

// of notes that the value is of a type, and comes from a place.
func (c *chain) of(t *jsonschema.Type, at schema.Place) {
	c.value = t
	c.misfits = func(want *jsonschema.Type) []schema.Diagnostic {
		return new(expression.Scope).Misfits(t, want, at)
	}
}

// ofStep notes that the value is that of the last step.
func (c *chain) ofStep(s *checkedStep, written *schema.Step) {
	t := s.action.typ
	if s.action.response {
		t, _ = t.Member("body")
	}
	if s.each != nil {
		if s.optional {
			t = t.OrNull()
		}
		t = &jsonschema.Type{Kind: jsonschema.ListKind, Elem: t}
	}
	if s.when != nil || s.optional && s.each == nil {
		t = t.OrNull()
	}
	c.of(t, written.Place)
	if s.each == nil && s.action.misfits != nil {
		c.misfits = s.action.misfits
	}
}

// unusedInputs warns of inputs that no expression of a tool uses. An input
// that other keywords of the schema may speak of can be there for their sake.
func (c *chain) unusedInputs(n *schema.Node) []schema.Diagnostic {
	if c.uses[""] {
		return nil
	}
	for _, e := range n.Entries {
		switch e.Key {
		case "allOf", "anyOf", "oneOf", "not", "if", "dependentRequired", "dependentSchemas", "$ref", "$dynamicRef":
			return nil
		}
	}
	properties := n.Get("properties")
	if properties == nil {
		return nil
	}
	var found []schema.Diagnostic
	for _, e := range properties.Entries {
		if c.uses[e.Key] || e.Value.Get("const") != nil || inHeader(e.Value) {
			continue
		}
		found = append(found, unusedInput.At(e.KeyPlace, fmt.Sprintf("the input %s is not used", e.Key),
			fmt.Sprintf("use input.%s, or take it out of the schema", e.Key)))
	}
	return found
}

// inHeader reports whether clients repeat a property, or one within it, in a
// header (MCP 2026-07-28), where it is of use by itself.
func inHeader(property *schema.Node) bool {
	if property.Get("x-mcp-header") != nil {
		return true
	}
	properties := property.Get("properties")
	return properties != nil && slices.ContainsFunc(properties.Entries, func(e schema.Entry) bool { return inHeader(e.Value) })
}
