package engine_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/engine/httpcall"
)

// counted is a service that answers with its number, and fails the first
// requests.
func counted(t *testing.T, failing int64) (url string, requests *atomic.Int64) {
	requests = new(atomic.Int64)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if n := requests.Add(1); n <= failing {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		w.Write([]byte(`"fine"`))
	}))
	t.Cleanup(server.Close)
	return server.URL, requests
}

// What is known of an upstream outlives reloads that do not change it: those
// of its tools, of other upstreams, and of what it sends.
func TestWhatIsKnownOfUpstreamsOutlivesReloads(t *testing.T) {
	url, requests := counted(t, 1)
	client := httpcall.NewClient(httpcall.ClientOptions{})
	defer client.Close()
	e := engine.New(engine.Options{Client: client})
	const tool = `description: Gets something, for a test.
inputSchema: {type: object, properties: {q: {type: string}}, additionalProperties: false}
http: {upstream: api, path: "/${input.q ?? \"a\"}"}
`
	f := files{
		"a.yaml": "upstream: api\nbaseUrl: " + url + "\nretry: {attempts: 1}\ncircuitBreaker: {failures: 1, openFor: 1h}\ncache: {ttl: 1h}\n",
		"b.yaml": "tool: get\n" + tool,
	}
	expect := func(after, want string, sent int64) {
		t.Helper()
		before := requests.Load()
		got, _ := call(t, e, engine.Local, "get", `{}`)
		if !strings.HasPrefix(got, want) || requests.Load()-before != sent {
			t.Errorf("%s: %q after %d requests, want %q after %d", after, got, requests.Load()-before, want, sent)
		}
	}
	publish(t, e, f)
	expect("at first", "api answered 503", 1)
	expect("after a failure", "api is failing", 0)
	f["b.yaml"] += "tags: [edited]\n"
	publish(t, e, f)
	expect("after an edit of the tool", "api is failing", 0)
	f["a.yaml"] += "headers: {X-New: a}\n"
	f["c.yaml"] = "upstream: other\nbaseUrl: " + url + "\nconcurrency: {limit: 1}\n"
	publish(t, e, f)
	expect("after an edit of what is sent", "api is failing", 0)
	f["a.yaml"] = strings.Replace(f["a.yaml"], "openFor: 1h", "openFor: 2h", 1)
	publish(t, e, f)
	expect("after an edit of the breaker", "fine", 1)
	f["b.yaml"] += "# and again\n"
	publish(t, e, f)
	expect("the answer is kept", "fine", 0)
	f["a.yaml"] = strings.Replace(f["a.yaml"], "X-New: a", "X-New: b", 1)
	publish(t, e, f)
	expect("another request", "fine", 1)
}

// Nothing that one test did counts in another: each sends its own requests,
// to an upstream that nothing is known of.
func TestTestsBeginAnew(t *testing.T) {
	const source = `upstream: api
baseUrl: https://api.example.com
retry: {attempts: 1}
rateLimit: {requests: 1, per: 1h}
circuitBreaker: {failures: 1}
cache: {ttl: 1h, staleIfError: 1h}
---
tool: get
description: Gets something, for a test.
inputSchema: {type: object, additionalProperties: false}
http: {upstream: api, path: /}
tests:
  - name: first
    http: [{request: {}, response: {text: one}}]
    expect: {text: one}
  - name: second
    http: [{request: {}, response: {status: 503}}]
    expect: {isError: true}
  - name: third
    http: [{request: {}, response: {text: three}}]
    expect: {text: three}
`
	run, err := engine.Test(t.Context(), files{"a.yaml": source}.sources(), engine.Options{}, nil)
	if err != nil || len(run.Diagnostics) > 0 {
		t.Fatal(err, text(run.Diagnostics))
	}
	var outcomes []string
	for _, test := range run.Tests {
		for _, f := range test.Failures {
			outcomes = append(outcomes, test.Name+": "+f.Message)
		}
	}
	if len(run.Tests) != 3 || len(outcomes) > 0 {
		t.Errorf("%d tests: %v", len(run.Tests), outcomes)
	}
}

// What is recorded is what was sent, not what was kept from another test.
func TestRecordingUsesNoKeptAnswers(t *testing.T) {
	url, requests := counted(t, 0)
	client := httpcall.NewClient(httpcall.ClientOptions{})
	defer client.Close()
	source := "upstream: api\nbaseUrl: " + url + "\ncache: {ttl: 1h}\n---\n" + `tool: get
description: Gets something, for a test.
inputSchema: {type: object, additionalProperties: false}
http: {upstream: api, path: /}
tests:
  - name: first
  - name: second
`
	r, err := engine.Record(t.Context(), files{"a.yaml": source}.sources(), engine.Options{Client: client}, func(_, _ string) bool { return true })
	if err != nil || len(r.Sources) != 1 {
		t.Fatal(err, r)
	}
	if strings.Count(string(r.Sources[0].Bytes), "json: fine") != 2 || requests.Load() != 2 {
		t.Errorf("%d requests were sent, and recorded is:\n%s", requests.Load(), r.Sources[0].Bytes)
	}
}
