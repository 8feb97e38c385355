package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync/atomic"

	"github.com/toolsd/toolsd/engine/expression"
)

// maxElements is for how many elements a step runs.
const maxElements = 100

// forEach runs a step for each element of its list; the values are in order.
func (r *course) forEach(ctx context.Context, s *boundStep, vars expression.Vars) (outcome, error) {
	elements, err := s.elements(ctx, vars)
	if err != nil {
		return outcome{}, err
	}
	values, failures := make([]any, len(elements)), make([]any, len(elements))
	element := func(ctx context.Context, i int) error {
		own := maps.Clone(vars)
		own["each"] = elements[i]
		show := func(stage StepStage, value any) {
			r.call.observe(ctx, func(v Observer) {
				v.Step(fmt.Sprintf("%s, element %d of %d", s.label, i+1, len(elements)), stage, value)
			})
		}
		show(StepBegan, nil)
		o, err := r.attempt(ctx, s, own)
		values[i], failures[i] = o.value, o.failure
		if o.failure != nil {
			show(StepFailed, o.failure)
		}
		return err
	}
	workers := min(s.concurrency, len(elements))
	if r.ordered || workers < 2 {
		for i := range elements {
			if err := element(ctx, i); err != nil {
				return outcome{}, err
			}
		}
		return outcome{values, failures}, nil
	}
	var at atomic.Int64
	crew := newCrew(ctx)
	for range workers {
		crew.run(func(ctx context.Context) error {
			for i := int(at.Add(1)) - 1; i < len(elements); i = int(at.Add(1)) - 1 {
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := element(ctx, i); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := crew.wait(); err != nil {
		return outcome{}, err
	}
	return outcome{values, failures}, nil
}

// elements evaluates forEach; null has none.
func (s *boundStep) elements(ctx context.Context, vars expression.Vars) ([]any, error) {
	value, err := s.forEach.Run(ctx, vars)
	if err != nil || value == nil {
		return nil, err
	}
	list, ok := value.([]any)
	switch {
	case !ok:
		return nil, &expression.Fault{Place: s.forEach.Place(), Cause: errors.New("forEach needs a list")}
	case len(list) > maxElements:
		return nil, &expression.Failure{Message: fmt.Sprintf("This would be done for %d elements, and %d are the most. Ask for less at once.", len(list), maxElements)}
	}
	return list, nil
}
