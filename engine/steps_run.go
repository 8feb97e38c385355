package engine

import (
	"context"
	"errors"
	"log/slog"
	"maps"

	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/engine/httpcall"
)

// A stepsProgram is a list of steps ready to run. It is immutable and safe for
// concurrent use.
type stepsProgram struct {
	steps   []boundStep
	chained bool // each step waits for the one above it
	counted bool // see stepsBody
}

// A boundStep is a step ready to run.
type boundStep struct {
	id, label     string
	when, forEach *expression.Program // or nil
	concurrency   int
	optional      bool
	do            runner
	response      bool // its value is that of an HTTP call
	mute          bool // it has no value
	uses, after   []int
}

// An outcome is what a step, or one element of it, came to.
type outcome struct {
	value   any
	failure any // a text, or nil; with forEach a list of them
}

// A course is one run of the steps. What a step came to is written by the
// goroutine that runs it, before its channel in over is closed. That of a step
// that failed is never closed: what waits for it must not begin.
type course struct {
	*stepsProgram
	call     *call
	vars     expression.Vars // before the first step
	ordered  bool            // one step, and one element, after the other
	outcomes []outcome
	over     []chan struct{}
}

// run runs the steps and leaves steps and failed behind. The value is that of
// the last step: of a response, its body.
func (p *stepsProgram) run(ctx context.Context, c *call, vars expression.Vars) (any, error) {
	r := &course{
		stepsProgram: p, call: c, vars: vars, ordered: c.isOrdered(ctx),
		outcomes: make([]outcome, len(p.steps)),
	}
	c.meter = newMeter(ctx, c, p)
	if err := r.all(ctx); err != nil {
		return nil, err
	}
	all := make([]int, len(p.steps))
	for i := range all {
		all[i] = i
	}
	maps.Copy(vars, r.known(all))
	return r.result(), nil
}

// all runs every step. The first failure ends the context of the others, and
// is returned when none of them runs any more.
func (r *course) all(ctx context.Context) error {
	if r.chained || r.ordered {
		for i := range r.steps {
			if err := r.step(ctx, i); err != nil {
				return err
			}
		}
		return nil
	}
	r.over = make([]chan struct{}, len(r.steps))
	for i := range r.over {
		r.over[i] = make(chan struct{})
	}
	crew := newCrew(ctx)
	for i := range r.steps {
		crew.run(func(ctx context.Context) error {
			for _, j := range r.steps[i].after {
				select {
				case <-r.over[j]:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
			if err := r.step(ctx, i); err != nil {
				return err // and those that wait for it are told by their context
			}
			close(r.over[i])
			return nil
		})
	}
	return crew.wait()
}

// step runs one step; those that it waits for are over.
func (r *course) step(ctx context.Context, i int) error {
	s := &r.steps[i]
	if err := ctx.Err(); err != nil {
		return err
	}
	vars := maps.Clone(r.vars)
	maps.Copy(vars, r.known(s.uses))
	o, ran, err := r.outcome(ctx, s, vars)
	if err != nil {
		r.report(ctx, s, nil, err)
		return &stepError{s.label, err}
	}
	r.outcomes[i] = o
	if ran {
		r.report(ctx, s, &o, nil)
	} else {
		r.call.observe(ctx, func(v Observer) { v.Step(s.label, StepSkipped, nil) })
	}
	r.call.meter.finished(ctx)
	return nil
}

// outcome is what a step comes to, and whether it ran.
func (r *course) outcome(ctx context.Context, s *boundStep, vars expression.Vars) (o outcome, ran bool, err error) {
	if s.when != nil {
		if holds, err := s.when.Holds(ctx, vars); err != nil || !holds {
			return outcome{}, false, err
		}
	}
	r.call.observe(ctx, func(v Observer) { v.Step(s.label, StepBegan, nil) })
	if s.forEach == nil {
		o, err = r.attempt(ctx, s, vars)
		return o, true, err
	}
	o, err = r.forEach(ctx, s, vars)
	return o, true, err
}

// attempt does what the step does, once. Of an optional step a failure is an
// outcome, unless the whole call is over.
func (r *course) attempt(ctx context.Context, s *boundStep, vars expression.Vars) (outcome, error) {
	value, err := s.do(ctx, r.call, vars)
	if err == nil {
		return outcome{value: value}, nil
	}
	if !s.optional || ctx.Err() != nil || errors.Is(err, httpcall.ErrDryRun) {
		return outcome{}, err
	}
	message := "The step failed because of a fault in its definition."
	if failure, ok := errors.AsType[*expression.Failure](err); ok {
		message, err = failure.Message, cause(failure)
	}
	r.call.log(slog.LevelWarn, "optional step failed", &stepError{s.label, err})
	return outcome{failure: message}, nil
}

// result is the value of the last step: of an answer, its body.
func (r *course) result() any {
	last := len(r.steps) - 1
	value := r.outcomes[last].value
	if !r.steps[last].response {
		return value
	}
	switch value := value.(type) {
	case map[string]any:
		return answerBody(value)
	case []any:
		bodies := make([]any, len(value))
		for i, element := range value {
			answer, _ := element.(map[string]any) // null where it failed
			bodies[i] = answerBody(answer)
			if file, ok := bodies[i].(binary); ok {
				bodies[i] = file.data
			}
		}
		return bodies
	}
	return nil
}

// known are the names steps and failed with what some steps came to.
func (r *course) known(of []int) expression.Vars {
	values, failures := make(map[string]any, len(of)), map[string]any{}
	for _, i := range of {
		s := &r.steps[i]
		if s.id == "" {
			continue
		}
		values[s.id] = r.outcomes[i].value
		if s.optional {
			failures[s.id] = r.outcomes[i].failure
		}
	}
	return expression.Vars{"steps": values, "failed": failures}
}

// A stepError says which step an error comes from, for the log.
type stepError struct {
	label string
	cause error
}

func (e *stepError) Error() string { return "step " + e.label + ": " + e.cause.Error() }
func (e *stepError) Unwrap() error { return e.cause }
