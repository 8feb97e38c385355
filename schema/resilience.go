package schema

import (
	"cmp"
	"time"
)

// A RateLimit bounds how many requests go to an upstream in a time. The zero
// RateLimit bounds nothing.
type RateLimit struct {
	Requests int
	Per      time.Duration
	Burst    int // how many may go at once after a rest
}

// Concurrency bounds how many calls to an upstream are under way at once. The
// zero Concurrency bounds nothing.
type Concurrency struct {
	Limit int
	Queue int // how many more may wait for a place
}

// A CircuitBreaker says when an upstream is not called for a while. The zero
// CircuitBreaker always lets it be called.
type CircuitBreaker struct {
	Failures int // calls in a row
	OpenFor  time.Duration
	Probes   int // calls that are tried before all are
}

// A Cache says how long answers are kept. Zero times are not said.
type Cache struct {
	Place        Place
	Off          bool // none was written: nothing is kept
	TTL          time.Duration
	StaleIfError time.Duration // beyond TTL
}

func rateLimitOf(n *Node) RateLimit {
	requests := integerOf(n.Get("requests"))
	return RateLimit{
		Requests: requests,
		Per:      durationOf(n.Get("per")),
		Burst:    cmp.Or(integerOf(n.Get("burst")), requests),
	}
}

func concurrencyOf(n *Node) Concurrency {
	limit, queue := integerOf(n.Get("limit")), n.Get("queue")
	if queue == nil {
		return Concurrency{Limit: limit, Queue: 10 * limit}
	}
	return Concurrency{Limit: limit, Queue: integerOf(queue)}
}

func circuitBreakerOf(n *Node) CircuitBreaker {
	if n == nil {
		return CircuitBreaker{}
	}
	return CircuitBreaker{
		Failures: cmp.Or(integerOf(n.Get("failures")), 5),
		OpenFor:  cmp.Or(durationOf(n.Get("openFor")), 30*time.Second),
		Probes:   cmp.Or(integerOf(n.Get("probes")), 1),
	}
}

func cacheOf(n *Node) Cache {
	if n == nil {
		return Cache{}
	}
	return Cache{
		Place:        n.Place,
		Off:          n.IsScalar(),
		TTL:          durationOf(n.Get("ttl")),
		StaleIfError: durationOf(n.Get("staleIfError")),
	}
}
