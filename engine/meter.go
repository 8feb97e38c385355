package engine

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"sync"

	"github.com/toolsd/toolsd/engine/expression"
)

// A meter tells a listener how far the steps of a call are. A client is told
// of numbers that grow (MCP, Progress): those of the steps that say one, and
// where no step does, how many are over.
type meter struct {
	listener Listener // nil: nobody wants to know
	counted  bool
	steps    int

	mu      sync.Mutex
	over    int
	message string // for the step that is about to be over
	done    float64
	total   float64
}

// newMeter returns the meter of a call. What a tool does for another one is
// part of a step of that.
func newMeter(ctx context.Context, c *call, p *stepsProgram) *meter {
	m := &meter{counted: p.counted, steps: len(p.steps), done: math.Inf(-1)}
	if c.depth == 0 {
		m.listener = listenerFrom(ctx)
	}
	return m
}

// finished counts a step that is over.
func (m *meter) finished(ctx context.Context) {
	if m.listener == nil || !m.counted {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.over++
	m.listener.Progress(ctx, float64(m.over), float64(m.steps), m.message)
	m.message = ""
}

// tell passes on what a step says of itself. A message without a number goes
// with the step's own, or, where other steps say numbers, with the least that
// is more than the last one.
func (m *meter) tell(ctx context.Context, message string, done *float64, total float64) {
	if m.listener == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.counted:
		m.message = message
		return
	case done != nil && *done <= m.done:
		return
	case done != nil:
		m.done, m.total = *done, total
	case math.IsInf(m.done, -1):
		m.done = 0
	default:
		m.done = math.Nextafter(m.done, math.Inf(1))
	}
	m.listener.Progress(ctx, m.done, m.total, message)
}

// A boundProgress is a step that says how far the call is. Each part may be
// nil.
type boundProgress struct {
	message, done, total *expression.Renderer
}

func (p *boundProgress) run(ctx context.Context, c *call, vars expression.Vars) (any, error) {
	message, err := prose(ctx, p.message, vars)
	if err != nil {
		return nil, err
	}
	done, err := number(ctx, p.done, vars)
	if err != nil {
		return nil, err
	}
	total, err := number(ctx, p.total, vars)
	if err != nil {
		return nil, err
	}
	var whole float64
	if total != nil {
		whole = *total
	}
	c.meter.tell(ctx, c.catalog.Mask(message), done, whole)
	return nil, nil
}

var errNoNumber = errors.New("how far a call is, is a number")

// number renders a number; nil is nil.
func number(ctx context.Context, r *expression.Renderer, vars expression.Vars) (*float64, error) {
	if r == nil {
		return nil, nil
	}
	value, err := expression.Render(ctx, r, vars, expression.InResult)
	if err != nil {
		return nil, err
	}
	var n float64
	switch value := value.(type) {
	case int:
		n = float64(value)
	case float64:
		n = value
	case json.Number:
		if n, err = value.Float64(); err != nil {
			return nil, errNoNumber
		}
	default:
		return nil, errNoNumber
	}
	return &n, nil
}
