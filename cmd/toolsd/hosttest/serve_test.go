//go:build functionshost && linux

package hosttest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// addTool is a tool whose answer shows which version of it ran.
const addTool = `tool: add
description: Add two whole numbers.
inputSchema:
  type: object
  properties:
    a: {type: integer, description: The one}
    b: {type: integer, description: The other}
  required: [a, b]
  additionalProperties: false
expr: |
  {sum: %s}
`

// stallTool calls an upstream that does not answer in time.
const stallTool = `upstream: stalled
baseUrl: %s
timeout: 2s
---
tool: stall
description: Ask a server that takes its time.
inputSchema: {type: object, properties: {}, additionalProperties: false}
http:
  upstream: stalled
  path: /
`

func TestServe(t *testing.T) {
	stalled := newStalledUpstream(t)
	h := start(t, newApp(t,
		"add.yaml", fmt.Sprintf(addTool, "input.a + input.b"),
		"stall.yaml", fmt.Sprintf(stallTool, stalled.URL),
	))
	h.eventually(t, "all tools are served", func() bool { return h.health(t).Status == "ok" })
	handlers := h.handlers(t)
	if len(handlers) != 1 {
		t.Fatalf("the handler runs as %v", handlers)
	}

	t.Run("both eras", func(t *testing.T) {
		for e, opening := range map[era]string{sessions: "initialize", stateless: "server/discover"} {
			params := map[string]any{}
			if e == sessions {
				params = map[string]any{"protocolVersion": e, "capabilities": map[string]any{}, "clientInfo": map[string]any{"name": "hosttest", "version": "1"}}
			}
			if _, err := h.send(e, opening, "", params); err != nil {
				t.Error(err)
			}
			raw, err := h.send(e, "tools/list", "", map[string]any{})
			if err != nil {
				t.Fatal(err)
			}
			var list struct{ Tools []struct{ Name string } }
			if err := json.Unmarshal(raw, &list); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff([]struct{ Name string }{{"add"}, {"stall"}}, list.Tools); d != "" {
				t.Errorf("%s: %s", e, d)
			}
			h.wantSum(t, e, `{"sum":42}`)
			wrong, err := h.call(e, "add", map[string]any{"a": "40", "b": 2})
			if err != nil || !wrong.IsError {
				t.Errorf("%s: text for a number gave %+v, %v", e, wrong, err)
			}
		}
	})

	t.Run("a slow upstream is in nobody's way", func(t *testing.T) {
		slow := make(chan error, 1)
		go func() {
			result, err := h.call(stateless, "stall", map[string]any{})
			if err == nil && !result.IsError {
				err = fmt.Errorf("the call succeeded: %+v", result)
			}
			slow <- err
		}()
		<-stalled.asked
		for calls := 0; ; calls++ {
			h.wantSum(t, sessions, `{"sum":42}`)
			h.wantSum(t, stateless, `{"sum":42}`)
			select {
			case err := <-slow:
				if err != nil || calls == 0 {
					t.Errorf("after %d other calls: %v", calls, err)
				}
				if left := <-stalled.left; !left {
					t.Error("the upstream was waited for to the end")
				}
				return
			default:
			}
		}
	})

	t.Run("an edit is live", func(t *testing.T) {
		before := h.health(t)
		h.app.write(t, "tools.d/add.yaml", fmt.Sprintf(addTool, "(input.a + input.b) * 10"))
		h.eventually(t, "the edit is live", func() bool { return h.health(t).Digest != before.Digest })
		h.wantSum(t, sessions, `{"sum":420}`)
		h.wantSum(t, stateless, `{"sum":420}`)
	})

	t.Run("a broken file keeps answering", func(t *testing.T) {
		h.app.write(t, "tools.d/add.yaml", fmt.Sprintf(addTool, "input.a + inptu.b"))
		h.eventually(t, "the fault is noticed", func() bool { return h.health(t).Status == "degraded" })
		h.wantSum(t, sessions, `{"sum":420}`)
		h.wantSum(t, stateless, `{"sum":420}`)
		h.app.write(t, "tools.d/add.yaml", fmt.Sprintf(addTool, "input.a - input.b"))
		h.eventually(t, "the fault is mended", func() bool { return h.health(t).Status == "ok" })
		h.wantSum(t, stateless, `{"sum":38}`)
	})

	t.Run("no process was replaced", func(t *testing.T) {
		if d := cmp.Diff(handlers, h.handlers(t)); d != "" {
			t.Error(d)
		}
		select {
		case <-h.ended:
			t.Error("the host ended")
		default:
		}
	})
}

// A host that is killed cannot end its handler: the handler leaves by itself.
func TestHandlerLeavesWithTheHost(t *testing.T) {
	h := start(t, newApp(t, "add.yaml", fmt.Sprintf(addTool, "input.a + input.b")))
	h.wantSum(t, stateless, `{"sum":42}`)
	handlers := h.handlers(t)
	if len(handlers) != 1 {
		t.Fatalf("the handler runs as %v", handlers)
	}
	if err := h.process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-h.ended
	eventually(t, "the handler leaves", func() bool { return len(h.handlers(t)) == 0 })
}

// A broken app is the operator's to mend while it runs: the process must not
// exit, for the host gives up after three times.
func TestBrokenFromTheStart(t *testing.T) {
	a := newApp(t, "add.yaml", "tool: add\nexpr: [", "good.yaml", strings.Replace(fmt.Sprintf(addTool, "input.a + input.b"), "tool: add", "tool: plus", 1))
	h := start(t, a)
	if got := h.health(t).Status; got != "degraded" {
		t.Errorf("the status is %q", got)
	}
	result, err := h.call(sessions, "plus", map[string]any{"a": 40, "b": 2})
	if err != nil || string(result.StructuredContent) != `{"sum":42}` {
		t.Errorf("the good one gave %+v, %v", result, err)
	}
	a.write(t, "tools.d/add.yaml", fmt.Sprintf(addTool, "input.a + input.b"))
	h.eventually(t, "the mended tool is served", func() bool { return h.health(t).Status == "ok" })
	h.wantSum(t, stateless, `{"sum":42}`)
}

// wantSum calls the tool add with 40 and 2.
func (h *host) wantSum(t *testing.T, e era, want string) {
	t.Helper()
	result, err := h.call(e, "add", map[string]any{"a": 40, "b": 2})
	if err != nil {
		t.Fatal(err)
	}
	if got := string(result.StructuredContent); got != want || result.IsError {
		t.Fatalf("add in %s gave %+v, want %s", e, result, want)
	}
}

// A stalledUpstream answers after 12 seconds.
type stalledUpstream struct {
	*httptest.Server
	asked chan struct{} // gets one value a request
	left  chan bool     // then whether the client left before the answer
}

func newStalledUpstream(t *testing.T) *stalledUpstream {
	s := &stalledUpstream{asked: make(chan struct{}, 8), left: make(chan bool, 8)}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.asked <- struct{}{}
		timer := time.NewTimer(12 * time.Second)
		defer timer.Stop()
		select {
		case <-r.Context().Done():
			s.left <- true
		case <-timer.C:
			s.left <- false
		}
	}))
	t.Cleanup(s.Close)
	return s
}
