package httpcall

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// counting answers each request with its number.
func counting() http.HandlerFunc {
	n := 0
	return func(w http.ResponseWriter, r *http.Request) {
		n++
		for name, values := range r.URL.Query() {
			w.Header()[name] = values
		}
		answerJSON(w, 200, fmt.Sprint(n))
	}
}

// Two calls after one another: are they one request?
func TestWhatIsKept(t *testing.T) {
	tests := []struct {
		name, upstream, http, more string
		first, second              map[string]any // arguments
		kept                       bool
	}{
		{name: "the same", kept: true},
		{name: "HEAD", http: "method: HEAD", kept: true},
		{name: "another path", http: "path: /${input.a}", first: map[string]any{"a": 1}, second: map[string]any{"a": 2}},
		{name: "another query", http: "query: {a: '${input.a}'}", first: map[string]any{"a": 1}, second: map[string]any{"a": 2}},
		{name: "another header", http: "headers: {X-A: '${input.a}'}", first: map[string]any{"a": 1}, second: map[string]any{"a": 2}},
		{name: "another caller, of whom nothing is sent", first: map[string]any{"caller": "ann"}, second: map[string]any{"caller": "bob"}, kept: true},
		{name: "another caller", upstream: "headers: {X-Caller: '${caller.id}'}", first: map[string]any{"caller": "ann"}, second: map[string]any{"caller": "bob"}},
		{name: "another credential", http: "auth: {bearer: '${input.a}'}", first: map[string]any{"a": 1}, second: map[string]any{"a": 2}},
		{name: "another credential in the query", http: "auth: {query: {name: k, value: '${input.a}'}}", first: map[string]any{"a": 1}, second: map[string]any{"a": 2}},
		{name: "a body that only asks", http: "json: {a: '${input.a}'}", more: "annotations: {readOnlyHint: true}\n", first: map[string]any{"a": 1}, second: map[string]any{"a": 1}, kept: true},
		{name: "another body", http: "json: {a: '${input.a}'}", more: "annotations: {readOnlyHint: true}\n", first: map[string]any{"a": 1}, second: map[string]any{"a": 2}},
		{name: "a call that changes something", http: "json: {}"},
		{name: "none", http: "cache: none"},
		{name: "parts that run into one another", http: "headers: {X-A: '${input.a}', X-B: '${input.b}'}",
			first: map[string]any{"a": "1X-B2"}, second: map[string]any{"a": "1", "b": "2"}},
		{name: "no-store", http: "query: {Cache-Control: 'max-age=60, No-Store'}"},
		{name: "private", http: "query: {Cache-Control: 'private=\"x\"'}"},
		{name: "other words about age", http: "query: {Cache-Control: 'no-cache, max-age=0', Age: '9', Expires: '0'}", kept: true},
		{name: "varies by all", http: "query: {Vary: 'Accept, *'}"},
		{name: "varies by what is sent", http: "query: {Vary: Authorization}", kept: true},
		{name: "a cookie", http: "query: {Set-Cookie: a=b}"},
		{name: "a rule says it failed", more: "errors:\n  - {when: response.body == 1, message: no}\n"},
		{name: "not what is expected", http: "response: {expect: 201}"},
		{name: "not what its schema says", http: "response: {schema: {type: string}}"},
		{name: "just as large as it may be", http: "response: {maxBytes: 1}", kept: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := build(t, tool(example, tt.upstream+"\ncache: {ttl: 1m}", tt.http)+tt.more, nil)
			synctest.Test(t, func(t *testing.T) {
				s := serve(counting())
				c := s.client(ClientOptions{})
				for _, arguments := range []map[string]any{tt.first, tt.second} {
					vars := inputs(maps.Clone(arguments))
					if caller, ok := arguments["caller"]; ok {
						vars["caller"].(map[string]any)["id"] = caller
					}
					p.Run(t.Context(), c, vars)
				}
				if n := len(s.times()); (n == 1) != tt.kept {
					t.Errorf("%d requests, want them to be one: %t", n, tt.kept)
				}
				s.stop(t, c)
			})
		})
	}
}

