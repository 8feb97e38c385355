package httpcall

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/engine/jsonschema"
	"github.com/toolsd/toolsd/schema"
)

// A Program is a call ready to be made. It is immutable and safe for
// concurrent use.
type Program struct {
	name      string // of the upstream, or what stands for it in messages
	method    string
	address   address
	reach     reach
	redirects string
	headers   []boundField
	query     []boundField
	auth      *boundAuth
	body      boundBody
	limits    limits
	harmless  bool // to make the call again changes nothing more
	retry     retry
	keeping   keeping
	restraint restraint
	reading   boundReading
	paging    *boundPaging // nil: one page
	rules     []boundRule
	mask      mask
}

// limits are the times of a call.
type limits struct {
	whole   time.Duration // the call with its retries
	attempt time.Duration // one try; 0 is no limit of its own
}

// A boundReading is a reading with its defaults and its validator.
type boundReading struct {
	as        string
	kind      *jsonschema.Type // nil when nothing is known
	validator *jsonschema.Validator
	maxBytes  int64
	maxItems  int
	separator rune
	expect    []schema.StatusRange
}

// anonymous stands in messages for an upstream without a name.
const anonymous = "the service"

// A builder compiles the parts of a call and gathers the errors.
type builder struct {
	request  *expression.Scope // of the call
	exposed  *expression.Env   // what callers may see, of the call
	env      *expression.Scope // of the upstream
	headers  *expression.Scope // of the upstream's headers
	bounds   expression.Bounds
	problems []error
}

// Build compiles the call, against a target equal to the one it was checked
// against.
func (c *Call) Build(t Target, eb expression.Bounds, b Bounds) (*Program, error) {
	build := &builder{request: t.request(), exposed: t.Exposed, bounds: eb}
	s := c.settings
	p := &Program{
		name:    anonymous,
		method:  c.method,
		reach:   c.upstream.homeOf(c.target).reach(),
		limits:  limits{whole: cmp.Or(s.timeout, defaultTimeout), attempt: s.attempt},
		reading: build.reading(s.response, b),
		mask:    newMask(c.Secrets(t)...),
	}
	p.redirects = cmp.Or(s.redirects, redirectSameOrigin)
	p.retry = retry{attempts: 1, minWait: cmp.Or(s.retry.MinWait, defaultMinWait), maxWait: cmp.Or(s.retry.MaxWait, defaultMaxWait)}
	if repeatable, keyed := c.repeatable(); repeatable {
		p.retry.attempts, p.retry.keyed = cmp.Or(s.retry.Attempts, defaultAttempts), keyed
		p.harmless = !keyed
	}
	p.keeping = c.settings.keeping
	p.rules = build.rules(c.rules, t.after())
	if u := c.upstream; u != nil {
		p.name, p.restraint = u.name, u.restraint
		p.mask = newMask(append(c.Secrets(t), u.Secrets()...)...)
		build.env = &expression.Scope{Env: u.env, Request: true}
		headers := headerScope()
		headers.Env = u.env
		build.headers = &headers
		after := rulesScope(u.exposed)
		p.rules = append(p.rules, build.rules(u.rules, &after)...)
	}
	p.address = build.address(c.target)
	p.headers = build.fields(s.headers, build.headers)
	p.query = build.fields(s.query, build.env)
	p.auth = build.auth(s.auth)
	p.body = build.body(c.body)
	p.paging = build.paging(c, t)
	if err := errors.Join(build.problems...); err != nil {
		return nil, err
	}
	return p, nil
}

// template compiles a template; nil stays nil.
func (b *builder) template(t *expression.Template, s *expression.Scope) *expression.Renderer {
	if t == nil {
		return nil
	}
	r, err := expression.BuildTemplate(t, s, b.bounds)
	if err != nil {
		b.problems = append(b.problems, err)
	}
	return r
}

func (b *builder) expression(e *expression.Expr, s *expression.Scope) *expression.Program {
	p, err := e.Build(s, b.bounds)
	if err != nil {
		b.problems = append(b.problems, err)
	}
	return p
}

// fields compiles fields, the upstream's in its own scope.
func (b *builder) fields(fields []field, upstream *expression.Scope) []boundField {
	bound := make([]boundField, len(fields))
	for i, f := range fields {
		scope := b.request
		if f.inherited {
			scope = upstream
		}
		secret := slices.ContainsFunc(f.env, func(name string) bool { return !isExposed(b.exposed, name) })
		bound[i] = boundField{f.key, b.template(f.value, scope), secret}
	}
	return bound
}

func (b *builder) auth(c *credentials) *boundAuth {
	if c == nil || c.kind == schema.AuthNone {
		return nil
	}
	scope := b.request
	if c.inherited {
		scope = b.env
	}
	bound := &boundAuth{kind: c.kind, name: c.name, proof: c.proof}
	for _, t := range c.values {
		bound.values = append(bound.values, b.template(t, scope))
	}
	return bound
}

func (b *builder) body(checked body) boundBody {
	return boundBody{kind: checked.kind, value: b.template(checked.value, b.request), form: b.fields(checked.form, nil), parts: b.partsOf(checked.parts)}
}

func (b *builder) address(t target) address {
	bound := address{base: t.base, query: b.parts(t.query, encodeQueryText)}
	for _, s := range t.segments {
		bound.segments = append(bound.segments, b.parts(s, encodePathText))
	}
	if t.whole != nil {
		whole := b.parts([]piece{{IsSlot: true, Slot: t.whole}}, nil)
		bound.whole = &whole[0]
	}
	return bound
}

func (b *builder) parts(ps []piece, encoded func(string) string) []part {
	parts := make([]part, len(ps))
	for i, p := range ps {
		if p.IsSlot {
			parts[i] = part{slot: b.expression(p.Slot, b.request), label: label(p.Slot)}
		} else {
			parts[i] = part{text: p.Text, as: encoded(p.Text)}
		}
	}
	return parts
}

func (b *builder) reading(r reading, bounds Bounds) boundReading {
	bound := boundReading{
		as:       r.as,
		maxBytes: cmp.Or(r.maxBytes, bounds.ResponseBytes, defaultResponseBytes),
		expect:   slices.Clone(r.expect),

		maxItems:  cmp.Or(r.maxItems, defaultItems),
		separator: ',',
	}
	if r.separator != nil {
		bound.separator = separators[r.separator.Text]
	}
	if len(bound.expect) == 0 {
		bound.expect = []schema.StatusRange{{First: 200, Last: 299}}
	}
	if r.schema != nil {
		v, err := r.schema.Build()
		if err != nil {
			b.problems = append(b.problems, err)
		}
		bound.kind, bound.validator = r.schema.Type(), v
	}
	return bound
}

func (b *builder) rules(rules []rule, s *expression.Scope) []boundRule {
	bound := make([]boundRule, len(rules))
	for i, r := range rules {
		bound[i] = boundRule{place: r.when.Place(), when: b.expression(r.when, s), message: b.template(r.message, s)}
	}
	return bound
}
