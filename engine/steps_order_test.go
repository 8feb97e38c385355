package engine_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/engine/httpcall"
	"github.com/toolsd/toolsd/schema"
)

// calling returns an engine whose tools may call an upstream named api, which
// a handler serves on loopback.
func calling(t testing.TB, handler http.HandlerFunc, tools string) *engine.Engine {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	client := httpcall.NewClient(httpcall.ClientOptions{})
	t.Cleanup(client.Close)
	e := engine.New(engine.Options{Client: client})
	change := e.Publish(files{"a.yaml": "upstream: api\nbaseUrl: " + server.URL + "\nretry: {attempts: 1}\n---\n" + tools}.sources())
	if schema.HasErrors(change.Diagnostics) {
		t.Fatal(text(change.Diagnostics))
	}
	return e
}

// stepping is a tool of steps without input.
func stepping(name, steps string) string {
	return "tool: " + name + "\ndescription: Takes some steps, for a test.\ninputSchema: {type: object, additionalProperties: false}\nsteps:\n" + steps
}

// Two calls that do not use each other are under way at the same time: each is
// answered only when both have come in.
func TestSafeStepsOverlap(t *testing.T) {
	var both atomic.Int32
	together := make(chan struct{})
	e := calling(t, func(w http.ResponseWriter, r *http.Request) {
		if both.Add(1) == 2 {
			close(together)
		}
		<-together
		fmt.Fprint(w, r.URL.Path)
	}, stepping("two", `  - id: a
    http: {upstream: api, path: /a}
  - id: b
    http: {upstream: api, path: /b}
result: ${steps.a.body}${steps.b.body}
`)+"---\n"+stepping("each", `  - id: all
    forEach: '["a", "b"]'
    http: {upstream: api, path: "/${each}"}
`))
	for tool, want := range map[string]string{"two": "/a/b", "each": `["/a","/b"]`} {
		both.Store(0)
		together = make(chan struct{})
		if got, _ := call(t, e, engine.Local, tool, `{}`); got != want {
			t.Errorf("%s: got %s, want %s", tool, got, want)
		}
	}
}

// What is not safe, or uses another step, has the upstream for itself.
func TestOtherStepsDoNotOverlap(t *testing.T) {
	var under, most atomic.Int32
	var seen atomic.Value
	seen.Store("")
	handler := func(w http.ResponseWriter, r *http.Request) {
		if n := under.Add(1); n > most.Load() {
			most.Store(n)
		}
		defer under.Add(-1)
		seen.Store(seen.Load().(string) + r.Method + r.URL.Path + " ")
		for range 100 {
			runtime.Gosched()
		}
		fmt.Fprint(w, "x")
	}
	for name, test := range map[string]struct{ steps, want string }{
		"a post between": {`  - {http: {upstream: api, path: /1}}
  - {http: {upstream: api, path: /2, method: POST}}
  - {http: {upstream: api, path: /3}}
`, "GET/1 POST/2 GET/3 "},
		"one uses the other": {`  - {id: a, http: {upstream: api, path: /1}}
  - {http: {upstream: api, path: "/2${steps.a.body}"}}
`, "GET/1 GET/2x "},
		"one uses all": {`  - {id: a, http: {upstream: api, path: /1}}
  - {http: {upstream: api, path: "/${len(toJSON(steps)) > 0 ? 2 : 0}"}}
`, "GET/1 GET/2 "},
		"a condition uses the other": {`  - {id: a, http: {upstream: api, path: /1}}
  - {when: steps.a.status == 200, http: {upstream: api, path: /2}}
`, "GET/1 GET/2 "},
		"elements one by one": {`  - {forEach: '[1, 2, 3]', concurrency: 1, http: {upstream: api, path: "/${each}", method: POST}}
`, "POST/1 POST/2 POST/3 "},
		"a log between": {`  - {http: {upstream: api, path: /1}}
  - {log: {message: between}}
  - {http: {upstream: api, path: /2}}
`, "GET/1 GET/2 "},
	} {
		t.Run(name, func(t *testing.T) {
			e := calling(t, handler, stepping("a", test.steps))
			for range 20 {
				seen.Store("")
				most.Store(0)
				if got, failed := call(t, e, engine.Local, "a", `{}`); failed {
					t.Fatal(got)
				}
				if got := seen.Load().(string); got != test.want || most.Load() != 1 {
					t.Fatalf("at most %d at once: %s, want %s", most.Load(), got, test.want)
				}
			}
		})
	}
}

