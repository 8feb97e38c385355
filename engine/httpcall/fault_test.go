package httpcall

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// An ending is how a call ends, as its caller can tell.
type ending string

const (
	good      ending = "an answer"
	silent    ending = "did not answer within"
	none      ending = "the connection broke"
	brokenOff ending = "began to answer"
	oversize  ending = "which is the most that is read"
	invalid   ending = "JSON that breaks off"
	failing   ending = "is failing"
	tokenless ending = "no access token for api"
	noXML     ending = "not valid XML"
)

// A fault is what an upstream does wrong once it has read a request: it
// writes to the connection, which is closed after it.
type fault struct {
	name string
	does func(conn net.Conn)
	want ending
}

const head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

func writes(text string) func(net.Conn) {
	return func(conn net.Conn) { io.WriteString(conn, text) }
}

// hangs writes something and then waits for the other side to go away.
func hangs(text string) func(net.Conn) {
	return func(conn net.Conn) {
		io.WriteString(conn, text)
		io.Copy(io.Discard, conn)
	}
}

// trickles writes a text again and again, with a second in between.
func trickles(before, text string) func(net.Conn) {
	return func(conn net.Conn) {
		for _, err := io.WriteString(conn, before); err == nil; _, err = io.WriteString(conn, text) {
			time.Sleep(time.Second)
		}
	}
}

// endless writes a text again and again.
func endless(before, text string) func(net.Conn) {
	return func(conn net.Conn) {
		for _, err := io.WriteString(conn, before); err == nil; {
			_, err = io.WriteString(conn, text)
		}
	}
}

// resets ends the connection as one that is reset, after a text.
func resets(text string) func(net.Conn) {
	return func(conn net.Conn) {
		io.WriteString(conn, text)
		conn.(*wire).reset()
	}
}

// zeros is a megabyte of zeros as one member of a gzip stream; any number of
// them after one another is a stream too.
var zeros = func() string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(make([]byte, 1<<20))
	w.Close()
	return b.String()
}()

