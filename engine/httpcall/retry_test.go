package httpcall

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestTries(t *testing.T) {
	tests := []struct {
		name, http, more string
		answer           string
		want             int // requests seen
	}{
		{name: "GET", http: "path: /", answer: reply(503, ""), want: 3},
		{name: "HEAD", http: "method: HEAD", answer: reply(500, ""), want: 3},
		{name: "PUT", http: "method: PUT\njson: {}", answer: reply(502, ""), want: 3},
		{name: "DELETE", http: "method: DELETE", answer: reply(429, ""), want: 3},
		{name: "POST", http: "json: {}", answer: reply(503, ""), want: 1},
		{name: "PATCH", http: "method: PATCH\njson: {}", answer: reply(503, ""), want: 1},
		{name: "read-only POST", http: "json: {}", more: "annotations: {readOnlyHint: true}\n", answer: reply(503, ""), want: 3},
		{name: "keyed POST", http: "json: {}\nheaders: {idempotency-key: '${input.k}'}", answer: reply(503, ""), want: 3},
		{name: "POST without its key", http: "json: {}\nheaders: {Idempotency-Key: '${input.none}'}", answer: reply(503, ""), want: 1},
		{name: "attempts", http: "path: /\nretry: {attempts: 5}", answer: reply(503, ""), want: 5},
		{name: "one attempt", http: "path: /\nretry: {attempts: 1}", answer: reply(503, ""), want: 1},
		{name: "a fault of the caller", http: "path: /", answer: reply(400, ""), want: 1},
		{name: "not implemented", http: "path: /", answer: reply(501, ""), want: 1},
		{name: "broken JSON", http: "path: /", answer: replyJSON(200, "{"), want: 1},
		{name: "hangs up", http: "path: /", answer: "", want: 3},
		{name: "body cut off", http: "path: /", answer: "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", want: 3},
		{name: "POST hangs up", http: "json: {}", answer: "", want: 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := record(t, tt.answer)
			p := build(t, tool(server.base(), "retry: {minWait: 1ms, maxWait: 2ms}", tt.http)+tt.more, nil)
			if _, err := call(t, p, map[string]any{"k": "1"}); err == nil {
				t.Error("the call succeeded")
			}
			seen := server.seen()
			if len(seen) != tt.want {
				t.Errorf("the server saw %d requests, want %d", len(seen), tt.want)
			}
			if len(slices.Compact(seen)) > 1 {
				t.Errorf("the tries differ: %q", seen)
			}
		})
	}
}

func TestRetrySucceeds(t *testing.T) {
	server := recordEach(t, func(request int) string {
		if request < 2 {
			return reply(503, "")
		}
		return replyJSON(200, `"at last"`)
	})
	response, err := call(t, build(t, tool(server.base(), "retry: {minWait: 1ms}", "path: /"), nil), nil)
	if err != nil || response["body"] != "at last" {
		t.Errorf("response = %v, err = %v", response, err)
	}
}

// piped is a client whose connections are pipes to a server that gives the
// answers in turn; "" stays silent. It works inside a bubble of synctest.
func piped(answers ...string) *Client {
	c := NewClient(ClientOptions{})
	turn := 0
	c.dial = func(context.Context, string, string) (net.Conn, error) {
		near, far := net.Pipe()
		answer := answers[min(turn, len(answers)-1)]
		turn++
		go func() {
			defer far.Close()
			if _, err := http.ReadRequest(bufio.NewReader(far)); err != nil {
				return
			}
			io.WriteString(far, answer)
			io.Copy(io.Discard, far)
		}()
		return near, nil
	}
	return c
}