// An answer serves every tool that asks the same, and each judges it by its
// own rules.
func TestKeptAnswersAreJudgedByEachCall(t *testing.T) {
	const upstream = "cache: {ttl: 1m}"
	plain := build(t, tool(example, upstream, ""), nil)
	strict := build(t, tool(example, upstream, "")+"errors:\n  - {when: response.body == 1, message: One is too few.}\n", nil)
	other := build(t, strings.ReplaceAll(tool(example, upstream, ""), "api\n", "other\n"), nil)
	private := build(t, tool(example, upstream+"\nallowPrivate: true", ""), nil)
	synctest.Test(t, func(t *testing.T) {
		s := serve(counting())
		c := s.client(ClientOptions{})
		want := []outcome{{body: 1}, {said: "One is too few."}, {body: 1}, {body: 2}, {body: 3}}
		for i, p := range []*Program{plain, strict, plain, other, private} {
			if diff := cmp.Diff(want[i], run(t.Context(), p, c, nil), cmp.AllowUnexported(outcome{})); diff != "" {
				t.Errorf("call %d (-want +got):\n%s", i, diff)
			}
		}
		s.stop(t, c)
	})
}

func TestKeptAnswersGrowOld(t *testing.T) {
	p := build(t, tool(example, "cache: {ttl: 1m}\nretry: {attempts: 1}", "cache: {staleIfError: 1h}"), nil)
	synctest.Test(t, func(t *testing.T) {
		fails := false
		count := counting()
		s := serve(func(w http.ResponseWriter, r *http.Request) {
			if fails {
				answerJSON(w, 503, `{}`)
				return
			}
			count(w, r)
		})
		var log bytes.Buffer
		c := s.client(ClientOptions{Logger: logged(&log)})
		steps := []struct {
			after time.Duration
			fails bool
			want  outcome
		}{
			{want: outcome{body: 1}},
			{after: 59 * time.Second, want: outcome{body: 1}},
			{after: time.Second, want: outcome{body: 2}},
			{after: 30 * time.Second, fails: true, want: outcome{body: 2}},
			{after: 30 * time.Second, fails: true, want: outcome{body: 2}},                                                   // stale
			{after: 59 * time.Minute, fails: true, want: outcome{body: 2}},                                                   // still
			{after: time.Minute, fails: true, want: outcome{said: "api answered 503 Service Unavailable (try again later)"}}, // too old
			{want: outcome{body: 3}},
		}
		for i, step := range steps {
			time.Sleep(step.after)
			fails = step.fails
			if diff := cmp.Diff(step.want, run(t.Context(), p, c, nil), cmp.AllowUnexported(outcome{})); diff != "" {
				t.Errorf("step %d (-want +got):\n%s", i, diff)
			}
		}
		want := `level=WARN msg="kept answer used, since the upstream fails" upstream=api age=1m0s cause="status 503"
level=WARN msg="kept answer used, since the upstream fails" upstream=api age=1h0m0s cause="status 503"
`
		if diff := cmp.Diff(want, log.String()); diff != "" {
			t.Errorf("log (-want +got):\n%s", diff)
		}
		s.stop(t, c)
	})
}

// An old answer stands in for one that does not come, whatever the reason, but
// not for what the service says, and not for a caller that is gone.
func TestWhenAnOldAnswerIsUsed(t *testing.T) {
	tests := []struct {
		name, settings string
		status         int // 0 is silence, 1 hangs up
		want           outcome
	}{
		{name: "a status from 500 on", status: 500, want: outcome{body: "old"}},
		{name: "no answer", status: 1, want: outcome{body: "old"}},
		{name: "silence", status: 0, want: outcome{body: "old", after: 4500 * time.Millisecond}},
		{name: "an open breaker", settings: "circuitBreaker: {failures: 1}\n", status: 500, want: outcome{body: "old"}},
		{name: "no turn", settings: "rateLimit: {requests: 1, per: 1h}\n", status: 201, want: outcome{body: "old"}},
		{name: "a fault of the caller", status: 404, want: outcome{said: "api answered 404 Not Found (check that what the arguments name exists)"}},
		{name: "patience is asked for", status: 429, want: outcome{said: "api answered 429 Too Many Requests (try again later)"}},
		{name: "a new answer", status: 201, want: outcome{body: "201"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := build(t, tool(example, tt.settings+"timeout: 5s\nretry: {attempts: 1}\ncache: {ttl: 1s, staleIfError: 1h}", ""), nil)
			synctest.Test(t, func(t *testing.T) {
				first := true
				s := serve(func(w http.ResponseWriter, r *http.Request) {
					if first {
						answerJSON(w, 200, `"old"`)
						first = false
						return
					}
					r.URL.Path = fmt.Sprint("/", tt.status)
					moody(w, r)
				})
				c := s.client(ClientOptions{})
				run(t.Context(), p, c, nil)
				time.Sleep(2 * time.Second)
				for range 2 {
					got := run(t.Context(), p, c, nil)
					if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(outcome{})); diff != "" {
						t.Errorf("(-want +got):\n%s", diff)
					}
					time.Sleep(time.Second)
				}
				s.stop(t, c)
			})
		})
	}
}

