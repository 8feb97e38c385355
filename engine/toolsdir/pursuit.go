package toolsdir

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/toolsd/toolsd/schema"
)

const (
	// share is how many times as long as a walk took is waited before the next.
	share       = 100
	longestPoll = 30 * time.Second
	// calm is the same for walks that events ask for.
	calm = 3
	// burst is how long events of files are gathered before the files are looked
	// at: a save is often an emptying and a writing, and a look between the two
	// would cost another settle time.
	burst = 5 * time.Millisecond
	// drained is how many events are taken in before anything is done.
	drained = 4096
)

// A pursuit is one run of a Watcher: it decides when to look at what.
type pursuit struct {
	scanner  *scanner
	notifier *notifier
	poll     time.Duration

	walkAt     time.Time // when to walk, whatever happens
	calmUntil  time.Time // not before this, whatever events say
	everywhere bool      // a walk is wanted
	names      map[string]bool
	namesAt    time.Time // when to look at names
}

// turn does what is due, and returns when there will be more.
func (p *pursuit) turn(now time.Time, deliver func([]schema.Source)) time.Time {
	s := p.scanner
	switch {
	case !now.Before(p.walkAt):
		s.verify(now)
		p.walk(now)
	case p.everywhere && !now.Before(p.calmUntil):
		p.walk(now)
	case len(p.names) > 0 && !now.Before(p.namesAt):
		s.lookAt(slices.Sorted(maps.Keys(p.names)), now)
		clear(p.names)
	}
	s.take(now)
	p.everywhere = p.everywhere || s.stray
	patience := s.changedAt.Add(2 * s.settle)
	if s.changed && (len(s.unsettled) == 0 || !now.Before(patience)) {
		s.changed = false
		deliver(s.sources())
	}

	next := p.walkAt
	if p.everywhere {
		next = earlier(next, p.calmUntil)
	}
	if len(p.names) > 0 {
		next = earlier(next, p.namesAt)
	}
	// What was due and is unsettled still waits for a walk.
	if at := s.settlesAt(); at.After(now) {
		next = earlier(next, at)
	}
	if s.changed {
		next = earlier(next, patience)
	}
	return next
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func (p *pursuit) walk(now time.Time) {
	start := time.Now()
	p.scanner.walk(now)
	clear(p.names)
	// What happened in a directory before it was watched made no event.
	p.everywhere = p.notifier.follow(p.scanner.dirs)
	end := time.Now()
	cost := end.Sub(start)
	poll := p.poll
	if !p.notifier.listening() {
		poll /= 8
	}
	p.walkAt = end.Add(min(max(poll, share*cost), max(poll, longestPoll)))
	p.calmUntil = end.Add(calm * cost)
}

// wait returns when there is something to do, or, with the cause, when the
// context is done.
func (p *pursuit) wait(ctx context.Context, poke <-chan struct{}, wake <-chan time.Time) error {
	events, faults := p.notifier.channels()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-wake:
	case <-poke:
		p.walkAt = time.Time{}
	case e, ok := <-events:
		p.note(e, ok)
		for range drained {
			select {
			case e, ok := <-events:
				p.note(e, ok)
				continue
			default:
			}
			break
		}
	case err := <-faults:
		p.everywhere = true
		p.notifier.fault(err)
	}
	return nil
}

func (p *pursuit) note(e fsnotify.Event, ok bool) {
	if !ok {
		p.notifier.close()
		return
	}
	switch h, concerns := p.notifier.hint(e); {
	case !concerns:
	case h.name == "":
		p.everywhere = true
	default:
		if len(p.names) == 0 {
			p.namesAt = time.Now().Add(burst)
		}
		p.names[h.name] = true
	}
}
