package httpcall

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/toolsd/toolsd/schema"
)

// places are those of the calls to an upstream that are under way. Who finds
// none free waits in a queue, first come, first served. With nil places all
// calls are under way at once.
type places struct {
	free    *semaphore.Weighted
	limit   schema.Concurrency
	waiting atomic.Int64
}

func newPlaces(limit schema.Concurrency) *places {
	if limit.Limit == 0 {
		return nil
	}
	return &places{free: semaphore.NewWeighted(int64(limit.Limit)), limit: limit}
}

// enter takes a place, which leave gives back. It waits for one until the
// context ends; where the queue is full it does not wait. A caller that gives
// up leaves the queue at once.
func (p *places) enter(ctx context.Context, x *exchange) (leave func(), err error) {
	if p == nil {
		return func() {}, nil
	}
	leave = func() { p.free.Release(1) }
	if p.free.TryAcquire(1) {
		return leave, nil
	}
	defer p.waiting.Add(-1)
	if p.waiting.Add(1) > int64(p.limit.Queue) {
		return nil, &crowded{limit: p.limit}
	}
	began := time.Now()
	if err := p.free.Acquire(ctx, 1); err != nil {
		if errors.Is(err, context.DeadlineExceeded) {
			return nil, &crowded{limit: p.limit, waited: time.Since(began)}
		}
		return nil, err
	}
	x.waited(time.Since(began), "other calls were under way")
	return leave, nil
}

// crowded is the hindrance of a call that found no place: the queue was full,
// or its time ran out there.
type crowded struct {
	limit  schema.Concurrency
	waited time.Duration // 0: it did not wait
}

func (c *crowded) Error() string {
	if c.waited == 0 {
		return fmt.Sprintf("%d calls are under way and %d wait", c.limit.Limit, c.limit.Queue)
	}
	return fmt.Sprintf("waited %s in vain for one of %d places", c.waited, c.limit.Limit)
}

func (c *crowded) told(name string) string {
	if c.waited == 0 {
		return name + " is busy with other calls of this server, and too many wait already; try again in a few seconds"
	}
	return fmt.Sprintf("%s was busy with other calls of this server for %s; try again later", name, duration(c.waited))
}
