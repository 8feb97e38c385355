package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/toolsd/toolsd/engine/httpcall"
)

// A secret in a file is followed: what uses it is served with the new value,
// and not at all while it is gone.
func TestServeFollowsSecretFiles(t *testing.T) {
	tokens := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, secret, _ := r.BasicAuth()
		fmt.Fprintf(w, `{"access_token": "token of %s", "expires_in": 3600}`, secret)
	}))
	defer tokens.Close()
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		kind := map[bool]string{true: "fresh", false: "old"}
		fmt.Fprint(w, "it was ", kind[strings.HasSuffix(r.Header.Get("Authorization"), "second")])
	}))
	defer service.Close()
	dir := t.TempDir()
	secret := filepath.Join(dir, "SECRET")
	write(t, secret, "the-first\n")
	r := start(t, map[string]string{"TOOLSD_SECRETS": dir}, "--poll", "20ms")
	write(t, filepath.Join(r.dir, "tools.yaml"), `upstream: up
baseUrl: `+service.URL+`
auth: {oauth2: {tokenUrl: '`+tokens.URL+`', clientId: a, clientSecret: '${env.SECRET}'}}
---
tool: try
description: Ask a service how old a secret is.
inputSchema: {type: object, additionalProperties: false}
http: {upstream: up, path: /}
`)
	says := func(want string) {
		t.Helper()
		_, got := ask(t, "POST", r.url+"/mcp", `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"try","arguments":{}}}`)
		if !strings.Contains(got, want) {
			t.Errorf("want %q in %s", want, got)
		}
	}
	r.stderr.await(t, `reloaded: 1 added \(try\)`)
	says("it was old")
	write(t, secret+".new", "the-second\n")
	if err := os.Rename(secret+".new", secret); err != nil {
		t.Fatal(err)
	}
	r.stderr.await(t, `reloaded: 1 changed \(try\)`)
	says("it was fresh")
	if err := os.Remove(secret); err != nil {
		t.Fatal(err)
	}
	r.stderr.await(t, `reloaded: 1 removed \(try\)`)
	r.stderr.await(t, `env-missing`)
	write(t, secret, "the-second\n")
	r.stderr.await(t, `mended: tool try, upstream up`)
	says("it was fresh")
	if got := strings.Count(r.stderr.String(), "a secret cannot be read from its file"); got != 1 {
		t.Errorf("told %d times that the file is gone:\n%s", got, r.stderr)
	}
}

// A fence in a file that is not there lets nothing through.
func TestFencesInFiles(t *testing.T) {
	names := []string{"TOOLSD_HOSTS_ALLOW", "TOOLSD_ENV_ALLOW"}
	gone := filepath.Join(t.TempDir(), "gone")
	w := &world{stdout: io.Discard, stderr: io.Discard, getenv: func(name string) (string, bool) {
		return gone, strings.HasPrefix(name, "TOOLSD_") && strings.HasSuffix(name, "_ALLOW_FILE")
	}}
	env, err := readEnvironment(w, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if got := env.list(name); got == nil || len(got) != 0 {
			t.Errorf("%s = %v, want a fence that is closed", name, got)
		}
		if got := (environment{getenv: func(string) (string, bool) { return "", false }}).list(name); got != nil {
			t.Errorf("%s = %v, want none", name, got)
		}
	}
	closed, err := httpcall.ParseIdentityFence("")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(closed, env.identities, cmp.AllowUnexported(httpcall.IdentityFence{})); diff != "" {
		t.Errorf("tokens of the identity may go to (-want +got):\n%s", diff)
	}
}

// A fence that cannot be read opens nothing.
func TestIdentityFenceMustBeReadable(t *testing.T) {
	var out strings.Builder
	w := &world{stdin: strings.NewReader(""), stdout: &out, stderr: &out, getenv: func(name string) (string, bool) {
		return "nonsense", name == "TOOLSD_IDENTITY_ALLOW"
	}}
	if code := run(t.Context(), w, []string{"check", "--tools", t.TempDir()}); code != exitFindings ||
		!strings.Contains(out.String(), `TOOLSD_IDENTITY_ALLOW: "nonsense" is not RESOURCE=HOST`) {
		t.Errorf("check ended with %d: %s", code, &out)
	}
}
