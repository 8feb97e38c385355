package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// A running server and what it writes.
type running struct {
	url    string // without path
	dir    string // of the tools
	stdout *lines
	stderr *lines
}

// lines is a writer that lets a test wait for a line.
type lines struct {
	mu      sync.Mutex
	text    bytes.Buffer
	changed chan struct{}
}

func newLines() *lines { return &lines{changed: make(chan struct{}, 1)} }

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case l.changed <- struct{}{}:
	default:
	}
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// await returns when the text matches, and gives up when it has not for long.
func (l *lines) await(t *testing.T, pattern string) []string {
	t.Helper()
	re := regexp.MustCompile(pattern)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for {
		if found := re.FindStringSubmatch(l.String()); found != nil {
			return found
		}
		select {
		case <-l.changed:
		case <-ctx.Done():
			t.Fatalf("nothing matches %s in:\n%s", pattern, l)
		}
	}
}

const hello = `tool: hello
description: Say hello to somebody by their name.
inputSchema: {type: object, properties: {name: {type: string}}, required: [name], additionalProperties: false}
expr: |
  "Hello, " + input.name
`

// start serves one tool on a free port until the test ends.
func start(t *testing.T, env map[string]string, args ...string) *running {
	t.Helper()
	r := &running{dir: t.TempDir(), stdout: newLines(), stderr: newLines()}
	write(t, filepath.Join(r.dir, "hello.yaml"), hello)
	w := &world{stdin: strings.NewReader(""), stdout: r.stdout, stderr: r.stderr, getenv: func(name string) (string, bool) {
		v, ok := env[name]
		return v, ok
	}}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan int, 1)
	go func() { ended <- run(ctx, w, append([]string{"serve", "--port", "0", "--tools", r.dir}, args...)) }()
	t.Cleanup(func() {
		cancel()
		if code := <-ended; code != exitFine {
			t.Errorf("serve ended with %d:\n%s", code, r.stderr)
		}
	})
	r.url = r.stdout.await(t, `(http://\S+)/mcp`)[1]
	return r
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// ask sends a request with headers given as name, value, … and returns the
// status and body of the answer.
func ask(t *testing.T, method, url, body string, headers ...string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept", "application/json, text/event-stream")
	}
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
			continue
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

