package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/engine/jsonschema"
	"github.com/toolsd/toolsd/schema"
)

// actions are the kinds of step. A kind finds out whether a step is of it, and
// checks what the step does.
var actions = []struct {
	written func(*schema.Step) bool
	check   func(*stepCheck) action
}{
	{func(s *schema.Step) bool { return s.HTTP != nil }, (*stepCheck).http},
	{func(s *schema.Step) bool { return s.Expr != nil }, (*stepCheck).expr},
	{func(s *schema.Step) bool { return s.Tool != nil }, (*stepCheck).tool},
	{func(s *schema.Step) bool { return s.Log != nil }, (*stepCheck).log},
	{func(s *schema.Step) bool { return s.Sleep > 0 }, (*stepCheck).sleep},
	{func(s *schema.Step) bool { return s.Progress != nil }, (*stepCheck).progress},
	{func(s *schema.Step) bool { return s.Notify != "" }, (*stepCheck).notify},
}

// nullType is what steps have whose value is nothing.
var nullType = &jsonschema.Type{Kind: jsonschema.NullKind}

func (k *stepCheck) http() action {
	b, found := k.httpCall(k.written.HTTP, k.written.Errors, k.readOnly, k.body.parts.envs.exposed, func() *expression.Scope {
		return k.scope(k.body.parts.envs.all)
	})
	k.found = append(k.found, found...)
	a := action{typ: anyType, ready: b.ready()}
	if !a.ready {
		return a
	}
	a.typ, a.safe, a.response = b.call.ResponseType(), b.call.Safe(), true
	a.build = func(bounds Bounds) (runner, error) {
		program, err := b.program(bounds)
		if err != nil {
			return nil, err
		}
		return func(ctx context.Context, c *call, vars expression.Vars) (any, error) {
			response, err := c.request(ctx, program, vars)
			if err != nil {
				return nil, err
			}
			return response, nil
		}, nil
	}
	return a
}

func (k *stepCheck) expr() action {
	b := &exprBody{scope: func() *expression.Scope { return k.scope(k.body.parts.envs.exposed) }}
	scope := b.scope()
	var found []schema.Diagnostic
	b.expr, found = scope.Check(k.written.Expr)
	k.found = append(k.found, found...)
	a := action{typ: scope.Type(b.expr), safe: true, ready: b.ready(), build: b.build}
	if a.ready {
		a.misfits = func(want *jsonschema.Type) []schema.Diagnostic { return scope.ExprMisfits(b.expr, want) }
	}
	return a
}

func (k *stepCheck) log() action {
	written := k.written.Log
	message, _ := k.template(written.Message)
	level, label := written.Level, stepLabel(k.written, k.index)
	if level == "" {
		level = "info"
	}
	return action{typ: nullType, ready: message != nil, build: func(bounds Bounds) (runner, error) {
		text, err := k.renderer(message, bounds)
		if err != nil {
			return nil, fmt.Errorf("log: %w", err)
		}
		return func(ctx context.Context, c *call, vars expression.Vars) (any, error) {
			said, err := prose(ctx, text, vars)
			if err == nil {
				c.say(ctx, level, label, said)
			}
			return nil, err
		}, nil
	}}
}

func (k *stepCheck) sleep() action {
	d := k.written.Sleep
	return action{typ: nullType, ready: true, build: func(Bounds) (runner, error) {
		return func(ctx context.Context, c *call, _ expression.Vars) (any, error) {
			if c.engine.options.played {
				return nil, ctx.Err()
			}
			timer := time.NewTimer(d)
			defer timer.Stop()
			select {
			case <-timer.C:
				return nil, nil
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}, nil
	}}
}

func (k *stepCheck) progress() action {
	written := k.written.Progress
	message, _ := k.template(written.Message)
	done, total := k.number(written.Done), k.number(written.Total)
	return action{typ: nullType, ready: true, build: func(bounds Bounds) (runner, error) {
		var p boundProgress
		var err error
		if p.message, err = k.renderer(message, bounds); err != nil {
			return nil, fmt.Errorf("progress: message: %w", err)
		}
		if p.done, err = k.renderer(done, bounds); err != nil {
			return nil, fmt.Errorf("progress: done: %w", err)
		}
		if p.total, err = k.renderer(total, bounds); err != nil {
			return nil, fmt.Errorf("progress: total: %w", err)
		}
		return p.run, nil
	}}
}

// number checks a template that is to make a number.
func (k *stepCheck) number(n *schema.Node) *expression.Template {
	t, scope := k.template(n)
	if t == nil {
		return nil
	}
	kind := scope.TemplateType(t)
	numeric := func(o *jsonschema.Type) bool {
		return o.Kind == jsonschema.IntKind || o.Kind == jsonschema.FloatKind || o.Kind == jsonschema.Any
	}
	if options := kind.Each(); kind.IsNullable() || !slices.ContainsFunc(options, numeric) {
		k.found = append(k.found, expression.WrongType.At(n.Place, "how far a call is, is a number that is never null", "write a number, or one slot: ${steps.ID}"))
	}
	return t
}

func (k *stepCheck) notify() action {
	return action{typ: nullType, ready: true, build: func(Bounds) (runner, error) {
		return func(ctx context.Context, _ *call, _ expression.Vars) (any, error) {
			if l := listenerFrom(ctx); l != nil {
				l.ToolsChanged()
			}
			return nil, nil
		}, nil
	}}
}

// prose renders a message for people; nil is "".
func prose(ctx context.Context, r *expression.Renderer, vars expression.Vars) (string, error) {
	if r == nil {
		return "", nil
	}
	text, err := expression.Render(ctx, r, vars, expression.InProse)
	if err != nil {
		return "", err
	}
	said, _ := text.(string)
	return strings.TrimSpace(said), nil
}
