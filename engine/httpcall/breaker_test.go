package httpcall

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// logged returns a logger that writes lines without their time.
func logged(to *bytes.Buffer) *slog.Logger {
	return slog.New(slog.NewTextHandler(to, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
}

// moody answers with the status that stands in the path, 0 is silence, and 1
// hangs up.
func moody(w http.ResponseWriter, r *http.Request) {
	status, _ := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/"))
	switch status {
	case 0:
		<-r.Context().Done()
	case 1:
		panic(http.ErrAbortHandler)
	default:
		answerJSON(w, status, `"`+strconv.Itoa(status)+`"`)
	}
}

func TestWhatOpensTheBreaker(t *testing.T) {
	tests := []struct {
		name, settings string
		statuses       []int // of calls, one after the other
		opens          bool  // after them
	}{
		{name: "statuses from 500 on", statuses: []int{500, 503}, opens: true},
		{name: "silence", statuses: []int{0, 0}, opens: true},
		{name: "silent tries", settings: "attemptTimeout: 1s\n", statuses: []int{0, 0}, opens: true},
		{name: "no answer", statuses: []int{1, 1}, opens: true},
		{name: "too few", statuses: []int{500}},
		{name: "not in a row", statuses: []int{500, 200, 500}},
		{name: "faults of callers", statuses: []int{400, 404, 401}},
		{name: "patience is asked for", statuses: []int{429, 429, 429}},
		{name: "an answer that cannot be read is one", settings: "response: {schema: {type: integer}}\n", statuses: []int{200, 200}},
		{name: "redirects", settings: "redirects: none\n", statuses: []int{302, 302}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := build(t, tool(example, tt.settings+"timeout: 5s\nretry: {attempts: 1}\ncircuitBreaker: {failures: 2}", "path: /${input.status}"), nil)
			synctest.Test(t, func(t *testing.T) {
				s := serve(moody)
				s.server.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
				c := s.client(ClientOptions{})
				for _, status := range tt.statuses {
					run(t.Context(), p, c, map[string]any{"status": status})
				}
				o := run(t.Context(), p, c, map[string]any{"status": 201})
				want := ""
				if tt.opens {
					want = "api is failing; it is tried again in 30 s"
				}
				if tt.name != "an answer that cannot be read is one" && o.said != want || strings.Contains(o.said, "failing") != tt.opens {
					t.Errorf("the next call: %q, want %q", o.said, want)
				}
				s.stop(t, c)
			})
		})
	}
}

// What ends a call before it is sent says nothing of the upstream.
func TestWhatTheBreakerIgnores(t *testing.T) {
	p := build(t, tool(example, "timeout: 5s\nretry: {attempts: 1}\nconcurrency: {limit: 1, queue: 0}\ncircuitBreaker: {failures: 1}", "path: /${input.status}"), nil)
	synctest.Test(t, func(t *testing.T) {
		s := serve(moody)
		c := s.client(ClientOptions{})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		go run(ctx, p, c, map[string]any{"status": 0}) // is cancelled, and holds the only place till then
		synctest.Wait()
		if o := run(t.Context(), p, c, map[string]any{"status": 200}); !strings.Contains(o.said, "too many wait") {
			t.Errorf("without a place: %+v", o)
		}
		time.Sleep(2 * time.Second)
		if o := run(t.Context(), p, c, map[string]any{"status": 200}); o.said != "" {
			t.Errorf("afterwards: %+v", o)
		}
		c.hosts = []string{"elsewhere.example.com"} // the operator's fence
		run(t.Context(), p, c, map[string]any{"status": 200})
		c.hosts = nil
		if o := run(t.Context(), p, c, map[string]any{"status": 200}); o.said != "" {
			t.Errorf("after a refusal of our own: %+v", o)
		}
		s.stop(t, c)
	})
}

func TestTheBreakerClosesByProbes(t *testing.T) {
	p := build(t, tool(example, "retry: {attempts: 1}\ncircuitBreaker: {failures: 1, openFor: 10s, probes: 2}", "path: /${input.status}"), nil)
	synctest.Test(t, func(t *testing.T) {
		s := serve(func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(time.Second)
			moody(w, r)
		})
		var log bytes.Buffer
		c := s.client(ClientOptions{Logger: logged(&log)})
		try := func(status int) string {
			return run(t.Context(), p, c, map[string]any{"status": status}).said
		}
		try(500)
		time.Sleep(7500 * time.Millisecond)
		if got, want := try(200), "api is failing; it is tried again in 3 s"; got != want {
			t.Errorf("open: %q, want %q", got, want)
		}
		time.Sleep(3 * time.Second)
		var said []string
		for _, o := range runAll(t.Context(), 3, func(int) outcome { return run(t.Context(), p, c, map[string]any{"status": 200}) }) {
			said = append(said, o.said)
		}
		if diff := cmp.Diff([]string{"", "", "api was failing and is being tried again; try again in a few seconds"}, said); diff != "" {
			t.Errorf("half open (-want +got):\n%s", diff)
		}
		if got := try(200); got != "" {
			t.Errorf("closed: %q", got)
		}
		try(500)
		time.Sleep(11 * time.Second)
		try(500) // a probe that fails
		if got, want := try(200), "api is failing; it is tried again in 10 s"; got != want {
			t.Errorf("open again: %q, want %q", got, want)
		}
		want := `level=WARN msg="upstream fails; it is not called for a while" upstream=api for=10s
level=INFO msg="upstream is called again" upstream=api
level=WARN msg="upstream fails; it is not called for a while" upstream=api for=10s
level=WARN msg="upstream fails; it is not called for a while" upstream=api for=10s
`
		if diff := cmp.Diff(want, log.String()); diff != "" {
			t.Errorf("log (-want +got):\n%s", diff)
		}
		s.stop(t, c)
	})
}