func TestWaits(t *testing.T) {
	ok := replyJSON(200, "1")
	tests := []struct {
		name, settings string
		answers        []string
		from, to       time.Duration // how long the call takes
		ok             bool
	}{
		{"default", "", []string{reply(503, ""), reply(503, ""), ok}, 375 * time.Millisecond, 750 * time.Millisecond, true},
		{"Retry-After", "", []string{reply(429, "", "Retry-After: 7"), ok}, 7 * time.Second, 7 * time.Second, true},
		{"no wait in vain", "", []string{reply(503, "", "Retry-After: 11"), ok}, 0, 0, false},
		{"a wait without end", "", []string{reply(503, "", "Retry-After: 99999999999999999999"), ok}, 0, 0, false},
		{"own longest wait", "retry: {maxWait: 2s}", []string{reply(503, "", "Retry-After: 3"), ok}, 0, 0, false},
		{"just the longest wait", "retry: {maxWait: 2s}", []string{reply(503, "", "Retry-After: 2"), ok}, 2 * time.Second, 2 * time.Second, true},
		{"a date", "", []string{reply(503, "", "Retry-After: Sat, 01 Jan 2000 00:00:05 GMT"), ok}, 5 * time.Second, 5 * time.Second, true},
		{"no wait beyond the deadline", "timeout: 5s", []string{reply(503, "", "Retry-After: 6"), ok}, 0, 0, false},
		{"no wait that ends with the deadline", "timeout: 5s", []string{reply(503, "", "Retry-After: 5"), ok}, 0, 0, false},
		{"a date with 429", "", []string{reply(429, "", "Retry-After: Sat, 01 Jan 2000 00:00:05 GMT"), ok}, 5 * time.Second, 5 * time.Second, true},
		{"a date beyond the longest wait", "", []string{reply(429, "", "Retry-After: Sat, 01 Jan 2000 00:00:11 GMT"), ok}, 0, 0, false},
		{"a date beyond the deadline", "timeout: 4s", []string{reply(429, "", "Retry-After: Sat, 01 Jan 2000 00:00:05 GMT"), ok}, 0, 0, false},
		{"a date that is past", "", []string{reply(503, "", "Retry-After: Fri, 31 Dec 1999 23:00:00 GMT"), ok}, 0, 0, true},
		{"neither a date nor seconds", "retry: {minWait: 1s}", []string{reply(503, "", "Retry-After: soon"), ok}, 500 * time.Millisecond, time.Second, true},
		{"seconds below zero", "retry: {minWait: 1s}", []string{reply(503, "", "Retry-After: -1"), ok}, 500 * time.Millisecond, time.Second, true},
		{"a moment is enough", "", []string{reply(503, "", "Retry-After: 0"), ok}, 0, 0, true},
		{"waits double up to the longest", "retry: {attempts: 5, minWait: 1s, maxWait: 3s}", []string{reply(500, ""), reply(500, ""), reply(500, ""), reply(500, ""), ok}, 4500 * time.Millisecond, 9 * time.Second, true},
		{"silence", "", []string{""}, 30 * time.Second, 30 * time.Second, false},
		{"silent tries", "attemptTimeout: 2s\nretry: {minWait: 1s, maxWait: 1s}", []string{"", "", ok}, 5 * time.Second, 6 * time.Second, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := build(t, tool("http://api.example.com", tt.settings, "path: /"), nil)
			synctest.Test(t, func(t *testing.T) {
				c := piped(tt.answers...)
				defer c.Close()
				began := time.Now()
				_, err := p.Run(t.Context(), c, inputs(nil))
				took := time.Since(began)
				if (err == nil) != tt.ok {
					t.Errorf("err = %v, want success %t", err, tt.ok)
				}
				if took < tt.from || took > tt.to {
					t.Errorf("took %s, want %s to %s", took, tt.from, tt.to)
				}
			})
		})
	}
}

// Callers that failed together do not return together: their waits differ.
func TestWaitsVary(t *testing.T) {
	p := build(t, tool("http://api.example.com", "", "path: /"), nil)
	waits := map[time.Duration]bool{}
	for range 20 {
		synctest.Test(t, func(t *testing.T) {
			c := piped(reply(503, ""), replyJSON(200, "1"))
			defer c.Close()
			began := time.Now()
			if _, err := p.Run(t.Context(), c, inputs(nil)); err != nil {
				t.Error(err)
			}
			waits[time.Since(began)] = true
		})
	}
	if len(waits) < 10 {
		t.Errorf("20 waits were of %d lengths", len(waits))
	}
}

// A wait that is not begun is told, with how long it would have been.
func TestWhenToComeBack(t *testing.T) {
	for header, want := range map[string]string{
		"Retry-After: 3600":                          "try again after 3600 s",
		"Retry-After: Sat, 01 Jan 2000 01:00:00 GMT": "try again after 3600 s",
		"Retry-After: soon":                          "try again later",
	} {
		for _, status := range []int{429, 503} {
			p := build(t, tool("http://api.example.com", "", "path: /"), nil)
			synctest.Test(t, func(t *testing.T) {
				c := piped(reply(status, "", header))
				defer c.Close()
				if o := run(t.Context(), p, c, nil); !strings.HasSuffix(o.said, "("+want+")") {
					t.Errorf("%d with %s: %s", status, header, o.said)
				}
			})
		}
	}
}

// A call that its caller gives up ends at once, in the middle of a wait too.
func TestCancelled(t *testing.T) {
	p := build(t, tool("http://api.example.com", "", "path: /"), nil)
	synctest.Test(t, func(t *testing.T) {
		c := piped(reply(503, "", "Retry-After: 8"))
		defer c.Close()
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		began := time.Now()
		_, err := p.Run(ctx, c, inputs(nil))
		if took := time.Since(began); err == nil || took != time.Second {
			t.Errorf("ended after %s with %v, want an error after 1s", took, err)
		}
	})
}

// A name that does not exist is not looked up again; one that could not be
// looked up is.
func TestUnknownHostIsFinal(t *testing.T) {
	for found, want := range map[bool]int{false: 1, true: 3} {
		p := build(t, tool("http://api.example.com", "retry: {minWait: 1ms, maxWait: 2ms}", "path: /"), nil)
		c := newClient(t, ClientOptions{})
		dials := 0
		c.dial = func(context.Context, string, string) (net.Conn, error) {
			dials++
			return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "planted", IsNotFound: !found}}
		}
		_, err := p.Run(t.Context(), c, inputs(nil))
		if failure(t, err, "planted"); dials != want {
			t.Errorf("not found %t: %d dials, want %d", !found, dials, want)
		}
	}
}
