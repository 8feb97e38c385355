package engine

import (
	"context"
	"fmt"
	"slices"

	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/engine/jsonschema"
	"github.com/toolsd/toolsd/schema"
)

// A stepsBody is a list of steps, each of which may use the values of those
// above it.
type stepsBody struct {
	parts   *parts
	ids     []string       // of all steps as written, "" for one without
	steps   []*checkedStep // in order; while they are checked, those above
	counted bool           // no step says itself how far the call is
}

// A checkedStep is a step without its text.
type checkedStep struct {
	id          string
	label       string // for people: the id, or the step's number
	when        *expression.Expr
	forEach     *expression.Expr
	each        *jsonschema.Type // of an element; nil without forEach
	concurrency int
	optional    bool
	unnamed     bool // its id has a fault, so that others may name it all the same
	action      action
	uses        []int // the steps whose values it uses
	after       []int // the steps that must be over before it begins
}

// An action is what a step does for itself or for each element.
type action struct {
	typ *jsonschema.Type // of its value
	// safe says that it may run beside other safe actions: it changes nothing.
	safe  bool
	ready bool // it can be built
	// response says that the value is that of an HTTP call.
	response bool
	// misfits holds the value against a type; nil where its place is the
	// step's.
	misfits func(want *jsonschema.Type) []schema.Diagnostic
	build   func(Bounds) (runner, error)
}

// scope is what an expression may use where the first n steps have run; each
// is the type of the element, nil where there is none. uses collects the steps
// that are used, unless it is nil.
func (b *stepsBody) scope(n int, env *expression.Env, each *jsonschema.Type, uses map[string]bool) *expression.Scope {
	s := b.parts.scope(env)
	s.Names["steps"], s.Names["failed"] = b.types(n)
	s.Steps, s.Later = uses, slices.DeleteFunc(slices.Clone(b.ids[n:]), func(id string) bool { return id == "" })
	if n < len(b.ids) {
		s.Own = b.ids[n]
	}
	if each != nil {
		s.Names["each"] = each
	}
	return s
}

// types are those of steps and failed after n steps.
func (b *stepsBody) types(n int) (values, failures *jsonschema.Type) {
	values = &jsonschema.Type{Kind: jsonschema.ObjectKind, Members: map[string]jsonschema.Member{}, Closed: true}
	failures = &jsonschema.Type{Kind: jsonschema.ObjectKind, Members: map[string]jsonschema.Member{}, Closed: true}
	for _, s := range b.steps[:n] {
		if s.unnamed {
			values.Closed, values.Rest = false, anyType
		}
		if _, taken := values.Members[s.id]; taken || s.id == "" {
			continue
		}
		values.Members[s.id] = s.value()
		if s.optional {
			failures.Members[s.id] = s.failure()
		}
	}
	return values, failures
}

// value is what is known of steps.ID: one that may be left out may be absent.
func (s *checkedStep) value() jsonschema.Member {
	t := s.action.typ
	if s.each == nil {
		return jsonschema.Member{Type: t, Required: s.when == nil && !s.optional}
	}
	if s.optional {
		t = t.OrNull()
	}
	return jsonschema.Member{Type: &jsonschema.Type{Kind: jsonschema.ListKind, Elem: t}, Required: s.when == nil}
}

// failure is what is known of failed.ID.
func (s *checkedStep) failure() jsonschema.Member {
	if s.each == nil {
		return jsonschema.Member{Type: &jsonschema.Type{Kind: jsonschema.StringKind}}
	}
	message := &jsonschema.Type{Kind: jsonschema.StringKind, Nullable: true}
	return jsonschema.Member{Type: &jsonschema.Type{Kind: jsonschema.ListKind, Elem: message}, Required: s.when == nil}
}

func (b *stepsBody) adds(scope *expression.Scope) {
	scope.Names["steps"], scope.Names["failed"] = b.types(len(b.steps))
}

func (b *stepsBody) ready() bool {
	return !slices.ContainsFunc(b.steps, func(s *checkedStep) bool { return !s.action.ready })
}

func (b *stepsBody) build(bounds Bounds) (runner, error) {
	p := &stepsProgram{counted: b.counted, chained: true}
	for i, s := range b.steps {
		made := boundStep{
			id: s.id, label: s.label, concurrency: s.concurrency, optional: s.optional,
			response: s.action.response, mute: s.action.typ == nullType, uses: s.uses, after: s.after,
		}
		scope := func() *expression.Scope { return b.scope(i, b.parts.envs.exposed, nil, nil) }
		var err error
		if s.when != nil {
			if made.when, err = s.when.Build(scope(), bounds.Expression); err != nil {
				return nil, fmt.Errorf("step %s: when: %w", s.label, err)
			}
		}
		if s.forEach != nil {
			if made.forEach, err = s.forEach.Build(scope(), bounds.Expression); err != nil {
				return nil, fmt.Errorf("step %s: forEach: %w", s.label, err)
			}
		}
		if made.do, err = s.action.build(bounds); err != nil {
			return nil, fmt.Errorf("step %s: %w", s.label, err)
		}
		p.chained = p.chained && (i == 0 || slices.Contains(s.after, i-1))
		p.steps = append(p.steps, made)
	}
	return func(ctx context.Context, c *call, vars expression.Vars) (any, error) {
		return p.run(ctx, c, vars)
	}, nil
}

// order says after which steps each one has to wait, where uses are filled in:
// a safe step waits for what it uses, any other one for all above it, and all
// below wait for that.
func order(steps []*checkedStep) {
	held := 0 // the last one that is not safe, or the first
	for i, s := range steps {
		for j := held; j < i; j++ {
			if !s.action.safe || !steps[j].action.safe || slices.Contains(s.uses, j) {
				s.after = append(s.after, j)
			}
		}
		if !s.action.safe {
			held = i
		}
	}
}

// stepLabel is how people are told of a step.
func stepLabel(s *schema.Step, index int) string {
	if s.ID != "" {
		return s.ID
	}
	return fmt.Sprintf("number %d", index+1)
}
