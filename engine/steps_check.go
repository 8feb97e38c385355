package engine

import (
	"cmp"
	"fmt"

	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/engine/jsonschema"
	"github.com/toolsd/toolsd/schema"
)

// defaultConcurrency is for how many elements a step runs at the same time
// that does not say.
const defaultConcurrency = 4

// checkSteps checks the steps of a tool from the first to the last; the scope
// grows with each.
func checkSteps(c *checker, p *parts, written *schema.Tool) (body, []schema.Diagnostic) {
	b := &stepsBody{parts: p, counted: true}
	for i := range written.Steps {
		b.ids = append(b.ids, written.Steps[i].ID)
	}
	found := sameIDs(written.Steps)
	readOnly := isReadOnly(written.Annotations)
	for i := range written.Steps {
		w := &written.Steps[i]
		check := &stepCheck{checker: c, body: b, written: w, readOnly: readOnly, uses: map[string]bool{}}
		b.steps = append(b.steps, check.step(i))
		b.counted = b.counted && (w.Progress == nil || w.Progress.Done == nil)
		found = append(found, check.found...)
	}
	order(b.steps)
	if n := len(b.steps); n > 0 {
		p.chain.ofStep(b.steps[n-1], &written.Steps[n-1])
	}
	return b, found
}

// A stepCheck checks one step.
type stepCheck struct {
	*checker
	body     *stepsBody
	written  *schema.Step
	index    int
	each     *jsonschema.Type
	readOnly bool            // the tool's
	uses     map[string]bool // ids; "" is all
	found    []schema.Diagnostic
}

func (k *stepCheck) step(index int) *checkedStep {
	w := k.written
	k.index = index
	s := &checkedStep{id: w.ID, label: stepLabel(w, index), optional: w.Optional, concurrency: cmp.Or(w.Concurrency, defaultConcurrency)}
	var more []schema.Diagnostic
	exposed := k.body.parts.envs.exposed
	if w.When != nil {
		s.when, more = k.scope(exposed).CheckCondition(w.When)
		k.found = append(k.found, more...)
	}
	if w.ForEach != nil {
		scope := k.scope(exposed)
		s.forEach, more = scope.CheckList(w.ForEach)
		k.found = append(k.found, more...)
		s.each = elementOf(scope.Type(s.forEach))
		k.each = s.each
	}
	if w.ForEach == nil && w.Flawed {
		k.each = anyType
	}
	s.action = action{typ: anyType}
	for _, kind := range actions {
		if kind.written(w) {
			s.action = kind.check(k)
			break
		}
	}
	if w.Flawed {
		s.action.typ, s.unnamed = anyType, w.ID == ""
	}
	for j, above := range k.body.steps {
		if k.uses[""] || above.id != "" && k.uses[above.id] {
			s.uses = append(s.uses, j)
		}
	}
	return s
}

// scope is what the step may use, in an environment. It is made anew at each
// call, and equal when the step is built.
func (k *stepCheck) scope(env *expression.Env) *expression.Scope {
	return k.body.scope(k.index, env, k.each, k.uses)
}

// template checks a template; nil stays nil. The scope is that of its types.
func (k *stepCheck) template(n *schema.Node) (*expression.Template, *expression.Scope) {
	scope := k.scope(k.body.parts.envs.exposed)
	if n == nil {
		return nil, scope
	}
	t, found := scope.CheckTemplate(n)
	k.found = append(k.found, found...)
	return t, scope
}

// renderer compiles a template of the step; nil stays nil.
func (k *stepCheck) renderer(t *expression.Template, bounds Bounds) (*expression.Renderer, error) {
	if t == nil {
		return nil, nil
	}
	return expression.BuildTemplate(t, k.scope(k.body.parts.envs.exposed), bounds.Expression)
}

// elementOf is what is known of the elements of a list.
func elementOf(list *jsonschema.Type) *jsonschema.Type {
	var elems []*jsonschema.Type
	for _, option := range list.Each() {
		if option.Kind != jsonschema.ListKind {
			return anyType
		}
		elems = append(elems, option.Elem)
	}
	if len(elems) == 0 {
		return anyType // of a list that is always null there are none
	}
	return jsonschema.Union(elems...)
}

// sameIDs reports ids that several steps have.
func sameIDs(steps []schema.Step) []schema.Diagnostic {
	first := map[string]schema.Place{}
	var found []schema.Diagnostic
	for i := range steps {
		s := &steps[i]
		if s.ID == "" {
			continue
		}
		if at, taken := first[s.ID]; taken {
			d := duplicateName.At(s.IDPlace, fmt.Sprintf("step %q is there more than once", s.ID), "give one of them another id")
			d.Related = []schema.Related{{Place: at, Message: "also here"}}
			found = append(found, d)
			continue
		}
		first[s.ID] = s.IDPlace
	}
	return found
}

func isReadOnly(a schema.Annotations) bool { return a.ReadOnlyHint != nil && *a.ReadOnlyHint }
