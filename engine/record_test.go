package engine_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/engine/httpcall"
)

// secret has what the encodings of requests and JSON change.
const secret = `s3cr"et/+é`

// service answers like a real one, and gives away what it was sent.
func service(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	switch r.URL.Path {
	case "/v1/old":
		http.Redirect(w, r, "/v1/new?x=1", http.StatusFound)
	case "/v1/busy":
		w.WriteHeader(http.StatusServiceUnavailable)
	case "/v1/bytes":
		w.Header().Set("Content-Type", "image/png")
		w.Write(append([]byte{0xff}, r.Header.Get("X-Give")...))
	case "/v1/deep":
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, strings.Repeat("[", 3000), strings.Repeat("]", 3000))
	default:
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("X-Left", "7")
		w.Header().Set("Set-Cookie", "session=1")
		fmt.Fprintf(w, `{"auth": %q, "query": %q, "body": %q, "n": 1.50, "s": "20", "yes": "no: #"}`, r.Header.Get("Authorization"), r.URL.RawQuery, body)
	}
}

const recorded = `upstream: api
baseUrl: ${env.API}/v1
auth: {bearer: "${env.TOKEN}"}
errors:
  - when: response.headers["x-left"] == "0"
    message: Nothing is left.
---
tool: get
description: Gets something, for a test.
inputSchema: {type: object, properties: {path: {type: string}, q: {type: string}}, required: [path], additionalProperties: false}
http: {upstream: api, path: "/${input.path}", query: {q: "${input.q}", key: "${env.TOKEN}"}, headers: {X-Give: "${input.q}"}, retry: {attempts: 2, minWait: 1ms}}
tests:
  - name: plain # here
    input: {path: a b, q: "20"}
    expect: {structuredContent: {n: 1.5}}
  - name: redirected
    http: []
    input: {path: old}
  - name: tried twice
    input: {path: busy}
    expect: {isError: true}
  - name: bytes
    input: {path: bytes}
  - {name: braces, input: {path: x}}
  - name: too deep
    input: {path: deep}
  - name: not chosen
    input: {path: x}
---
tool: post
description: Posts something, for a test.
inputSchema: {type: object, additionalProperties: false}
http: {upstream: api, path: /p, json: {token: "${env.TOKEN}", n: 1}}
tests:
  - name: posted
---
tool: away
description: Calls nobody, for a test.
inputSchema: {type: object, additionalProperties: false}
http: {url: "http://127.0.0.1:1/"}
tests:
  - name: nobody
`

func TestRecord(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(service))
	defer server.Close()
	client := httpcall.NewClient(httpcall.ClientOptions{})
	defer client.Close()
	env := map[string]string{"API": server.URL, "TOKEN": secret}
	options := engine.Options{Client: client, Env: func(name string) (string, bool) { v, ok := env[name]; return v, ok }}
	sources := files{"a.yaml": recorded}.sources()
	chosen := func(_, test string) bool { return test != "not chosen" }
	r, err := engine.Record(t.Context(), sources, options, chosen)
	if err != nil || len(r.Diagnostics) > 0 || len(r.Sources) != 1 {
		t.Fatalf("%v, %d sources, %s", err, len(r.Sources), text(r.Diagnostics))
	}

	var outcomes []string
	for _, test := range r.Tests {
		line := test.Name
		for _, f := range test.Failures {
			line += ": " + regexp.MustCompile(`dial.*`).ReplaceAllString(f.Message, "dial")
		}
		outcomes = append(outcomes, line)
	}
	want := []string{
		"plain", "redirected", "tried twice", "bytes",
		"braces: not recorded: the test is written in { }; write each of its keys on a line of its own first",
		"too deep: not recorded: what was exchanged is too large or too deep for a definition",
		"posted", "nobody: not recorded: there was no answer: dial",
	}
	if diff := cmp.Diff(want, outcomes); diff != "" {
		t.Error(diff)
	}

	got := string(r.Sources[0].Bytes)
	for _, hidden := range []string{"s3cr", "session", "Date", server.Listener.Addr().String()} {
		if strings.Contains(got, hidden) {
			t.Errorf("%q was recorded", hidden)
		}
	}
	const first = `  - name: plain # here
    input: {path: a b, q: "20"}
    http:
      - request:
          method: GET
          path: /a%20b
          query:
            key: test-TOKEN
            q: 20
        response:
          headers:
            X-Left: "7"
          json:
            auth: "Bearer ***"
            body: ""
            n: 1.50
            query: "q=20&key=***"
            s: "20"
            yes: "no: #"
    expect: {structuredContent: {n: 1.5}}
`
	if !strings.Contains(got, first) {
		t.Errorf("the first test is not as wanted:\n%s", got)
	}
	kept := regexp.MustCompile(`(?m)^    http:\n(      .*\n)*`)
	if diff := cmp.Diff(strings.Replace(recorded, "    http: []\n", "", 1), kept.ReplaceAllString(got, "")); diff != "" {
		t.Errorf("beside the exchanges something changed:\n%s", diff)
	}

	run, err := engine.Test(t.Context(), r.Sources, engine.Options{}, func(_, test string) bool {
		return !strings.Contains("braces, too deep, not chosen, nobody", test)
	})
	if err != nil || len(run.Tests) != 5 {
		t.Fatalf("%v, %d tests", err, len(run.Tests))
	}
	for _, test := range run.Tests {
		if !test.Passed() {
			t.Errorf("%s fails once it is recorded: %+v", test.Name, test.Failures)
		}
	}
}

