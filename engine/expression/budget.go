package expression

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	defaultTime   = 2 * time.Second
	defaultTicks  = 10_000_000
	defaultMemory = 64 << 20

	// What things cost in memory: an upper estimate of what the virtual
	// machine holds for them, growth of its slices included.
	elementBytes = 64  // an element of a list that a loop makes
	objectBytes  = 320 // an object, for each eight members
	loopBytes    = 320 // a loop that is entered

	// A look at the clock is due after this much effort; one turn of a loop,
	// or 64 bytes of text, is an effort of one.
	effortPerLook = 64
)

var (
	errTicks  = errors.New("the expression takes too many turns of its loops")
	errMemory = &unfit{message: "the expression makes too much data"}
	errDepth  = fmt.Errorf("the expression makes data nested more than %d deep", maxDataDepth)
)

// A budget is what is left to one run of an expression.
type budget struct {
	ctx      context.Context
	limits   Bounds
	ticks    int64
	memory   int64
	effort   int64
	deadline time.Time // set at the first look at the clock
}

// withDefaults returns the bounds with each zero field replaced by its default.
func (b Bounds) withDefaults() Bounds {
	if b.Time == 0 {
		b.Time = int64(defaultTime)
	}
	if b.Ticks == 0 {
		b.Ticks = defaultTicks
	}
	if b.Memory == 0 {
		b.Memory = defaultMemory
	}
	return b
}

func newBudget(ctx context.Context, limits Bounds) budget {
	return budget{ctx: ctx, limits: limits, ticks: limits.Ticks, memory: limits.Memory}
}

// tick takes one turn of a loop.
func (b *budget) tick() error {
	if b.ticks--; b.ticks < 0 {
		return errTicks
	}
	return b.work(1)
}

// read takes the effort of going through so many bytes.
func (b *budget) read(bytes int) error { return b.work(int64(bytes)/64 + 1) }

func (b *budget) work(effort int64) error {
	if b.effort += effort; b.effort < effortPerLook {
		return nil
	}
	b.effort = 0
	if err := b.ctx.Err(); err != nil {
		return fmt.Errorf("the expression was stopped: %w", context.Cause(b.ctx))
	}
	now := time.Now()
	if b.deadline.IsZero() {
		b.deadline = now.Add(time.Duration(b.limits.Time))
		return nil
	}
	if now.After(b.deadline) {
		return fmt.Errorf("the expression takes longer than %v", time.Duration(b.limits.Time))
	}
	return nil
}

// charge takes so many bytes, which are about to be made, and the effort of
// making them.
func (b *budget) charge(bytes int) error {
	if bytes < 0 || int64(bytes) > b.memory {
		return errMemory
	}
	b.memory -= int64(bytes)
	return b.read(bytes)
}

// elements takes the memory of so many elements of a list.
func (b *budget) elements(n int) error {
	const size = 16
	if int64(n) > b.memory/size {
		return errMemory
	}
	return b.charge(n * size)
}
