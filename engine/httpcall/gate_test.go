package httpcall

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// What is known of an upstream goes with the settings that it is about.
func TestGates(t *testing.T) {
	upstream := func(name, base, settings string) *Upstream {
		p := check(t, "upstream: "+name+"\nbaseUrl: "+base+"\n"+settings, nil)
		if len(p.found) > 0 {
			t.Fatal(p.found)
		}
		return p.upstreams[name]
	}
	first := upstream("api", example+"/v1", "circuitBreaker: {}\nheaders: {A: b}")
	c := newClient(t, ClientOptions{})
	g := c.gate(first.restraint)
	for _, tt := range []struct {
		name     string
		upstream *Upstream
		same     bool
	}{
		{"the same", upstream("api", example+"/v1", "circuitBreaker: {failures: 5}"), true},
		{"another path and headers", upstream("api", example+"/v2", "circuitBreaker: {}\nheaders: {C: d}"), true},
		{"another name", upstream("other", example+"/v1", "circuitBreaker: {}"), false},
		{"another origin", upstream("api", "https://api.example.com/v1", "circuitBreaker: {}"), false},
		{"other numbers", upstream("api", example+"/v1", "circuitBreaker: {failures: 6}"), false},
		{"another kind", upstream("api", example+"/v1", "circuitBreaker: {}\nconcurrency: {limit: 1}"), false},
	} {
		if got := c.gate(tt.upstream.restraint) == g; got != tt.same {
			t.Errorf("%s: the same gate %t, want %t", tt.name, got, tt.same)
		}
	}
	if c.gate(upstream("free", example, "").restraint) != nil {
		t.Error("an upstream that holds nothing back has a gate")
	}
	c.Retain(slices.Values([]*Upstream{first}))
	if len(c.gates) != 1 || c.gate(first.restraint) != g {
		t.Errorf("%d gates are left, want the one that is retained", len(c.gates))
	}
	for n := range 5000 { // reloads
		u := upstream("api", example, fmt.Sprintf("rateLimit: {requests: %d, per: 1s}", n+1))
		c.Retain(slices.Values([]*Upstream{u}))
		c.gate(u.restraint)
	}
	if len(c.gates) != 1 {
		t.Errorf("%d gates after many reloads, want 1", len(c.gates))
	}
}

// 200 callers use a service for a minute that is down for 3 of every 10
// seconds, each of them in another way, and fails one call of a hundred at
// other times: with everything that holds calls back, and that repeats them.
// No call is left without an answer, and nothing is left of it.
func TestManyCallersOfAFailingUpstream(t *testing.T) {
	const callers = 200
	p := build(t, tool(example, `timeout: 5s
attemptTimeout: 1s
retry: {attempts: 2, minWait: 100ms, maxWait: 1s}
rateLimit: {requests: 1000, per: 1s, burst: 100}
concurrency: {limit: 20, queue: 100}
circuitBreaker: {failures: 5, openFor: 1s, probes: 2}`, "path: /${input.n}"), nil)
	synctest.Test(t, func(t *testing.T) {
		chance := rand.New(rand.NewPCG(1, 2))
		var mu sync.Mutex // of chance
		var s *service
		s = serve(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			takes, unlucky := time.Duration(5+chance.IntN(20))*time.Millisecond, chance.IntN(100) == 0
			mu.Unlock()
			time.Sleep(takes)
			down := time.Since(s.began)/time.Second%10 < 3
			switch n := int(time.Since(s.began) / (10 * time.Second)); {
			case down && n%3 == 0 || unlucky:
				answerJSON(w, 503, `{}`)
			case down && n%3 == 1:
				panic(http.ErrAbortHandler)
			case down:
				<-r.Context().Done()
			default:
				answerJSON(w, 200, `"fine"`)
			}
		})
		var log bytes.Buffer
		c := s.client(ClientOptions{Logger: logged(&log)})
		var answers, fine atomic.Int64
		kinds := map[string]int{}
		var calling sync.WaitGroup
		for n := range callers {
			calling.Go(func() {
				for i := 0; time.Since(s.began) < time.Minute; i++ {
					o := run(t.Context(), p, c, map[string]any{"n": n*1000 + i})
					answers.Add(1)
					if o.said == "" && o.body == "fine" {
						fine.Add(1)
					}
					if o.after > 5*time.Second {
						t.Errorf("a call took %s", o.after)
					}
					kind, _, _ := strings.Cut(o.said, ";")
					mu.Lock()
					kinds[kind]++
					mu.Unlock()
					time.Sleep(500 * time.Millisecond)
				}
			})
		}
		calling.Wait()
		for _, kind := range []string{
			"", "api is failing", "api answered 503 Service Unavailable (try again later)", "api did not answer: the connection broke",
			"api did not answer within 1 s", "api is busy with other calls of this server, and too many wait already",
		} {
			if kinds[kind] == 0 {
				t.Errorf("no call ended with %q", kind)
			}
		}
		for kind := range kinds {
			if strings.Contains(kind, "no failure") || strings.Contains(kind, "cancelled") {
				t.Errorf("a call ended with %q", kind)
			}
		}
		opened, closed := strings.Count(log.String(), "upstream fails"), strings.Count(log.String(), "called again")
		if opened < 6 || closed < 6 {
			t.Errorf("the breaker opened %d times and closed %d times, want each time the service is down", opened, closed)
		}
		t.Logf("%d calls answered, %d of them fine; %d requests; the breaker opened %d times; %v", answers.Load(), fine.Load(), len(s.times()), opened, kinds)
		s.stop(t, c)
	})
}
