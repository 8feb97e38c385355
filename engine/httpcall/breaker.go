package httpcall

import (
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/sony/gobreaker/v2"
)

// A breaker stops calling an upstream that fails, and tries it again with a
// few calls after a while. What counts is a whole call with its repetitions.
// A nil breaker lets every call through.
type breaker struct {
	circuit *gobreaker.CircuitBreaker[*answer]
	until   atomic.Int64 // when calls are tried again, in nanoseconds since 1970
}

var (
	errFailing = errors.New("the upstream fails")
	errNeither = errors.New("the outcome says nothing of the upstream")
)

// newBreaker returns the breaker of a restraint; nil when it has none.
func newBreaker(r restraint, logger *slog.Logger) *breaker {
	if r.breaker.Failures == 0 {
		return nil
	}
	b := &breaker{}
	b.circuit = gobreaker.NewCircuitBreaker[*answer](gobreaker.Settings{
		MaxRequests: uint32(r.breaker.Probes),
		Timeout:     r.breaker.OpenFor,
		ReadyToTrip: func(c gobreaker.Counts) bool { return int(c.ConsecutiveFailures) >= r.breaker.Failures },
		IsExcluded:  func(err error) bool { return errors.Is(err, errNeither) },
		OnStateChange: func(_ string, _, to gobreaker.State) {
			switch to {
			case gobreaker.StateOpen:
				b.until.Store(time.Now().Add(r.breaker.OpenFor).UnixNano())
				logger.Warn("upstream fails; it is not called for a while", "upstream", r.upstream, "for", r.breaker.OpenFor)
			case gobreaker.StateClosed:
				logger.Info("upstream is called again", "upstream", r.upstream)
			}
		},
	})
	return b
}

// guard makes a call unless the breaker is open: then the error is a
// hindrance.
func (b *breaker) guard(name string, call func() (*answer, error)) (a *answer, err error) {
	if b == nil {
		return call()
	}
	_, refused := b.circuit.Execute(func() (*answer, error) {
		a, err = call()
		switch {
		case isFailing(a, err):
			return nil, errFailing
		case err != nil:
			return nil, errNeither
		}
		return nil, nil
	})
	if errors.Is(refused, gobreaker.ErrOpenState) || errors.Is(refused, gobreaker.ErrTooManyRequests) {
		return nil, &open{wait: time.Until(time.Unix(0, b.until.Load()))}
	}
	return a, err
}

// An open breaker is a hindrance. wait is how long it stays open; none is left
// while the calls that try the upstream again are under way.
type open struct{ wait time.Duration }

func (o *open) Error() string { return "the circuit breaker is open" }

func (o *open) told(name string) string {
	if o.wait <= 0 {
		return name + " was failing and is being tried again; try again in a few seconds"
	}
	return fmt.Sprintf("%s is failing; it is tried again in %s", name, wholeSeconds(o.wait))
}

// wholeSeconds writes a time rounded up, so that who waits as long is not
// early.
func wholeSeconds(d time.Duration) string {
	return fmt.Sprintf("%d s", (d+time.Second-1)/time.Second)
}
