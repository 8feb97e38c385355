package httpcall

import (
	"net/http"
	"testing"
	"time"
)

// What is kept takes no more room than it may, and what was not used for the
// longest time goes first.
func TestCacheIsBounded(t *testing.T) {
	began := time.Unix(0, 0)
	key := func(n int) fingerprint { return fingerprint{byte(n), byte(n >> 8), byte(n >> 16)} }
	answered := func(size int) *answer { return &answer{body: make([]byte, size), header: http.Header{"X": {"y"}}} }
	has := func(c *cache, n int) bool {
		k, f, _ := c.look(key(n), time.Hour, began)
		if f != nil {
			c.land(key(n), f)
		}
		return k != nil
	}
	c := newCache(10 << 10)
	for n := range 3 {
		c.keep(key(n), answered(2<<10), began, began.Add(time.Hour))
	}
	if !has(c, 0) {
		t.Fatal("an answer is not kept")
	}
	c.keep(key(3), answered(2<<10), began, began.Add(time.Hour)) // makes room by the one that was not used
	for n, want := range []bool{true, false, true, true} {
		if has(c, n) != want {
			t.Errorf("answer %d is kept: %t, want %t", n, !want, want)
		}
	}
	c.keep(key(4), answered(10<<10), began, began.Add(time.Hour))
	if has(c, 4) || !has(c, 3) {
		t.Error("an answer larger than the cache is kept, or made others go")
	}
	for range 100 {
		c.keep(key(0), answered(1<<10), began, began.Add(time.Hour))
	}
	if c.size > c.bytes || c.byUse.Len() != len(c.kept) {
		t.Errorf("%d bytes of %d, %d answers and %d keys", c.size, c.bytes, c.byUse.Len(), len(c.kept))
	}
	c.keep(key(9), answered(1), began.Add(2*time.Hour), began.Add(3*time.Hour))
	if len(c.kept) != 1 || c.byUse.Len() != 1 {
		t.Errorf("%d answers that are of no more use are kept", len(c.kept)-1)
	}
	many := newCache(1 << 40)
	for n := range mostKept + 10 {
		many.keep(key(n), answered(0), began, began.Add(time.Hour))
	}
	if len(many.kept) != mostKept || len(many.flights) != 0 {
		t.Errorf("%d answers are kept, %d flights", len(many.kept), len(many.flights))
	}
}