func TestObserverOfKeptAnswers(t *testing.T) {
	p := build(t, tool(example, "retry: {attempts: 1}\ncache: {ttl: 1s, staleIfError: 1h}\nrateLimit: {requests: 1, per: 1s}", ""), nil)
	synctest.Test(t, func(t *testing.T) {
		first := true
		s := serve(func(w http.ResponseWriter, _ *http.Request) {
			if first {
				answerJSON(w, 200, `"old"`)
				first = false
				return
			}
			answerJSON(w, 502, "")
		})
		c := s.client(ClientOptions{})
		var seen notes
		ctx := WithObserver(t.Context(), &seen)
		for range 3 {
			if o := run(ctx, p, c, nil); o.body != "old" {
				t.Error(o)
			}
			time.Sleep(700 * time.Millisecond)
		}
		run(ctx, p, c, nil)
		const request = "request GET http://api.example.com/ map[User-Agent:[toolsd]] \n"
		want := request + "response 200  5\n" +
			request + "reused 700ms \nresponse 200  5\n" +
			request + "response 502  0\nreused 1.4s api answered 502\nresponse 200  5\n" +
			request + "waited 300ms its rate was used up\nresponse 502  0\nreused 2.4s api answered 502\nresponse 200  5\n"
		if diff := cmp.Diff(want, seen.String()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		s.stop(t, c)
	})
}

// Calls that ask the same at the same time are one request, and each ends when
// its own caller gives up.
func TestCallsAtTheSameTimeAreOneRequest(t *testing.T) {
	tests := []struct {
		name   string
		answer http.HandlerFunc
		first  time.Duration // when the first call is given up; 0 is never
		seen   []string
		want   []outcome
	}{
		{
			name: "one answer", answer: counting(), seen: []string{"0s /"},
			want: []outcome{{body: 1, after: 1000 * time.Millisecond}, {body: 1, after: 999 * time.Millisecond}, {body: 1, after: 998 * time.Millisecond}},
		},
		{
			name: "one failure", answer: func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, 404, "{}") }, seen: []string{"0s /"},
			want: []outcome{
				{said: "api answered 404 Not Found (check that what the arguments name exists)", after: 1000 * time.Millisecond},
				{said: "api answered 404 Not Found (check that what the arguments name exists)", after: 999 * time.Millisecond},
				{said: "api answered 404 Not Found (check that what the arguments name exists)", after: 998 * time.Millisecond},
			},
		},
		{
			name: "no answer", answer: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, seen: []string{"0s /"},
			want: []outcome{
				{said: "api did not answer: the connection broke; try again later", after: 1000 * time.Millisecond},
				{said: "api did not answer: the connection broke; try again later", after: 999 * time.Millisecond},
				{said: "api did not answer: the connection broke; try again later", after: 998 * time.Millisecond},
			},
		},
		{
			name: "the first is given up", answer: counting(), first: 500 * time.Millisecond, seen: []string{"0s /", "500ms /"},
			want: []outcome{
				{said: "the call was cancelled before api answered", after: 500 * time.Millisecond},
				{body: 1, after: 1499 * time.Millisecond}, {body: 1, after: 1498 * time.Millisecond},
			},
		},
		{
			name: "answers that are for one alone", seen: []string{"0s /", "1s /", "1s /"},
			answer: func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Cache-Control", "no-store")
				answerJSON(w, 200, "1")
			},
			want: []outcome{{body: 1, after: 1000 * time.Millisecond}, {body: 1, after: 1999 * time.Millisecond}, {body: 1, after: 1998 * time.Millisecond}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := build(t, tool(example, "retry: {attempts: 1}\ncache: {ttl: 1m}", ""), nil)
			synctest.Test(t, func(t *testing.T) {
				s := serve(func(w http.ResponseWriter, r *http.Request) {
					select {
					case <-time.After(time.Second):
						tt.answer(w, r)
					case <-r.Context().Done():
					}
				})
				c := s.client(ClientOptions{})
				got := runAll(t.Context(), 3, func(i int) outcome {
					ctx, cancel := context.WithCancel(t.Context())
					defer cancel()
					if i == 0 && tt.first > 0 {
						time.AfterFunc(tt.first, cancel)
					}
					return run(ctx, p, c, nil)
				})
				if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(outcome{})); diff != "" {
					t.Errorf("calls (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(tt.seen, s.times()); diff != "" {
					t.Errorf("requests (-want +got):\n%s", diff)
				}
				s.stop(t, c)
			})
		})
	}
}
