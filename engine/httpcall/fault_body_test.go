package httpcall

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Faults of a kind that only some bodies can have: those that come record by
// record, and those that are long to send.

const streamHead = "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n"

// lines is a stream of compressed blank lines as one member of a gzip stream.
var lines = func() string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(bytes.Repeat([]byte("\n"), 1<<20))
	w.Close()
	return b.String()
}()

// What came of a stream before it fails is an answer where time ran out, and
// none where the stream was broken off.
func TestFaultsOfStreams(t *testing.T) {
	const events = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
	event := func(data any) any { return dict{"event": "message", "data": data, "id": nil} }
	tests := []struct {
		name string
		does func(net.Conn)
		want ending
		body any
		more bool
	}{
		{name: "whole", does: writes(streamHead + "Content-Length: 4\r\n\r\n1\n2\n"), want: good, body: []any{1, 2}},
		{name: "until it hangs up", does: writes(streamHead + "\r\n1\n2"), want: good, body: []any{1, 2}},
		{name: "cut in a record", does: writes(streamHead + "Content-Length: 9\r\n\r\n1\n2\n3"), want: brokenOff},
		{name: "cut in a chunk", does: writes(streamHead + "Transfer-Encoding: chunked\r\n\r\n5\r\n1\n2\n"), want: brokenOff},
		{name: "reset", does: resets(streamHead + "\r\n1\n2\n"), want: brokenOff},
		{name: "hangs", does: hangs(streamHead + "\r\n1\n2\n3"), want: good, body: []any{1, 2}, more: true},
		{name: "hangs before a record", does: hangs(streamHead + "\r\n"), want: good, body: []any{}, more: true},
		{name: "hangs in the headers", does: hangs(streamHead), want: silent},
		{name: "hangs in a compressed record", does: hangs(streamHead + "Content-Encoding: gzip\r\n\r\n" + lines[:20]), want: good, body: []any{}, more: true},
		{name: "trickles records", does: trickles(streamHead+"\r\n", "1\n"), want: good, body: []any{1, 1, 1, 1}, more: true},
		{name: "trickles one record", does: trickles(streamHead+"\r\n", " "), want: good, body: []any{}, more: true},
		{name: "trickles events", does: trickles(events+"\r\n", "data: 1\n\n"), want: good, body: slices.Repeat([]any{event(1)}, 4), more: true},
		{name: "trickles comments", does: trickles(events+"\r\n", ": still here\n\n"), want: good, body: []any{}, more: true},
		{name: "endless records", does: endless(streamHead+"\r\n", "1\n"), want: good, body: []any{1, 1, 1, 1, 1, 1, 1}, more: true},
		{name: "endless events", does: endless(events+"\r\n", "data\r\r"), want: good, body: slices.Repeat([]any{event("")}, 7), more: true},
		{name: "one endless record", does: endless(streamHead+"\r\n", "1111111"), want: oversize},
		{name: "one endless event", does: endless(events+"\r\n", "data: x\n"), want: oversize},
		{name: "endless blank lines", does: endless(streamHead+"\r\n", "\n\n\n\n\n\n"), want: oversize},
		{name: "endless comments", does: endless(events+"\r\n", ":\n\n"), want: oversize},
		{name: "a bomb of one record", does: endless(streamHead+"Content-Encoding: gzip\r\n\r\n", zeros), want: oversize},
		{name: "a bomb of blank lines", does: endless(streamHead+"Content-Encoding: gzip\r\n\r\n", lines), want: oversize},
	}
	for _, settings := range []string{"retry: {attempts: 1}", "retry: {attempts: 1}\nconcurrency: {limit: 1}\ncircuitBreaker: {failures: 9}\ncache: {ttl: 1m}"} {
		p := build(t, tool(example, "timeout: 5s\nresponse: {maxBytes: 64KiB, maxItems: 7}\n"+settings, ""), nil)
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					u := &faulty{fault: fault{does: tt.does}}
					c := u.client()
					began := time.Now()
					response, err := p.Run(t.Context(), c, inputs(nil))
					if after := time.Since(began); after > 5*time.Second {
						t.Errorf("ended after %s", after)
					}
					switch {
					case tt.want != good:
						if err == nil || !strings.Contains(err.Error(), string(tt.want)) {
							t.Errorf("ended with %v %v, want %s", err, response["body"], tt.want)
						}
					case err != nil:
						t.Error(err)
					default:
						if diff := cmp.Diff(tt.body, response["body"]); diff != "" || response["more"] != tt.more {
							t.Errorf("more %v, records (-want +got):\n%s", response["more"], diff)
						}
					}
					u.nothingIsLeft(t, c)
				})
			})
		}
	}
}