const callHello = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"hello","arguments":{"name":"Ann"}}}`

func TestServeFollowsItsFiles(t *testing.T) {
	r := start(t, nil)
	file := filepath.Join(r.dir, "hello.yaml")
	if _, got := ask(t, "POST", r.url+"/mcp", callHello); !strings.Contains(got, "Hello, Ann") {
		t.Fatalf("before the edit: %s", got)
	}
	write(t, file, strings.ReplaceAll(hello, "Hello", "Good day"))
	r.stderr.await(t, `reloaded: 1 changed \(hello\)`)
	if _, got := ask(t, "POST", r.url+"/mcp", callHello); !strings.Contains(got, "Good day, Ann") {
		t.Errorf("after the edit: %s", got)
	}
	write(t, file, strings.ReplaceAll(hello, "input.name", "input.nmae"))
	r.stderr.await(t, `hello.yaml:5:21: input has no property "nmae" \[unknown-property\]`)
	if _, got := ask(t, "POST", r.url+"/mcp", callHello); !strings.Contains(got, "Good day, Ann") {
		t.Errorf("after the broken edit: %s", got)
	}
	if _, got := ask(t, "GET", r.url+"/healthz", ""); !strings.Contains(got, `"degraded"`) {
		t.Errorf("healthz: %s", got)
	}
	if _, got := ask(t, "GET", r.url+"/status", ""); !strings.Contains(got, `"name":"hello"`) || !strings.Contains(got, "unknown-property") {
		t.Errorf("status: %s", got)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	r.stderr.await(t, `reloaded: 1 removed \(hello\)`)
	if _, got := ask(t, "POST", r.url+"/mcp", callHello); !strings.Contains(got, "-32602") {
		t.Errorf("after the removal: %s", got)
	}
}

func TestServeVerifies(t *testing.T) {
	r := start(t, nil, "--verify")
	file := filepath.Join(r.dir, "hello.yaml")
	edited := strings.ReplaceAll(hello, "Hello", "Good day") + "tests:\n  - input: {name: Ann}\n    expect: {text: \"Hello, Ann\"}\n"
	write(t, file, edited)
	r.stderr.await(t, `reloaded: no tool changed; stale: tool hello`)
	r.stderr.await(t, `hello.yaml:7:5: the test "test 1" fails: .*expected "Hello, Ann", got "Good day, Ann" \[test-failed\]`)
	if _, got := ask(t, "POST", r.url+"/mcp", callHello); !strings.Contains(got, "Hello, Ann") {
		t.Errorf("after the edit whose test fails: %s", got)
	}
	write(t, file, strings.Replace(edited, `"Hello, Ann"`, `"Good day, Ann"`, 1))
	r.stderr.await(t, `reloaded: 1 changed \(hello\)`)
	if _, got := ask(t, "POST", r.url+"/mcp", callHello); !strings.Contains(got, "Good day, Ann") {
		t.Errorf("after the edit whose test passes: %s", got)
	}
}

func TestServeAsksForKeys(t *testing.T) {
	r := start(t, map[string]string{"TOOLSD_KEYS": "one=k1,_master=m1"})
	for _, test := range []struct {
		name, path string
		headers    []string
		want       int
	}{
		{"no key", "/mcp", nil, 401},
		{"wrong key", "/mcp", []string{"x-functions-key", "k2"}, 401},
		{"key in the header", "/mcp", []string{"x-functions-key", "k1"}, 200},
		{"key in the query", "/mcp?code=k1", nil, 200},
		{"the header wins", "/mcp?code=k1", []string{"x-functions-key", "k2"}, 401},
		{"master key", "/mcp", []string{"x-functions-key", "m1"}, 200},
	} {
		if got, body := ask(t, "POST", r.url+test.path, callHello, test.headers...); got != test.want {
			t.Errorf("%s: status %d, want %d: %s", test.name, got, test.want, body)
		}
	}
	for key, want := range map[string]int{"": 401, "k1": 401, "m1": 200} {
		if got, _ := ask(t, "GET", r.url+"/status", "", "x-functions-key", key); got != want {
			t.Errorf("/status with key %q: %d, want %d", key, got, want)
		}
	}
	if got, body := ask(t, "GET", r.url+"/healthz", ""); got != 200 || strings.Contains(body, "hello") {
		t.Errorf("/healthz: %d %s", got, body)
	}
}

func TestServeGuardsItsFront(t *testing.T) {
	r := start(t, nil, "--allow-origin", "https://app.example.com")
	for _, test := range []struct {
		name    string
		headers []string
		want    int
	}{
		{"another host", []string{"Host", "evil.example.com"}, 403},
		{"another origin", []string{"Origin", "https://evil.example.com"}, 403},
		{"an allowed origin", []string{"Origin", "https://app.example.com"}, 200},
		{"a forwarded host nobody vouches for", []string{"X-Forwarded-Host", "evil.example.com"}, 200},
	} {
		if got, body := ask(t, "POST", r.url+"/mcp", callHello, test.headers...); got != test.want {
			t.Errorf("%s: status %d, want %d: %s", test.name, got, test.want, body)
		}
	}
	if got, _ := ask(t, "GET", r.url+"/nothing", ""); got != 404 {
		t.Errorf("an unknown path: %d", got)
	}
}

func TestServeOverStdio(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "hello.yaml"), hello+"access: {when: 'caller.id == \"local\"'}\n")
	stdin, client := io.Pipe()
	answers, stdout := io.Pipe()
	w := &world{stdin: stdin, stdout: stdout, stderr: io.Discard, getenv: func(string) (string, bool) { return "", false }}
	ended := make(chan int, 1)
	go func() { ended <- run(t.Context(), w, []string{"serve", "--stdio", "--tools", dir}) }()
	read := bufio.NewScanner(answers)
	exchange := func(request string) string {
		t.Helper()
		if _, err := io.WriteString(client, request+"\n"); err != nil {
			t.Fatal(err)
		}
		if !read.Scan() {
			t.Fatal("no answer: ", read.Err())
		}
		return read.Text()
	}
	var first struct {
		Result struct{ ProtocolVersion string }
	}
	answer := exchange(`{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}`)
	if err := json.Unmarshal([]byte(answer), &first); err != nil || first.Result.ProtocolVersion != "2025-11-25" {
		t.Fatalf("initialize: %s (%v)", answer, err)
	}
	if _, err := io.WriteString(client, `{"jsonrpc":"2.0","method":"notifications/initialized"}`+"\n"); err != nil {
		t.Fatal(err)
	}
	if got := exchange(callHello); !strings.Contains(got, "Hello, Ann") {
		t.Errorf("call: %s", got)
	}
	if got := exchange(`{"jsonrpc": nonsense`); !strings.Contains(got, "-32700") {
		t.Errorf("a line that is not JSON: %s", got)
	}
	if got := exchange(callHello); !strings.Contains(got, "Hello, Ann") {
		t.Errorf("a call after it: %s", got)
	}
	client.Close()
	if code := <-ended; code != exitFine {
		t.Errorf("serve ended with %d", code)
	}
}
