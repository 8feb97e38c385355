package engine_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/engine/httpcall"
)

// A recording fetches a token for real, and keeps neither it nor the request
// for it. A refused one is recorded with what came after it.
func TestRecordWithTokens(t *testing.T) {
	given := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/token" {
			given++
			fmt.Fprintf(w, `{"access_token": "planted-%d"}`, given)
			return
		}
		shown := r.Header.Get("Authorization")
		if shown != "Bearer planted-2" {
			w.WriteHeader(http.StatusUnauthorized)
		}
		fmt.Fprintf(w, `{"shown": %q}`, shown)
	}))
	defer server.Close()
	client := httpcall.NewClient(httpcall.ClientOptions{})
	defer client.Close()
	env := map[string]string{"API": server.URL, "SECRET": "planted-secret"}
	options := engine.Options{Client: client, Env: func(name string) (string, bool) { v, ok := env[name]; return v, ok }}
	source := `upstream: up
baseUrl: ${env.API}/api
auth: {oauth2: {tokenUrl: "${env.API}/token", clientId: a, clientSecret: "${env.SECRET}"}}
---
tool: get
description: Gets something, for a test.
inputSchema: {type: object, additionalProperties: false}
http: {upstream: up, path: /a}
tests:
  - name: recorded
    input: {}
`
	r, err := engine.Record(t.Context(), files{"a.yaml": source}.sources(), options, func(string, string) bool { return true })
	if err != nil || len(r.Sources) != 1 {
		t.Fatalf("%v, %+v", err, r)
	}
	got := string(r.Sources[0].Bytes)
	if strings.Contains(got, "planted") || strings.Count(got, `shown: "Bearer ***"`) != 2 || strings.Count(got, "request:") != 2 || given != 2 {
		t.Errorf("after %d tokens it holds:\n%s", given, got)
	}
	run, err := engine.Test(t.Context(), r.Sources, engine.Options{}, nil)
	if err != nil || len(run.Tests) != 1 || !run.Tests[0].Passed() {
		t.Errorf("what was recorded fails: %v, %+v", err, run)
	}
}
