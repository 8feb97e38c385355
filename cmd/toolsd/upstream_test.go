package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// held is a service that answers once it is told to.
type held struct {
	arrived chan struct{} // gets a value for each request
	answer  chan struct{} // is to be closed
	gone    chan struct{} // gets a value for each request that is given up
}

// startHeld serves a tool wait that calls a held service, until the test ends
// or stop is called.
func startHeld(t *testing.T) (h *held, url string, stop context.CancelFunc) {
	t.Helper()
	h = &held{make(chan struct{}, 1), make(chan struct{}), make(chan struct{}, 1)}
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.arrived <- struct{}{}
		select {
		case <-h.answer:
			w.Header().Set("Content-Type", "text/plain")
			_, _ = io.WriteString(w, "at last")
		case <-r.Context().Done():
			h.gone <- struct{}{}
		}
	}))
	t.Cleanup(service.Close)
	dir := t.TempDir()
	write(t, filepath.Join(dir, "tools.yaml"), hello+"---\nupstream: held\nbaseUrl: "+service.URL+`
---
tool: wait
description: Wait for a service that takes its time.
inputSchema: {type: object, properties: {}, additionalProperties: false}
http: {upstream: held, path: /, method: POST}
`)
	stdout := newLines()
	w := &world{stdin: strings.NewReader(""), stdout: stdout, stderr: io.Discard, getenv: func(string) (string, bool) { return "", false }}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan int, 1)
	go func() { ended <- run(ctx, w, []string{"serve", "--port", "0", "--tools", dir}) }()
	t.Cleanup(func() {
		cancel()
		if code := <-ended; code != exitFine {
			t.Errorf("serve ended with %d", code)
		}
	})
	return h, stdout.await(t, `(http://\S+)/mcp`)[1], cancel
}

// callWait calls the tool wait and returns its answer, which is empty when the
// client left before.
func callWait(t *testing.T, ctx context.Context, url string) <-chan string {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/mcp",
		strings.NewReader(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"wait","arguments":{}}}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	answer := make(chan string, 1)
	go func() {
		defer close(answer)
		if res, err := http.DefaultClient.Do(r); err == nil {
			text, _ := io.ReadAll(res.Body)
			_ = res.Body.Close()
			answer <- string(text)
		}
	}()
	return answer
}

// A client that goes away takes its call to the service with it, while calls
// beside it are answered.
func TestServeGivesUpAbandonedCalls(t *testing.T) {
	service, url, _ := startHeld(t)
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	answer := callWait(t, ctx, url)
	<-service.arrived
	if _, got := ask(t, "POST", url+"/mcp", callHello); !strings.Contains(got, "Hello, Ann") {
		t.Errorf("a call beside it: %s", got)
	}
	leave()
	<-service.gone
	<-answer
}

// A server that is asked to end takes no more calls, and answers those it has
// in spite of a client that only listens.
func TestServeEndsAfterItsCalls(t *testing.T) {
	service, url, stop := startHeld(t)
	listening, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/mcp", strings.NewReader(
		`{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{"notifications":{"toolsListChanged":true},`+
			`"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{"Content-Type": "application/json", "MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "subscriptions/listen"} {
		listening.Header.Set(name, value)
	}
	stream, err := http.DefaultClient.Do(listening)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	answer := callWait(t, t.Context(), url)
	<-service.arrived
	stop()
	if _, err := io.ReadAll(stream.Body); err != nil {
		t.Errorf("the stream ended with %v", err)
	}
	patience, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for {
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(url, "http://"))
		if err != nil {
			break
		}
		_ = conn.Close()
		if patience.Err() != nil {
			t.Fatal("the server still takes connections")
		}
	}
	close(service.answer)
	if got := <-answer; !strings.Contains(got, "at last") {
		t.Errorf("the call that was running: %q", got)
	}
}
