package engine_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/engine/httpcall"
)

// Under reloads that change two upstreams, a called tool, its guard and the
// value of a variable, and that break and mend them, a call of a tool with
// steps sees all of one publication, or is refused by a guard; and no caller
// without the role is let through.
func TestStepsUnderReload(t *testing.T) {
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.Header.Get("X-Text"), " ", r.Header.Get("X-Value"))
	}))
	defer service.Close()
	client := httpcall.NewClient(httpcall.ClientOptions{})
	defer client.Close()
	var value atomic.Int64
	e := engine.New(engine.Options{Client: client, Env: func(string) (string, bool) { return fmt.Sprint(value.Load()), true }})
	upstream := func(name string, n int) string {
		return fmt.Sprintf("upstream: %s\nbaseUrl: %s\nheaders: {X-Text: %d, X-Value: '${env.N}'}\n", name, service.URL, n)
	}
	callee := func(n int) string { return answers("callee", fmt.Sprint(n, " ", n)) + "access: {roles: [in]}\n" }
	const flow = `  - {id: one, http: {upstream: one, path: /}}
  - {id: two, http: {upstream: two, path: /}}
  - {id: called, tool: callee}
result: '${steps.one.body == steps.two.body and steps.two.body == steps.called ? "same" : [steps.one.body, steps.two.body, steps.called]}'
`
	generation := func(n int) files {
		f := files{"one.yaml": upstream("one", n), "two.yaml": upstream("two", n), "callee.yaml": callee(n), "flow.yaml": stepping("flow", flow)}
		switch n % 4 {
		case 1: // all keep their last good versions
			for name, text := range f {
				f[name] = text + "unknown: 1\n"
			}
		case 2:
			delete(f, "two.yaml") // and with it flow
		}
		return f
	}
	publish(t, e, generation(0))
	done := make(chan struct{})
	var readers sync.WaitGroup
	for i := range 4 {
		who := engine.Caller{ID: fmt.Sprint(i)}
		if i%2 == 0 {
			who.Roles = []string{"in"}
		}
		readers.Go(func() {
			ctx := engine.WithCaller(t.Context(), who)
			for {
				select {
				case <-done:
					return
				default:
				}
				r, err := e.Call(ctx, "flow", nil)
				switch {
				case err == engine.ErrUnknownTool:
				case err != nil:
					t.Error(err)
				case who.Roles == nil && !(r.IsError && strings.HasPrefix(r.Content[0].Text, "There is no tool")):
					t.Errorf("without the role: %s", r.Content[0].Text)
				case who.Roles != nil && r.Content[0].Text != "same":
					t.Errorf("mixed: %s", r.Content[0].Text)
				}
			}
		})
	}
	for n := range 60 {
		if n%4 != 1 {
			value.Store(int64(n))
		}
		e.Publish(generation(n).sources())
	}
	close(done)
	readers.Wait()
}
