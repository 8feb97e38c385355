package httpcall

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/toolsd/toolsd/schema"
)

// A pace lets requests go to an upstream at its rate. A nil pace lets them go
// at once.
type pace struct {
	limit schema.RateLimit

	mu      sync.Mutex // so that a turn given back at once is as if it was never taken
	limiter *rate.Limiter
}

func newPace(limit schema.RateLimit) *pace {
	if limit.Requests == 0 {
		return nil
	}
	every := rate.Limit(float64(limit.Requests) / limit.Per.Seconds())
	return &pace{limit: limit, limiter: rate.NewLimiter(every, limit.Burst)}
}

// turn reserves the turn of one request, which must come within a time from
// now: a wait that does not fit is not begun, and the error is a hindrance.
func (p *pace) turn(now time.Time, within time.Duration) (*rate.Reservation, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	turn := p.limiter.ReserveN(now, 1)
	if wait := turn.DelayFrom(now); wait > 0 && wait >= within {
		turn.CancelAt(now)
		return nil, &hurried{limit: p.limit, wait: wait}
	}
	return turn, nil
}

// hurried is the hindrance of a request whose turn comes too late for its call.
type hurried struct {
	limit schema.RateLimit
	wait  time.Duration
}

func (h *hurried) Error() string {
	return fmt.Sprintf("the rate of %d requests in %s leaves none for %s", h.limit.Requests, h.limit.Per, h.wait)
}

func (h *hurried) told(name string) string {
	return fmt.Sprintf("this server calls %s at most %d times in %s, and that is used up; try again in %s",
		name, h.limit.Requests, duration(h.limit.Per), wholeSeconds(h.wait))
}

// await waits for the turn of the next request, which may have been reserved
// before.
func (t *tries) await(ctx context.Context) error {
	if t.pace == nil {
		return nil
	}
	turn := t.turn
	t.turn = nil
	if turn == nil {
		left, _ := t.left(ctx)
		var err error
		if turn, err = t.pace.turn(t.now(), left); err != nil {
			return err
		}
	}
	wait := turn.DelayFrom(t.now())
	if wait <= 0 {
		return nil
	}
	t.call.waited(wait, "its rate was used up")
	if t.played {
		t.spent += wait
		return nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		turn.Cancel()
		return ctx.Err()
	}
}

// reserve takes the turn of the next try. fits is false when it comes too late
// for the call.
func (t *tries) reserve(left time.Duration) (fits bool) {
	if t.pace == nil {
		return true
	}
	var err error
	t.turn, err = t.pace.turn(t.now(), left)
	return err == nil
}

// giveBack returns a turn that was reserved and not used.
func (t *tries) giveBack() {
	if t.turn != nil {
		t.turn.CancelAt(t.now())
	}
}

// now is the time of the call: where none passes, what would have.
func (t *tries) now() time.Time { return time.Now().Add(t.spent) }