// A tool that only reads may send its POSTs at the same time.
func TestStepsOfAReadOnlyToolAreSafe(t *testing.T) {
	var both atomic.Int32
	together := make(chan struct{})
	e := calling(t, func(http.ResponseWriter, *http.Request) {
		if both.Add(1) == 2 {
			close(together)
		}
		<-together
	}, stepping("a", `  - {http: {upstream: api, path: /1, method: POST}}
  - {http: {upstream: api, path: /2, method: POST}}
annotations: {readOnlyHint: true}
`))
	if got, failed := call(t, e, engine.Local, "a", `{}`); failed {
		t.Error(got)
	}
}

// When a step fails, and when the caller goes, every open request is given up,
// which the upstream sees.
func TestFailureAndCancellationReachEveryRequest(t *testing.T) {
	open, gone := make(chan struct{}, 10), make(chan struct{}, 10)
	e := calling(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/fails" {
			<-open // the others wait by now
			<-open
			w.WriteHeader(http.StatusTeapot)
			return
		}
		open <- struct{}{}
		<-r.Context().Done()
		gone <- struct{}{}
	}, stepping("fails", `  - {http: {upstream: api, path: /waits}}
  - {optional: true, http: {upstream: api, path: /waits}}
  - {http: {upstream: api, path: /fails}, errors: [{when: response.status == 418, message: It is a teapot.}]}
`)+"---\n"+stepping("waits", `  - {forEach: '[1, 2]', http: {upstream: api, path: /waits}}
  - {optional: true, http: {upstream: api, path: /waits}}
`))
	if got, failed := call(t, e, engine.Local, "fails", `{}`); !failed || got != "It is a teapot." {
		t.Errorf("got %q", got)
	}
	<-gone
	<-gone
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for range 3 {
			<-open
		}
		cancel()
	}()
	if _, err := e.Call(ctx, "waits", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("a call that was given up: %v", err)
	}
	for range 3 {
		<-gone
	}
}

// All steps share the time of the tool, and waiting ends with it.
func TestStepsEndWithTheTimeOfTheTool(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newEngine(nil)
		publish(t, e, files{"a.yaml": stepping("long", "  - {sleep: 3s}\n  - {sleep: 3s}\n  - {sleep: 1h}\ntimeout: 5s\n") + "---\n" +
			stepping("short", "  - {sleep: 3s}\n  - {expr: 1}\n") + "---\n" +
			stepping("inner", "  - {tool: long}\ntimeout: 60s\n")})
		for tool, want := range map[string]struct {
			text string
			took time.Duration
		}{
			"long":  {"The tool did not finish within 5s. It may work with a smaller request, or later.", 5 * time.Second},
			"short": {"1", 3 * time.Second},
			"inner": {"The tool did not finish within 5s. It may work with a smaller request, or later.", 5 * time.Second},
		} {
			began := time.Now()
			got, _ := call(t, e, engine.Local, tool, `{}`)
			if took := time.Since(began); got != want.text || took != want.took {
				t.Errorf("%s: %q after %s", tool, got, took)
			}
		}
	})
}

// A goroutine that outlives its call would be found at the end of the bubble.
func TestStepsLeaveNoGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newEngine(nil)
		publish(t, e, files{"a.yaml": stepping("a", `  - {id: a, expr: 1}
  - {id: b, forEach: "1..10", optional: true, expr: "each % 2 == 0 ? fail(\"even\") : each"}
  - {id: c, forEach: "1..10", expr: "each == 7 ? fail(\"seven\") : each"}
  - {id: d, expr: 4}
`)})
		for range 1000 {
			if got, failed := call(t, e, engine.Local, "a", `{}`); !failed || got != "seven" {
				t.Fatalf("got %q", got)
			}
		}
	})
}

func BenchmarkSteps(b *testing.B) {
	for name, steps := range map[string]string{
		"chain":    "  - {id: a, expr: 1}\n  - {expr: steps.a + 1}\n",
		"together": "  - {id: a, expr: 1}\n  - {id: b, expr: 2}\nresult: ${steps.a + steps.b}\n",
	} {
		b.Run(name, func(b *testing.B) {
			e := newEngine(nil)
			e.Publish(files{"a.yaml": stepping("a", steps)}.sources())
			for b.Loop() {
				if r, err := e.Call(b.Context(), "a", nil); err != nil || strings.TrimSpace(r.Content[0].Text) == "" {
					b.Fatal(r, err)
				}
			}
		})
	}
}
