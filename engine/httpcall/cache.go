package httpcall

import (
	"container/list"
	"sync"
	"time"
)

// What a cache holds at most where nobody says otherwise.
const (
	defaultCacheBytes = 64 << 20
	mostKept          = 10_000 // answers
	keptOverhead      = 1 << 10
)

// A cache keeps answers, and knows of the requests that are under way for
// more. Those that were not used for the longest time make room for others.
// It is safe for concurrent use.
type cache struct {
	bytes int64 // most

	mu      sync.Mutex
	kept    map[fingerprint]*list.Element
	byUse   list.List // of *kept, the last used first
	size    int64
	flights map[fingerprint]*flight
}

// A kept answer is immutable.
type kept struct {
	key    fingerprint
	answer *answer
	at     time.Time // when it came
	until  time.Time // when it is of no more use
	size   int64
}

// A flight is a request under way whose answer others wait for. What is in it
// is written before done is closed.
type flight struct {
	done chan struct{}
	// What came of it for those who wait: an answer, an error, or that each has
	// to ask alone. Otherwise one of them takes the lead.
	answer *answer
	err    error
	effort effort // after which err is all that came
	alone  bool
}

// An effort is how much a call does for an answer: a failure after one says
// nothing of what comes of another.
type effort struct {
	retry  retry
	limits limits
}

func (p *Program) effort() effort { return effort{p.retry, p.limits} }

func newCache(bytes int64) *cache {
	return &cache{bytes: bytes, kept: map[fingerprint]*list.Element{}, flights: map[fingerprint]*flight{}}
}

// look returns what is kept for a request, nil when nothing is. When it is
// older than ttl, or nothing is there, it also returns the flight on which a
// newer answer comes; leads says that the caller has to make it, and then to
// call land.
func (c *cache) look(key fingerprint, ttl time.Duration, now time.Time) (k *kept, f *flight, leads bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.kept[key]; e != nil {
		k = e.Value.(*kept)
		c.byUse.MoveToFront(e)
		if now.Sub(k.at) < ttl {
			return k, nil, false
		}
	}
	if f = c.flights[key]; f != nil {
		return k, f, false
	}
	f = &flight{done: make(chan struct{})}
	c.flights[key] = f
	return k, f, true
}

// land ends a flight and wakes those who wait for it.
func (c *cache) land(key fingerprint, f *flight) {
	c.mu.Lock()
	delete(c.flights, key)
	c.mu.Unlock()
	close(f.done)
}

// keep keeps an answer until it is of no more use. One that is larger than
// all that may be kept is let go.
func (c *cache) keep(key fingerprint, a *answer, at, until time.Time) {
	k := &kept{key: key, answer: a, at: at, until: until, size: a.size() + keptOverhead}
	if k.size > c.bytes {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.kept[key]; e != nil {
		c.drop(e)
	}
	c.kept[key] = c.byUse.PushFront(k)
	c.size += k.size
	for last := c.byUse.Back(); c.size > c.bytes || c.byUse.Len() > mostKept || last.Value.(*kept).until.Before(at); last = c.byUse.Back() {
		c.drop(last)
	}
}

// drop forgets an answer. The caller holds the lock.
func (c *cache) drop(e *list.Element) {
	k := c.byUse.Remove(e).(*kept)
	delete(c.kept, k.key)
	c.size -= k.size
}

// size is the room that an answer takes.
func (a *answer) size() int64 {
	size := int64(cap(a.body))
	for name, values := range a.header {
		for _, v := range values {
			size += int64(len(name) + len(v))
		}
	}
	for _, s := range a.secrets {
		size += int64(len(s))
	}
	return size
}
