package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/schema"
)

// allPass runs the tests in sources, of which every tool has one.
func allPass(t *testing.T, name string, sources []schema.Source) {
	t.Helper()
	run, err := engine.Test(t.Context(), sources, engine.Options{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(run.Tests) == 0 {
		t.Errorf("%s has no tests", name)
	}
	for i := range run.Tests {
		if r := &run.Tests[i]; !r.Passed() {
			t.Errorf("%s: %s: %s\n%s", point(r.Place), r.Tool, r.Name, failureText(r))
		}
	}
	for _, tool := range run.Untested {
		t.Errorf("%s: the tool %s has no test", name, tool)
	}
}

func TestShippedToolsPassTheirTests(t *testing.T) {
	files, err := filepath.Glob("../../examples/*/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no examples", err)
	}
	dirs := map[string]bool{"../../tools.d": true}
	for _, file := range files {
		dirs[filepath.Dir(file)] = true
	}
	for dir := range dirs {
		tools := toolsFlags{dir: dir}
		sources, err := tools.read()
		if err != nil {
			t.Fatal(err)
		}
		allPass(t, dir, sources)
	}
}

func TestTestsInTheReadmePass(t *testing.T) {
	tested := 0
	for _, text := range blocks(t, "README.md", "yaml") {
		if strings.Contains(text, "\ntests:") {
			tested++
			allPass(t, "README.md", []schema.Source{{Name: "README.md", Bytes: []byte(text)}})
		}
	}
	if tested == 0 {
		t.Error("the README shows no test")
	}
}

func TestRecordWritesIntoTheFile(t *testing.T) {
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"for": %q}`, r.Header.Get("Authorization"))
	}))
	defer service.Close()
	dir := t.TempDir()
	file := filepath.Join(dir, "a.yaml")
	const text = `upstream: api
baseUrl: ${env.API}
auth: {bearer: "${env.TOKEN}"}
---
tool: get
description: Get something from a service.
inputSchema: {type: object, additionalProperties: false}
http: {upstream: api, path: /a}
tests:
  - name: one   # and a comment
    expect: {structuredContent: {for: Bearer x}}
`
	if err := os.WriteFile(file, []byte(text), 0o640); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"API": service.URL, "TOKEN": "the-real-secret"}
	var stdout, stderr strings.Builder
	w := &world{stdout: &stdout, stderr: &stderr, getenv: func(name string) (string, bool) { v, ok := env[name]; return v, ok }}

	if code := run(t.Context(), w, []string{"test", "--record", "--tools", dir}); code != exitUsage || !strings.Contains(stderr.String(), "--run says for which tests") {
		t.Errorf("without --run it ends with %d: %s", code, &stderr)
	}
	stderr.Reset()
	code := run(t.Context(), w, []string{"test", "--record", "--run", "get/one", "--tools", dir})
	if code != exitFindings || !strings.Contains(stderr.String(), "recorded 1 test in 1 file\n1 test of 1 tool: 0 passed, 1 failed\n") {
		t.Errorf("it ends with %d:\n%s", code, &stderr)
	}
	if want := "      - \"Bearer x\"\n      + \"Bearer ***\"\n"; !strings.Contains(stdout.String(), want) {
		t.Errorf("the expectation that does not hold is not shown:\n%s", &stdout)
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	written := `    http:
      - request:
          method: GET
          path: /a
        response:
          json:
            for: "Bearer ***"
`
	if diff := cmp.Diff(strings.Replace(text, "    expect:", written+"    expect:", 1), string(got)); diff != "" {
		t.Error(diff)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("the file has other permissions: %v %v", info.Mode(), err)
	}
	if strings.Contains(stdout.String()+stderr.String(), "the-real-secret") {
		t.Error("the secret is shown")
	}
}
