package httpcall

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Calls take a second each; they begin a millisecond after one another.
func TestPlaces(t *testing.T) {
	const full = "api is busy with other calls of this server, and too many wait already; try again in a few seconds"
	tests := []struct {
		name, upstream string
		calls          int
		seen           []string // when requests came
		said           map[int]outcome
	}{
		{
			name: "others wait in order", upstream: "concurrency: {limit: 2, queue: 2}", calls: 4,
			seen: []string{"0s /0", "1ms /1", "1s /2", "1.001s /3"},
		},
		{
			name: "a full queue is left at once", upstream: "concurrency: {limit: 1, queue: 1}", calls: 3,
			seen: []string{"0s /0", "1s /1"}, said: map[int]outcome{2: {said: full}},
		},
		{
			name: "no queue", upstream: "concurrency: {limit: 1, queue: 0}", calls: 2,
			seen: []string{"0s /0"}, said: map[int]outcome{1: {said: full}},
		},
		{
			name: "ten times the limit wait", upstream: "concurrency: {limit: 1}", calls: 12,
			seen: []string{"0s /0", "1s /1", "2s /2", "3s /3", "4s /4", "5s /5", "6s /6", "7s /7", "8s /8", "9s /9", "10s /10"},
			said: map[int]outcome{11: {said: full}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := build(t, tool(example, tt.upstream, "path: /${input.n}"), nil)
			synctest.Test(t, func(t *testing.T) {
				s := serve(func(w http.ResponseWriter, r *http.Request) {
					select {
					case <-time.After(time.Second):
						answerJSON(w, 200, `1`)
					case <-r.Context().Done():
					}
				})
				c := s.client(ClientOptions{})
				said := map[int]outcome{}
				for i, o := range runAll(t.Context(), tt.calls, func(i int) outcome { return run(t.Context(), p, c, map[string]any{"n": i}) }) {
					if o.said != "" {
						said[i] = o
					}
				}
				if diff := cmp.Diff(tt.seen, s.times()); diff != "" {
					t.Errorf("requests (-want +got):\n%s", diff)
				}
				if tt.said == nil {
					tt.said = map[int]outcome{}
				}
				if diff := cmp.Diff(tt.said, said, cmp.AllowUnexported(outcome{})); diff != "" {
					t.Errorf("failures (-want +got):\n%s", diff)
				}
				s.stop(t, c)
			})
		})
	}
}

func TestWhoGivesUpLeavesTheQueue(t *testing.T) {
	p := build(t, tool(example, "concurrency: {limit: 1, queue: 1}", "path: /${input.n}"), nil)
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		s := serve(func(w http.ResponseWriter, _ *http.Request) { <-release; answerJSON(w, 200, `1`) })
		c := s.client(ClientOptions{})
		go run(t.Context(), p, c, map[string]any{"n": "first"})
		synctest.Wait()
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		if o := run(ctx, p, c, map[string]any{"n": "second"}); o.after != time.Second || o.said != "the call was cancelled before api answered" {
			t.Errorf("cancelled: %+v", o)
		}
		ctx, cancel = context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if o := run(ctx, p, c, map[string]any{"n": "out of time"}); o.after != time.Second || o.said != "api was busy with other calls of this server for 1 s; try again later" {
			t.Errorf("out of time: %+v", o)
		}
		time.AfterFunc(time.Second, func() { close(release) })
		if o := run(t.Context(), p, c, map[string]any{"n": "third"}); o.said != "" || o.after != time.Second {
			t.Errorf("the next one: %+v", o)
		}
		s.stop(t, c)
	})
}
