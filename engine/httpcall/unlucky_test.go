package httpcall

import (
	"context"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// 200 callers use a service that fails every third request or so, by chance,
// each on its own and in another way. No call is left without an answer, the
// breaker opens and closes, and nothing is left.
func TestManyCallersOfAnUnluckyUpstream(t *testing.T) {
	const callers, calls = 200, 50
	p := build(t, tool(example, `timeout: 5s
attemptTimeout: 1s
retry: {attempts: 2, minWait: 50ms, maxWait: 200ms}
concurrency: {limit: 50, queue: 200}
circuitBreaker: {failures: 2, openFor: 1s, probes: 1}`, "path: /${input.n}"), nil)
	synctest.Test(t, func(t *testing.T) {
		luck := newLuck(7, 11)
		s := serve(func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(time.Duration(1+luck.draw(20)) * time.Millisecond)
			if luck.draw(10) >= 3 {
				answerJSON(w, 200, `"fine"`)
				return
			}
			switch luck.draw(4) {
			case 0:
				<-r.Context().Done()
			case 1:
				panic(http.ErrAbortHandler)
			case 2:
				answerJSON(w, 502+luck.draw(3), `{}`)
			case 3:
				w.Header().Set("Content-Length", "100")
				answerJSON(w, 200, `{"cut`)
				http.NewResponseController(w).Flush()
				panic(http.ErrAbortHandler)
			}
		})
		log := &counts{}
		c := s.client(ClientOptions{Logger: log.logger()})
		ended := runAll(t.Context(), callers, func(caller int) (last outcome) {
			for i := range calls {
				last = run(t.Context(), p, c, map[string]any{"n": caller*calls + i})
				kind, _, _ := strings.Cut(last.said, ";")
				if last.after > 5*time.Second || kind == "" && last.body != "fine" || strings.Contains(kind, "no failure") || strings.Contains(kind, "cancelled") {
					t.Errorf("a call ended after %s with %q %v", last.after, last.said, last.body)
				}
				log.add(kind)
				time.Sleep(time.Duration(luck.draw(200)) * time.Millisecond)
			}
			return last
		})
		all := 0
		for kind, n := range log.said() {
			if !strings.HasPrefix(kind, "upstream ") {
				all += n
			}
		}
		if len(ended) != callers || all != callers*calls {
			t.Errorf("%d calls were answered, want %d", all, callers*calls)
		}
		for _, kind := range []string{
			"", "api is failing", "api did not answer: the connection broke", "api did not answer within 1 s",
			"api began to answer, but what came was broken off or is not HTTP",
			"upstream fails; it is not called for a while", "upstream is called again",
		} {
			if log.said()[kind] == 0 {
				t.Errorf("never: %q", kind)
			}
		}
		t.Log(log.said())
		places := c.gate(p.restraint).places
		if !places.free.TryAcquire(int64(places.limit.Limit)) {
			t.Error("a place was not given back")
		}
		s.stop(t, c)
	})
}

// Whoever gives up while a breaker tries its upstream again does not keep it
// shut for the others.
func TestAProbeThatIsGivenUp(t *testing.T) {
	p := build(t, tool(example, "retry: {attempts: 1}\ncircuitBreaker: {failures: 1, openFor: 1s, probes: 1}", "path: /${input.status}"), nil)
	synctest.Test(t, func(t *testing.T) {
		s := serve(moody)
		c := s.client(ClientOptions{})
		run(t.Context(), p, c, map[string]any{"status": 500})
		for range 5 {
			time.Sleep(2 * time.Second)
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
			time.AfterFunc(5*time.Millisecond, cancel)
			run(ctx, p, c, map[string]any{"status": 0})
		}
		if o := run(t.Context(), p, c, map[string]any{"status": 200}); o.said != "" {
			t.Errorf("after probes that were given up: %q", o.said)
		}
		s.stop(t, c)
	})
}

// luck is a source of chance that many may draw from, the same in each run.
type luck struct {
	mu     sync.Mutex
	source *rand.Rand
}

func newLuck(a, b uint64) *luck { return &luck{source: rand.New(rand.NewPCG(a, b))} }

// draw returns a number below n.
func (l *luck) draw(n int) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.source.IntN(n)
}

// counts counts what was said, and how often; it is a log too.
type counts struct {
	slog.Handler
	mu sync.Mutex
	of map[string]int
}

func (c *counts) logger() *slog.Logger {
	c.Handler = slog.DiscardHandler
	return slog.New(c)
}

func (c *counts) Enabled(context.Context, slog.Level) bool { return true }

func (c *counts) Handle(_ context.Context, r slog.Record) error {
	c.add(r.Message)
	return nil
}

func (c *counts) add(what string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.of == nil {
		c.of = map[string]int{}
	}
	c.of[what]++
}

func (c *counts) said() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.of)
}
