package engine

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/toolsd/toolsd/engine/expression"
)

// A step that waits for another does not begin when that one fails, however
// closely it follows.
func TestNothingBeginsAfterAFailure(t *testing.T) {
	var begun atomic.Int64
	failure := errors.New("not allowed")
	p := &stepsProgram{steps: []boundStep{{label: "first", do: func(context.Context, *call, expression.Vars) (any, error) { return nil, failure }}}}
	for range 50 {
		p.steps = append(p.steps, boundStep{after: []int{0}, do: func(context.Context, *call, expression.Vars) (any, error) {
			begun.Add(1)
			return nil, nil
		}})
	}
	for range 2000 {
		if _, err := p.run(t.Context(), &call{}, expression.Vars{}); !errors.Is(err, failure) {
			t.Fatal(err)
		}
	}
	if n := begun.Load(); n > 0 {
		t.Errorf("%d steps began after the one before them had failed", n)
	}
}
