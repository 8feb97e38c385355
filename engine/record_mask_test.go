package engine_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/engine/httpcall"
)

// mirror gives a secret back as a key, a number and a header.
func mirror(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/silent":
		<-r.Context().Done()
	case "/away":
		http.Redirect(w, r, "http://"+r.Host+"/here", http.StatusFound)
	default:
		key := r.URL.Query().Get("key")
		w.Header().Set("Content-Type", "application/problem+json")
		w.Header().Set("X-Left", key)
		w.Header().Set("Set-Cookie", "session="+key)
		fmt.Fprintf(w, `{%q: {"number": %s, "other": 1234}}`, key, key)
	}
}

const mirrored = `upstream: mirror
baseUrl: ${env.API}
auth: {query: {name: key, value: "${env.TOKEN}"}}
errors:
  - when: response.headers["x-left"] == "0" or response.headers["set-cookie"] == "0"
    message: Nothing is left.
---
tool: get
description: Gets something, for a test.
inputSchema: {type: object, properties: {path: {type: string}, n: {type: string}}, required: [path], additionalProperties: false}
http: {upstream: mirror, path: "/${input.path}", query: {n: "${input.n}"}, retry: {attempts: 1}}
tests:
  - name: masked
    input: {path: a, n: "007"}
  - name: redirected to the address of the service itself
    input: {path: away}
  - name: without a request
    input: {path: ..}
---
tool: wait
description: Waits for something that never comes, for a test.
inputSchema: {type: object, additionalProperties: false}
http: {upstream: mirror, path: /silent, attemptTimeout: 50ms, retry: {attempts: 1}}
tests:
  - name: silent
    expect: {isError: true}
`

func TestRecordMasksWhereverASecretStands(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(mirror))
	defer server.Close()
	client := httpcall.NewClient(httpcall.ClientOptions{})
	defer client.Close()
	env := map[string]string{"API": server.URL, "TOKEN": "12345678"}
	options := engine.Options{Client: client, Env: func(name string) (string, bool) { v, ok := env[name]; return v, ok }}
	r, err := engine.Record(t.Context(), files{"a.yaml": mirrored}.sources(), options, func(string, string) bool { return true })
	if err != nil || len(r.Sources) != 1 {
		t.Fatalf("%v, %+v", err, r)
	}
	const masked = `    http:
      - request:
          method: GET
          path: /a
          query:
            n: "007"
        response:
          headers:
            Content-Type: application/problem+json
            X-Left: "***"
          json:
            "***":
              number: "***"
              other: 1234
`
	const silent = `    http:
      - request:
          method: GET
          path: /silent
        response:
          timeout: true
`
	want := strings.Replace(mirrored, "\"007\"}\n", "\"007\"}\n"+masked, 1)
	want = strings.Replace(want, "    expect:", silent+"    expect:", 1)
	if diff := cmp.Diff(want, string(r.Sources[0].Bytes)); diff != "" {
		t.Error(diff)
	}
	for i, reason := range []string{"", "2 requests were sent, but a test would send 1", "no request was sent: ", ""} {
		if test := r.Tests[i]; test.Passed() != (reason == "") || reason != "" && !strings.Contains(test.Failures[0].Message, reason) {
			t.Errorf("%s: %+v, want %q", test.Name, test.Failures, reason)
		}
	}
	run, err := engine.Test(t.Context(), r.Sources, engine.Options{}, func(_, test string) bool { return test == "masked" || test == "silent" })
	if err != nil || len(run.Tests) != 2 || !run.Tests[0].Passed() || !run.Tests[1].Passed() {
		t.Errorf("%v, %+v", err, run)
	}
}