// nothingIsLeft closes a client and sees to it that nothing is left of its
// calls, and that what was read was bounded.
func (u *faulty) nothingIsLeft(t *testing.T, c *Client) {
	t.Helper()
	const mostRead = 256 << 10
	c.Close()
	time.Sleep(time.Second) // of the bubble: what is closed is noticed
	if n := u.open.Load(); n != 0 {
		t.Errorf("%d connections are left", n)
	}
	for _, w := range u.wires {
		if n := w.read.Load(); n > mostRead {
			t.Errorf("%d bytes were read of a connection, want at most %d", n, mostRead)
		}
	}
	for _, g := range c.gates {
		if g.places != nil && !g.places.free.TryAcquire(int64(g.places.limit.Limit)) {
			t.Error("a place was not given back")
		}
	}
	if flights, fetchings := len(c.cache.flights), len(c.tokens.fetchings); flights+fetchings != 0 {
		t.Errorf("%d flights and %d fetchings of tokens are left", flights, fetchings)
	}
}

// A service that does not read what it is sent holds nobody up for longer than
// a call may take. An answer that comes before all is sent is the answer,
// unless the connection goes at the same time.
func TestFaultsOfUploads(t *testing.T) {
	const early = "HTTP/1.1 413 Request Entity Too Large\r\nContent-Length: 0\r\n"
	reads := func(n int64, then func(net.Conn)) func(net.Conn) {
		return func(conn net.Conn) {
			io.CopyN(io.Discard, conn, n)
			then(conn)
		}
	}
	waits := func(conn net.Conn) { time.Sleep(time.Minute) }
	tests := []struct {
		name string
		does func(net.Conn)
		want []ending
	}{
		{"stops reading", waits, []ending{silent}},
		{"stops reading within the body", reads(30_000, waits), []ending{silent}},
		{"trickles while it reads", func(conn net.Conn) {
			for _, err := conn.Read(make([]byte, 1)); err == nil; _, err = conn.Read(make([]byte, 1)) {
				time.Sleep(100 * time.Millisecond)
			}
		}, []ending{silent}},
		{"hangs up", writes(""), []ending{none}},
		{"hangs up within the body", reads(30_000, writes("")), []ending{none}},
		{"resets within the body", reads(30_000, resets("")), []ending{none}},
		{"answers early and waits", func(conn net.Conn) { io.WriteString(conn, early+"\r\n"); waits(conn) }, []ending{"api answered 413"}},
		{"answers early and reads on", func(conn net.Conn) { io.WriteString(conn, early+"\r\n"); io.Copy(io.Discard, conn) }, []ending{"api answered 413"}},
		{"answers early and closes", writes(early + "Connection: close\r\n\r\n"), []ending{"api answered 413", none, brokenOff}},
		{"answers early and resets", resets(early + "\r\n"), []ending{"api answered 413", none, brokenOff}},
		{"begins to answer and waits", func(conn net.Conn) { io.WriteString(conn, early); waits(conn) }, []ending{silent}},
		{"asks to go on for ever", endless("", "HTTP/1.1 100 Continue\r\n\r\n"), []ending{silent, none, brokenOff}},
	}
	for _, body := range []string{
		"multipart: {file: {data: '" + strings.Repeat("x", 200_000) + "', filename: a}}",
		"json: ['" + strings.Repeat("x", 200_000) + "']", "text: '" + strings.Repeat("x", 200_000) + "'",
	} {
		kind, _, _ := strings.Cut(body, ":")
		p := build(t, tool(example, "timeout: 5s\nconcurrency: {limit: 1}", body), nil)
		for _, tt := range tests {
			t.Run(kind+" "+tt.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					u := &faulty{fault: fault{does: tt.does}}
					c := NewClient(ClientOptions{})
					c.dial = func(context.Context, string, string) (net.Conn, error) {
						near, far := net.Pipe()
						w := &wire{Conn: near, owner: u}
						u.open.Add(1)
						u.wires = append(u.wires, w)
						go func() {
							far := &wire{Conn: far, other: w}
							defer far.Close()
							readHead(far)
							tt.does(far)
						}()
						return w, nil
					}
					o := run(t.Context(), p, c, nil)
					if o.after > 5*time.Second || !slices.ContainsFunc(tt.want, func(e ending) bool { return strings.Contains(o.said, string(e)) }) {
						t.Errorf("ended after %s with %q %v, want one of %q", o.after, o.said, o.body, tt.want)
					}
					if len(u.wires) != 1 {
						t.Errorf("%d connections, want 1: what may have had an effect is not sent again", len(u.wires))
					}
					time.Sleep(2 * time.Minute) // until the service is tired of it
					u.nothingIsLeft(t, c)
				})
			})
		}
	}
}

// readHead reads the headers of a request, and nothing behind them.
func readHead(conn net.Conn) {
	var head []byte
	for one := make([]byte, 1); !bytes.HasSuffix(head, []byte("\r\n\r\n")); head = append(head, one[0]) {
		if _, err := conn.Read(one); err != nil {
			return
		}
	}
}
