package httpcall

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// notes is an Observer that writes down what it is told.
type notes struct{ strings.Builder }

func (n *notes) Request(method, url string, header http.Header, body string) {
	fmt.Fprintln(n, "request", method, url, header, body)
}

func (n *notes) Retry(try int, _ time.Duration, status int) {
	fmt.Fprintln(n, "retry", try, status)
}

func (n *notes) Waited(wait time.Duration, because string) {
	fmt.Fprintln(n, "waited", wait, because)
}

func (n *notes) Reused(age time.Duration, because string) {
	fmt.Fprintln(n, "reused", age, because)
}

func (n *notes) Response(status int, header http.Header, bytes int, _ time.Duration) {
	fmt.Fprintln(n, "response", status, header.Get("X-Echo"), bytes)
}

func TestObserver(t *testing.T) {
	server := recordEach(t, func(request int) string {
		if request == 0 {
			return reply(503, "")
		}
		return replyJSON(200, `"ok"`, "X-Echo: planted secret")
	})
	for auth, want := range map[string]string{
		"query: {name: key, value: abc}":   "request PUT %s/x?a=1&b=***&key=*** map[Content-Type:[application/json] User-Agent:[toolsd] X-Env:[***]] {\"s\":\"***\"}\n",
		"header: {name: X-Key, value: ab}": "request PUT %s/x?a=1&b=*** map[Content-Type:[application/json] User-Agent:[toolsd] X-Env:[***] X-Key:[***]] {\"s\":\"***\"}\n",
		"bearer: '${env.KEY}'":             "request PUT %s/x?a=1&b=*** map[Authorization:[***] Content-Type:[application/json] User-Agent:[toolsd] X-Env:[***]] {\"s\":\"***\"}\n",
	} {
		server.mu.Lock()
		server.requests = nil
		server.mu.Unlock()
		p := build(t, tool(server.base(), "retry: {minWait: 1ms}\nauth:\n  "+auth,
			"method: PUT\npath: /x\nquery: {a: 1, b: '${env.KEY}'}\nheaders: {X-Env: '${env.KEY}'}\njson: {s: '${env.KEY}'}"), environ{"KEY": "planted secret"})
		var seen notes
		ctx := WithObserver(context.Background(), &seen)
		c := newClient(t, ClientOptions{})
		if _, err := p.Run(DryRun(ctx), c, inputs(nil)); !errors.Is(err, ErrDryRun) {
			t.Fatalf("dry run: %v", err)
		}
		if n := len(server.seen()); n != 0 {
			t.Fatalf("a dry run sent %d requests", n)
		}
		want = fmt.Sprintf(want, server.base())
		if got := seen.String(); got != want {
			t.Errorf("dry run: got  %swant %s", got, want)
		}
		seen.Reset()
		if _, err := p.Run(ctx, c, inputs(nil)); err != nil {
			t.Fatal(err)
		}
		want += "retry 2 503\nresponse 200 *** 4\n"
		if got := seen.String(); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