var faults = []fault{
	{"none", writes(head + "Content-Length: 1\r\n\r\n1"), good},
	{"hangs up", writes(""), none},
	{"resets", resets(""), none},
	{"hangs", hangs(""), silent},
	{"hangs in the status line", hangs("HTTP/1."), silent},
	{"hangs in the headers", hangs(head + "X-A:"), silent},
	{"hangs in the body", hangs(head + "Content-Length: 10\r\n\r\n1"), silent},
	{"hangs in a chunk", hangs(head + "Transfer-Encoding: chunked\r\n\r\n5\r\n12"), silent},
	{"hangs in a compressed body", hangs(head + "Content-Encoding: gzip\r\n\r\n" + zeros[:20]), silent},
	{"trickles headers", trickles(head, "X-A: b\r\n"), silent},
	{"trickles the body", trickles(head+"\r\n", " "), silent},
	{"trickles chunks", trickles(head+"Transfer-Encoding: chunked\r\n\r\n", "1\r\n \r\n"), silent},
	{"trickles interim answers", trickles("", "HTTP/1.1 102 Processing\r\n\r\n"), silent},
	{"cuts the status line", writes("HTTP/1."), brokenOff},
	{"cuts the headers", writes(head + "X-A: b\r\n"), brokenOff},
	{"cuts the body", writes(head + "Content-Length: 10\r\n\r\n1"), brokenOff},
	{"cuts a chunk", writes(head + "Transfer-Encoding: chunked\r\n\r\n5\r\n12"), brokenOff},
	{"cuts before the last chunk", writes(head + "Transfer-Encoding: chunked\r\n\r\n1\r\n1\r\n"), brokenOff},
	{"cuts a compressed body", writes(head + "Content-Encoding: gzip\r\n\r\n" + zeros[:20]), brokenOff},
	{"resets in the headers", resets(head), brokenOff},
	{"resets in the body", resets(head + "Content-Length: 10\r\n\r\n1"), brokenOff},
	{"sends more than it says", writes(head + "Content-Length: 1\r\n\r\n1HTTP/1.1 200 OK\r\n\r\n"), good},
	{"says two lengths", writes(head + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n12"), brokenOff},
	{"says a length below zero", writes(head + "Content-Length: -1\r\n\r\n1"), brokenOff},
	{"says a length beyond all", hangs(head + "Content-Length: 99999999999999999999\r\n\r\n1"), brokenOff},
	{"sends no status", writes("HTTP/1.1 OK\r\n\r\n"), brokenOff},
	{"sends another protocol", writes("SSH-2.0-x\r\n"), brokenOff},
	{"sends a header without a name", writes(head + ": x\r\n\r\n"), brokenOff},
	{"sends a chunk of no size", writes(head + "Transfer-Encoding: chunked\r\n\r\nx\r\n"), brokenOff},
	{"sends no gzip", writes(head + "Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nplain"), brokenOff},
	{"sends half of a value", writes(head + "Content-Length: 2\r\n\r\n[1"), invalid},
	{"switches protocols", hangs("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n"), brokenOff},
	{"endless status line", endless("HTTP/1.1 200 ", "OK OK OK "), brokenOff},
	{"endless header", endless(head+"X-A: ", "bbbbbbbb"), brokenOff},
	{"endless headers", endless(head, "X-A: b\r\n"), brokenOff},
	{"endless interim answers", endless("", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"), brokenOff},
	{"endless body", endless(head+"\r\n", strings.Repeat(" ", 1000)), oversize},
	{"endless chunks", endless(head+"Transfer-Encoding: chunked\r\n\r\n", "8\r\n        \r\n"), oversize},
	{"endless trailers", endless(head+"Transfer-Encoding: chunked\r\nTrailer: X-A\r\n\r\n0\r\n", "X-A: b\r\n"), brokenOff},
	{"a bomb", endless(head+"Content-Encoding: gzip\r\n\r\n", zeros), oversize},
}

// A feature is a way in which calls are made. Its upstream does well at first.
type feature struct {
	name     string
	settings string // of the upstream
	http     string
	well     []string // the answers to its first requests
	before   int      // calls that are made before the one that counts
	together int      // calls that are made at the same time; 0 is one
	want     func(ending) ending
}

const fine = head + "Content-Length: 1\r\n\r\n1"

func same(e ending) ending { return e }

// readAs is how a call ends that reads as something else what JSON, whole or
// broken off, comes.
func readAs(instead ending) func(ending) ending {
	return func(e ending) ending {
		if e == good || e == invalid {
			return instead
		}
		return e
	}
}

// standsIn is how a call ends where something stands in for an answer that
// does not come.
func standsIn(instead ending) func(ending) ending {
	return func(e ending) ending {
		if e == silent || e == none || e == brokenOff {
			return instead
		}
		return e
	}
}

// pageOf is a page of one item with a next one behind it.
func pageOf(next string) string {
	return head + "Link: <" + next + ">; rel=next\r\nContent-Length: 1\r\n\r\n1"
}

const (
	aToken       = head + "Content-Length: 24\r\n\r\n" + `{"access_token":"token"}`
	unauthorized = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"
	pages        = "paginate: {next: link, items: '[response.body]'}"
)

// tokenFails is how a call ends where the fault is that of its token endpoint,
// whatever it is.
func tokenFails(ending) ending { return tokenless }

var features = []feature{
	{name: "POST", http: "json: {a: 1}", want: same},
	{name: "GET", settings: "retry: {attempts: 1}", want: same},
	{name: "retries", settings: "attemptTimeout: 1s\nretry: {attempts: 3, minWait: 10ms, maxWait: 10ms}", want: same},
	{name: "a redirect", settings: "retry: {attempts: 1}", well: []string{"HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n"}, want: same},
	{name: "a connection that was used", settings: "retry: {attempts: 1}", well: []string{fine}, before: 1, want: same},
	{name: "a rate", settings: "retry: {attempts: 2, minWait: 10ms}\nattemptTimeout: 1s\nrateLimit: {requests: 1, per: 100ms}", together: 3, want: same},
	{name: "places", settings: "retry: {attempts: 1}\nattemptTimeout: 1s\nconcurrency: {limit: 1, queue: 2}", together: 3, want: same},
	{name: "a cache", settings: "retry: {attempts: 1}\ncache: {ttl: 1m}", together: 3, want: same},
	{
		name: "an old answer", settings: "retry: {attempts: 1}\ncache: {ttl: 1ms, staleIfError: 1h}", well: []string{fine}, before: 1, together: 3,
		want: standsIn(good),
	},
	{name: "page 1", settings: "retry: {attempts: 1}", http: pages, want: same},
	{name: "page 3", settings: "retry: {attempts: 1}", http: pages, well: []string{pageOf("/2"), pageOf("/3")}, want: same},
	{name: "page 3 tried again", settings: "attemptTimeout: 1s\nretry: {attempts: 2, minWait: 10ms}", http: pages, well: []string{pageOf("/2"), pageOf("/3")}, want: same},
	{
		name: "an old page 3", settings: "retry: {attempts: 1}\ncache: {ttl: 1ms, staleIfError: 1h}", http: pages, before: 1,
		well: []string{pageOf("/2"), pageOf("/3"), fine, pageOf("/2"), pageOf("/3")}, want: standsIn(good),
	},
	{name: "an upload", http: "multipart: {file: {data: '" + strings.Repeat("x", 100_000) + "', filename: a}, b: c}", want: same},
	{name: "XML", settings: "retry: {attempts: 1}", http: "response: {as: xml}", want: readAs(noXML)},
	{name: "CSV", settings: "retry: {attempts: 1}", http: "response: {as: csv}", want: readAs(good)},
	{name: "a token", settings: oauth + "retry: {attempts: 1}", want: tokenFails},
	{name: "a token tried again", settings: oauth + "attemptTimeout: 1s\nretry: {attempts: 3, minWait: 10ms}", together: 3, want: func(e ending) ending {
		if e == silent {
			return silent
		}
		return tokenless
	}},
	{name: "a token, then", settings: oauth + "retry: {attempts: 1}", well: []string{aToken}, want: same},
	{name: "a token after one was refused", settings: oauth + "retry: {attempts: 1}", well: []string{aToken, unauthorized}, want: tokenFails},
	{name: "another token, then", settings: oauth + "retry: {attempts: 1}", well: []string{aToken, unauthorized, strings.Replace(aToken, `"token"`, `"other"`, 1)}, want: same},
	{name: "a signature", settings: signedAuth + "retry: {attempts: 1}", want: same},
	{
		name: "a breaker", settings: "retry: {attempts: 1}\ncircuitBreaker: {failures: 2}", before: 2,
		want: standsIn(failing),
	},
}

// Every fault meets every feature: each call ends within its time, in the
// right way, and no goroutine, no connection and no place is left. What is
// read of an answer is bounded.
func TestFaults(t *testing.T) {
	const timeout = 5 * time.Second
	for _, feature := range features {
		t.Run(feature.name, func(t *testing.T) {
			p := build(t, tool("http://127.0.0.1", "timeout: 5s\nresponse: {maxBytes: 64KiB}\n"+feature.settings, feature.http), environ{"ID": "id", "SECRET": "planted-secret"})
			for _, fault := range faults {
				t.Run(fault.name, func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						u := &faulty{well: feature.well, fault: fault}
						c := u.client()
						for range feature.before {
							run(t.Context(), p, c, nil)
							time.Sleep(10 * time.Millisecond)
						}
						want := feature.want(fault.want)
						for _, o := range runAll(t.Context(), max(feature.together, 1), func(int) outcome { return run(t.Context(), p, c, nil) }) {
							if o.after > timeout {
								t.Errorf("ended after %s", o.after)
							}
							if want == good && o.said != "" || want != good && !strings.Contains(o.said, string(want)) {
								t.Errorf("ended with %q %v, want %s", o.said, o.body, want)
							}
							if strings.Contains(o.said, "127.0.0.1") || strings.Contains(o.said, "://") {
								t.Errorf("the message holds an address: %s", o.said)
							}
						}
						u.nothingIsLeft(t, c)
					})
				})
			}
		})
	}
}

// A faulty upstream answers well at first, and then with its fault.
type faulty struct {
	well  []string
	fault fault
	open  atomic.Int64 // connections

	mu    sync.Mutex
	turn  int // requests
	wires []*wire
}

func (u *faulty) client() *Client {
	c := NewClient(ClientOptions{})
	c.dial = func(context.Context, string, string) (net.Conn, error) {
		near, far := net.Pipe()
		w := &wire{Conn: near, owner: u}
		u.open.Add(1)
		u.mu.Lock()
		u.wires = append(u.wires, w)
		u.mu.Unlock()
		go u.serve(&wire{Conn: far, other: w})
		return w, nil
	}
	return c
}

func (u *faulty) serve(conn *wire) {
	defer conn.Close()
	for in := bufio.NewReader(conn); ; {
		r, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		io.Copy(io.Discard, r.Body)
		u.mu.Lock()
		turn := u.turn
		u.turn++
		u.mu.Unlock()
		if turn >= len(u.well) {
			u.fault.does(conn)
			return
		}
		io.WriteString(conn, u.well[turn])
	}
}

// A wire is one end of a connection. That of the client counts what is read,
// and can be reset by the other one.
type wire struct {
	net.Conn
	owner   *faulty // of the client's end
	other   *wire   // of the server's end
	read    atomic.Int64
	isReset atomic.Bool
	closing sync.Once
}

func (w *wire) Read(p []byte) (int, error) {
	n, err := w.Conn.Read(p)
	w.read.Add(int64(n))
	if err != nil && w.isReset.Load() {
		err = &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
	}
	return n, err
}

func (w *wire) Close() error {
	if w.owner != nil {
		w.closing.Do(func() { w.owner.open.Add(-1) })
	}
	return w.Conn.Close()
}

func (w *wire) reset() {
	w.other.isReset.Store(true)
	w.Conn.Close()
}