func TestBinaryAnswersWithSecretsAreNotRecorded(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(service))
	defer server.Close()
	client := httpcall.NewClient(httpcall.ClientOptions{})
	defer client.Close()
	text := strings.Replace(recorded, `X-Give: "${input.q}"`, `X-Give: "${env.TOKEN}"`, 1)
	env := map[string]string{"API": server.URL, "TOKEN": "plainsecret"}
	options := engine.Options{Client: client, Env: func(name string) (string, bool) { v, ok := env[name]; return v, ok }}
	r, err := engine.Record(t.Context(), files{"a.yaml": text}.sources(), options, func(_, test string) bool { return test == "bytes" })
	if err != nil || len(r.Tests) != 1 || len(r.Sources) != 0 || r.Tests[0].Passed() || !strings.Contains(r.Tests[0].Failures[0].Message, "binary and holds a secret") {
		t.Errorf("%v, %+v", err, r)
	}
}

// All steps are recorded, and those of the tools that they call, in the order
// in which they are written.
func TestRecordSteps(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(service))
	defer server.Close()
	client := httpcall.NewClient(httpcall.ClientOptions{})
	defer client.Close()
	options := engine.Options{Client: client, Env: func(name string) (string, bool) { return server.URL, name == "API" }}
	const tools = `upstream: api
baseUrl: ${env.API}/v1
---
upstream: other
baseUrl: ${env.API}/v1/other
---
tool: inner
description: Gets something, for a test.
annotations: {readOnlyHint: true}
inputSchema: {type: object, properties: {id: {type: integer}}, required: [id], additionalProperties: false}
http: {upstream: other, path: "/${input.id}"}
result: ${response.body.n}
---
tool: steps
description: Gets several things, for a test.
annotations: {readOnlyHint: true}
inputSchema: {type: object, additionalProperties: false}
steps:
  - {id: a, http: {upstream: api, path: /first}}
  - {id: b, forEach: "1..2", tool: inner, input: {id: "${each}"}}
  - {id: c, http: {upstream: api, path: /last}}
result: ${steps.b}
tests:
  - name: recorded
`
	r, err := engine.Record(t.Context(), files{"a.yaml": tools}.sources(), options, func(string, string) bool { return true })
	if err != nil || len(r.Sources) != 1 {
		t.Fatalf("%v, %+v", err, r)
	}
	var paths []string
	for line := range strings.Lines(string(r.Sources[0].Bytes)) {
		if path, ok := strings.CutPrefix(line, "          path: "); ok {
			paths = append(paths, strings.TrimSpace(path))
		}
	}
	if diff := cmp.Diff([]string{"/first", "/1", "/2", "/last"}, paths); diff != "" {
		t.Errorf("%s\n%s", diff, r.Sources[0].Bytes)
	}
	run, err := engine.Test(t.Context(), r.Sources, engine.Options{}, nil)
	if err != nil || len(run.Tests) != 1 || !run.Tests[0].Passed() {
		t.Errorf("%v, %+v", err, run)
	}
}
