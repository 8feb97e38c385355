package httpcall

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

const example = "http://api.example.com"

func TestRequestsGoAtTheirRate(t *testing.T) {
	tests := []struct {
		name, upstream, http string
		calls                int
		seen                 []string // when requests came
		said                 []string // to those that failed, in their order
	}{
		{
			name: "others wait", upstream: "rateLimit: {requests: 2, per: 10s}", calls: 4,
			seen: []string{"0s /", "1ms /", "5s /", "10s /"},
		},
		{
			name: "after a rest, burst at once", upstream: "rateLimit: {requests: 10, per: 10s, burst: 1}", calls: 3,
			seen: []string{"0s /", "1s /", "2s /"},
		},
		{
			name: "a wait that does not fit is not begun", upstream: "timeout: 4s\nrateLimit: {requests: 2, per: 10s}", calls: 3,
			seen: []string{"0s /", "1ms /"},
			said: []string{"this server calls api at most 2 times in 10 s, and that is used up; try again in 5 s"},
		},
		{
			name: "each try is a request", upstream: "rateLimit: {requests: 2, per: 10s}\nretry: {minWait: 1ms, maxWait: 1ms}", http: "path: /503", calls: 1,
			seen: []string{"0s /503", "1ms /503", "5s /503"}, said: []string{"api answered 503 Service Unavailable (try again later)"},
		},
		{
			name: "a try that does not fit leaves the answer at hand", upstream: "timeout: 4s\nrateLimit: {requests: 1, per: 10s}\nretry: {minWait: 1ms, maxWait: 1ms}", http: "path: /503", calls: 1,
			seen: []string{"0s /503"}, said: []string{"api answered 503 Service Unavailable (try again later)"},
		},
		{
			name: "a redirect is a request", upstream: "rateLimit: {requests: 1, per: 3s}", http: "path: /moved", calls: 1,
			seen: []string{"0s /moved", "3s /"},
		},
		{
			name: "the time of a try begins with its turn", upstream: "attemptTimeout: 1s\nrateLimit: {requests: 1, per: 3s}", calls: 2,
			seen: []string{"0s /", "3s /"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := build(t, tool(example, tt.upstream, tt.http), nil)
			synctest.Test(t, func(t *testing.T) {
				s := serve(func(w http.ResponseWriter, r *http.Request) {
					switch r.URL.Path {
					case "/503":
						answerJSON(w, 503, `{}`)
					case "/moved":
						http.Redirect(w, r, "/", http.StatusFound)
					default:
						answerJSON(w, 200, `1`)
					}
				})
				c := s.client(ClientOptions{})
				var said []string
				for _, o := range runAll(t.Context(), tt.calls, func(int) outcome { return run(t.Context(), p, c, nil) }) {
					if o.said != "" {
						said = append(said, o.said)
					}
				}
				seen := s.times()
				if tt.name == "each try is a request" {
					seen[1] = tt.seen[1] // its wait varies
				}
				if diff := cmp.Diff(tt.seen, seen); diff != "" {
					t.Errorf("requests (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(tt.said, said); diff != "" {
					t.Errorf("messages (-want +got):\n%s", diff)
				}
				s.stop(t, c)
			})
		})
	}
}

// Who gives up gives its turn back.
func TestCancelledCallersLeaveTheirTurn(t *testing.T) {
	p := build(t, tool(example, "rateLimit: {requests: 1, per: 10s}", ""), nil)
	synctest.Test(t, func(t *testing.T) {
		s := serve(func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, 200, `1`) })
		c := s.client(ClientOptions{})
		run(t.Context(), p, c, nil)
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		time.AfterFunc(time.Second, cancel)
		if o := run(ctx, p, c, nil); o.after != time.Second || o.said != "the call was cancelled before api answered" {
			t.Errorf("cancelled: %+v", o)
		}
		if o := run(t.Context(), p, c, nil); o.after != 9*time.Second {
			t.Errorf("the next one waited %s, want 9s", o.after)
		}
		s.stop(t, c)
	})
}

// A turn that was reserved for another try is given back too.
func TestCancelledCallersLeaveTheTurnOfTheirNextTry(t *testing.T) {
	p := build(t, tool(example, "rateLimit: {requests: 1, per: 10s}", ""), nil)
	synctest.Test(t, func(t *testing.T) {
		s := serve(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "5")
			answerJSON(w, 503, `{}`)
		})
		c := s.client(ClientOptions{})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		run(ctx, p, c, nil)
		ctx, cancel = context.WithTimeout(t.Context(), 14*time.Second) // too short for another try
		defer cancel()
		if o := run(ctx, p, c, nil); o.after != 9*time.Second {
			t.Errorf("the next one ended after %s, want 9s: %s", o.after, o.said)
		}
		s.stop(t, c)
	})
}

// Where an Answerer stands in for the network waits pass at once, and count.
func TestTurnsPassAtOnceInTests(t *testing.T) {
	for _, tt := range []struct {
		settings string
		statuses []int
		requests int
		said     string
	}{
		{"timeout: 5s", []int{503, 503, 503}, 1, "api answered 503 Service Unavailable (try again later)"},
		{"timeout: 15s", []int{503, 503, 503}, 2, "api answered 503 Service Unavailable (try again later)"},
		{"timeout: 25s", []int{503, 503, 503}, 3, "api answered 503 Service Unavailable (try again later)"},
		{"timeout: 12s\nattemptTimeout: 5s", []int{503, 0}, 2, "api did not answer within 12 s; try again later, or ask for less"},
	} {
		p := build(t, tool(example, tt.settings+"\nrateLimit: {requests: 1, per: 10s}\nretry: {minWait: 1ms}", ""), nil)
		synctest.Test(t, func(t *testing.T) {
			player := &player{statuses: tt.statuses}
			c := NewClient(ClientOptions{Answers: player})
			o := run(t.Context(), p, c, nil)
			if len(player.seen) != tt.requests || o.after != 0 || o.said != tt.said {
				t.Errorf("%s: %d requests in %s, want %d at once: %s", tt.settings, len(player.seen), o.after, tt.requests, o.said)
			}
		})
	}
}
