package httpcall

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/toolsd/toolsd/engine/expression"
)

// While callers call and give up, secrets rotate, settings change and upstreams
// fail. Nobody is shown what belongs to another, and nothing stays behind.
func TestCallsWhileEverythingChanges(t *testing.T) {
	tokens := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, secret, _ := r.BasicAuth()
		fmt.Fprintf(w, `{"access_token": "%s-for-%s", "expires_in": 3600}`, secret, r.FormValue("subject_token"))
	}))
	defer tokens.Close()
	var asked atomic.Int64
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch asked.Add(1) % 10 {
		case 3:
			w.WriteHeader(http.StatusInternalServerError)
		case 5:
			w.WriteHeader(http.StatusUnauthorized)
		case 7:
			panic(http.ErrAbortHandler)
		}
		_, who, _ := strings.Cut(r.Header.Get("Authorization"), "-for-")
		answerJSON(w, 200, fmt.Sprintf("%q", who))
	}))
	defer upstream.Close()
	generation := func(i int) (*Program, *Upstream) {
		settings := fmt.Sprintf("rateLimit: {requests: 100000, per: 1s, burst: %d}\nconcurrency: {limit: 4, queue: 100}\n"+
			"circuitBreaker: {failures: 2, openFor: 1ms}\ncache: {ttl: 1ms, staleIfError: 1s}\nretry: {attempts: 2, minWait: 1ms, maxWait: 1ms}\n", 1000+i)
		env := environ{"ID": "id", "SECRET": fmt.Sprint("planted-secret-", i)}
		k := check(t, tool(upstream.URL, settings+strings.Replace(oauth2(tokens.URL, ""), "oauth2", "onBehalfOf", 1), ""), env)
		p, err := k.call.Build(k.target, expression.Bounds{}, Bounds{})
		if err != nil {
			t.Fatal(err)
		}
		return p, k.upstreams["api"]
	}
	c := NewClient(ClientOptions{})
	var current atomic.Pointer[Program]
	p, last := generation(0)
	current.Store(p)

	var answered atomic.Int64
	var callers sync.WaitGroup
	for i := range 20 {
		callers.Go(func() {
			caller := fmt.Sprint("caller-", i%5)
			for n := range 30 {
				ctx, cancel := context.WithTimeout(WithCallerToken(t.Context(), caller), 5*time.Second)
				if n%7 == 3 {
					time.AfterFunc(time.Duration(n)*10*time.Microsecond, cancel)
				}
				response, err := current.Load().Run(ctx, c, inputs(nil))
				cancel()
				if err != nil {
					if strings.Contains(reasons(err), "planted") {
						t.Error(reasons(err))
					}
					continue
				}
				answered.Add(1)
				if got := response["body"]; got != caller {
					t.Errorf("%s was given what is for %v", caller, got)
				}
			}
		})
	}
	for i := range 20 {
		p, last = generation(i + 1)
		current.Store(p)
		c.Retain(slices.Values([]*Upstream{last}))
	}
	callers.Wait()
	c.Retain(slices.Values([]*Upstream{last}))
	c.Close()
	if answered.Load() == 0 {
		t.Error("no call was answered")
	}
	if len(c.gates) > 1 || len(c.transports) > 2 || len(c.cache.flights) > 0 {
		t.Errorf("%d gates, %d transports and %d flights are left", len(c.gates), len(c.transports), len(c.cache.flights))
	}
	if g := c.gates[last.restraint]; g != nil && (!g.places.free.TryAcquire(4) || g.places.waiting.Load() != 0) {
		t.Error("places were not given back")
	}
	c.tokens.mu.Lock()
	defer c.tokens.mu.Unlock()
	if n := len(c.tokens.fetchings); n > 0 {
		t.Errorf("%d fetches are left", n)
	}
}

// The connections of a certificate that no upstream has any more are let go.
func TestRotatedCertificatesAreLetGo(t *testing.T) {
	a := newAuthority(t)
	base := serveTLS(t, a, true)
	c := newClient(t, ClientOptions{})
	var last *Upstream
	for i := range 3 {
		certificate, key, _, _ := issue(t, a, fmt.Sprint("ann", i), time.Hour)
		env := environ{"CERT": certificate, "KEY": key, "CA": a.pem}
		k := check(t, tool(base, mutual, "path: /"), env)
		if _, err := build(t, tool(base, mutual, "path: /"), env).Run(t.Context(), c, inputs(nil)); err != nil {
			t.Fatal(err)
		}
		last = k.upstreams["api"]
	}
	kept := c.transport(last.home.reach())
	c.Retain(slices.Values([]*Upstream{last}))
	if len(c.transports) != 1 || c.transports[last.home.reach()] != kept {
		t.Errorf("%d transports are left", len(c.transports))
	}
	c.Retain(slices.Values([]*Upstream(nil)))
	if len(c.transports) != 0 {
		t.Errorf("%d transports are left", len(c.transports))
	}
}
