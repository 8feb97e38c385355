package engine_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/engine/httpcall"
)

// requestsAt listens on this machine and answers each request with {}. The text
// of each, with line feeds alone, headers in the order of their names and HOST
// for its address, is sent to the channel before it is answered.
func requestsAt(t *testing.T) (base string, received <-chan string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	requests := make(chan string, 10)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			r, err := http.ReadRequest(bufio.NewReader(conn))
			if err == nil {
				dump, _ := httputil.DumpRequest(r, true)
				text := strings.ReplaceAll(string(dump), "\r\n", "\n")
				requests <- strings.ReplaceAll(text, listener.Addr().String(), "HOST")
				fmt.Fprint(conn, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
			}
			conn.Close()
		}
	}()
	return "http://" + listener.Addr().String(), requests
}

// What callers send that does not fit the schema never reaches a service, and
// what fits reaches it as the schema says: each with all that the service
// received.
func TestProbesOfArguments(t *testing.T) {
	const (
		tail   = " HTTP/1.1\nHost: HOST\nAccept-Encoding: gzip\nUser-Agent: toolsd\n\n"
		misfit = "The arguments do not fit the input schema of find. Mend these and call again:\n"
		tools  = `upstream: shop
baseUrl: ${env.SHOP}
---
tool: find
description: Finds orders, for a test.
annotations: {readOnlyHint: true}
inputSchema:
  type: object
  properties:
    id: {type: string, minLength: 1}
    size: {type: integer, default: 20}
    most: {type: number}
    tags: {type: array, items: {type: string}}
  required: [id]
  additionalProperties: false
http:
  upstream: shop
  path: /orders/${input.id}
  query: {size: "${input.size}", most: "${input.most}", tag: "${input.tags}"}
---
tool: guarded
description: Finds orders for those who may, for a test.
inputSchema: {type: object, additionalProperties: false}
access: {scopes: [orders.read]}
http: {upstream: shop, path: /orders}
`
	)
	for _, tt := range []struct {
		name, tool, arguments string
		received              string // nothing when it is empty
		told                  string // of an error
	}{
		{name: "a wrong type", arguments: `{"id": 7, "size": "many"}`,
			told: misfit + "- /id: expected a string of at least 1 character, got 7\n- /size: expected an integer, got \"many\""},
		{name: "a missing argument", arguments: `{}`, told: misfit + "- /id: required: a string of at least 1 character"},
		{name: "an unknown argument", arguments: `{"id": "7", "sise": 3}`, told: misfit + "- /sise: no such argument; known are: id, most, size, tags; did you mean size?"},
		{name: "an empty text", arguments: `{"id": ""}`, told: misfit + "- /id: expected a string of at least 1 character, got \"\""},
		{name: "an optional number left out, and a default", arguments: `{"id": "7"}`, received: "GET /orders/7?size=20" + tail},
		{name: "an optional number", arguments: `{"id": "7", "most": 1.50, "size": 5}`, received: "GET /orders/7?size=5&most=1.5" + tail},
		{name: "a list", arguments: `{"id": "7", "tags": ["a&b", "c d"]}`, received: "GET /orders/7?size=20&tag=a%26b&tag=c%20d" + tail},
		{name: "a list without elements", arguments: `{"id": "7", "tags": []}`, received: "GET /orders/7?size=20" + tail},
		{name: "an id that is an address", arguments: `{"id": "http://169.254.169.254/x"}`, received: "GET /orders/http%3A%2F%2F169.254.169.254%2Fx?size=20" + tail},
		{name: "a caller without the scope", tool: "guarded", arguments: `{}`, told: engine.ErrUnknownTool.Error()},
	} {
		t.Run(tt.name, func(t *testing.T) {
			base, requests := requestsAt(t)
			client := httpcall.NewClient(httpcall.ClientOptions{})
			defer client.Close()
			e := engine.New(engine.Options{Client: client, Env: func(name string) (string, bool) { return base, name == "SHOP" }})
			publish(t, e, files{"tools.d/shop.yaml": tools})
			if tt.tool == "" {
				tt.tool = "find"
			}
			said, failed := "", true
			if result, err := e.Call(t.Context(), tt.tool, []byte(tt.arguments)); err != nil {
				said = err.Error()
			} else {
				said, failed = result.Content[0].Text, result.IsError
			}
			received := ""
			select {
			case received = <-requests:
			default:
			}
			if diff := cmp.Diff(tt.received, received); diff != "" {
				t.Errorf("received (-want +got):\n%s", diff)
			}
			if failed != (tt.told != "") || failed && said != tt.told {
				t.Errorf("told %q (error: %v), want %q", said, failed, tt.told)
			}
		})
	}
}
