package httpcall

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The questions that servers of this kind answer wrongly: each with the exact
// bytes that the service received, or with what the model is told instead.
// The host is written HOST, a line break of HTTP as a line feed.
func TestProbes(t *testing.T) {
	const (
		head = " HTTP/1.1\nHost: HOST\nUser-Agent: toolsd\n"
		tail = "Accept-Encoding: gzip\n\n"
		get  = head + tail
		user = "path: /users/${input.id}"
		item = "path: /items\njson: {item: '${input.item}', qty: '${input.qty}', tags: '${input.tags}', role: reader}"
	)
	posted := func(path, body string) string {
		return fmt.Sprintf("POST %s%sContent-Length: %d\nContent-Type: application/json\n%s%s", path, head, len(body), tail, body)
	}
	tests := []struct {
		name, upstream, http string
		input                map[string]any
		answer               string // 200 {} when empty
		received             string // of the only request, or of all
		message              string // of a failure
	}{
		{name: "a path that climbs", http: user, input: map[string]any{"id": "a b/../c"},
			message: `argument "id" must not be "." or "..", nor hold them between slashes, since it is a part of a path`},
		{name: "a query in a path", http: user, input: map[string]any{"id": "1?x=y"}, received: "GET /users/1%3Fx%3Dy" + get},
		{name: "a segment more", http: user, input: map[string]any{"id": "1/extra"}, received: "GET /users/1%2Fextra" + get},
		{name: "a custom method", http: user, input: map[string]any{"id": "p1:delete"}, received: "GET /users/p1%3Adelete" + get},
		{name: "an empty segment", http: user, input: map[string]any{"id": ""}, message: `argument "id" must not be empty, since it is a part of a path`},
		{name: "a missing argument", http: user, message: `argument "id" is missing, and the path of the request cannot do without it`},
		{name: "a key more in JSON", http: item, input: map[string]any{"item": `x", "role": "admin`, "qty": 2},
			received: posted("/items", `{"item":"x\", \"role\": \"admin","qty":2,"role":"reader"}`)},
		{name: "an optional number left out, a list", http: item, input: map[string]any{"item": "x", "tags": []any{"a", "b,c"}},
			received: posted("/items", `{"item":"x","role":"reader","tags":["a","b,c"]}`)},
		{name: "a list in a query", http: "path: /q\nquery: {tag: '${input.tags}', q: '${input.item}'}", input: map[string]any{"tags": []any{"a&b", 2}},
			received: "GET /q?tag=a%26b&tag=2" + get},
		{name: "a header more", http: "path: /\nheaders: {X-Id: '${input.id}'}", input: map[string]any{"id": "1\r\nX-Admin: 1"},
			message: "a value for the header X-Id holds a line break or another control character"},
		{name: "a list at the top of JSON", http: "path: /\njson: [1, {a: '${input.id}'}]", input: map[string]any{"id": nil}, received: posted("/", `[1,{"a":null}]`)},
		{name: "text with its type", http: "path: /\nheaders: {Content-Type: application/xml}\ntext: '<a k=${xml(input.id)}/>'", input: map[string]any{"id": "</a><b/>"},
			received: "POST /" + head + "Content-Length: 29\nContent-Type: application/xml\n" + tail + "<a k=\"&lt;/a&gt;&lt;b/&gt;\"/>"},
		{name: "a patch", http: "method: PATCH\npath: /\nheaders: {Content-Type: application/merge-patch+json}\njson: {a: null}",
			received: "PATCH /" + head + "Content-Length: 10\nContent-Type: application/merge-patch+json\n" + tail + `{"a":null}`},
		{name: "a delete with a body", http: "method: DELETE\npath: /\njson: {ids: ['${input.id}']}", input: map[string]any{"id": "1"},
			received: "DELETE /" + head + "Content-Length: 13\nContent-Type: application/json\n" + tail + `{"ids":["1"]}`},
		{name: "a head", http: "method: HEAD\npath: /", received: "HEAD /" + head + "\n"},
		{name: "nested forms", http: "path: /\nform: {items: '${input.items}', metadata: {order: '${input.id}'}}",
			input:    map[string]any{"id": "a b&c=d", "items": []any{map[string]any{"price": "p]1"}}},
			received: "POST /" + head + "Content-Length: 49\nContent-Type: application/x-www-form-urlencoded\n" + tail + "items[0][price]=p%5D1&metadata[order]=a+b%26c%3Dd"},
		{name: "404", http: user, input: map[string]any{"id": "1"}, answer: replyJSON(404, `{"message": "no user at http://10.0.0.1/users"}`),
			received: "GET /users/1" + get, message: "api answered 404 Not Found: no user at [address] (check that what the arguments name exists)"},
		{name: "500", http: item, input: map[string]any{"item": "x"}, answer: reply(500, "<html>at Db.connect(Db.java:7)</html>", "Content-Type: text/html"),
			received: posted("/items", `{"item":"x","role":"reader"}`),
			message:  "api answered 500 Internal Server Error (it may have taken effect all the same, so check before trying again)"},
		{name: "silence", upstream: "timeout: 50ms", http: "path: /", answer: "silence", received: "GET /" + get,
			message: "api did not answer within 50 ms; try again later, or ask for less"},
		{name: "5 MB", http: "path: /", answer: replyJSON(200, `"`+strings.Repeat("x", 5<<20)+`"`), received: "GET /" + get,
			message: "api answered with more than 4 MiB, which is the most that is read; ask for less"},
		{name: "a bomb", http: "path: /", answer: reply(200, bomb(), "Content-Type: application/json", "Content-Encoding: gzip"), received: "GET /" + get,
			message: "api answered with more than 4 MiB, which is the most that is read; ask for less"},
		{name: "broken JSON", http: "path: /", answer: replyJSON(200, `{"a": [1, 2`), received: "GET /" + get,
			message: "api answered with JSON that breaks off; try again, or tell whoever runs this server"},
		{name: "a login page", http: "path: /\nresponse: {as: json}", answer: reply(200, "<!DOCTYPE html><html>…", "Content-Type: text/html"), received: "GET /" + get,
			message: "api answered with a web page where JSON was expected; it may ask for a login or be out of service, which whoever runs this server has to look at"},
		{name: "a redirect to another host", http: "path: /", answer: reply(302, "", "Location: http://evil.example.com/"), received: "GET /" + get,
			message: "api redirected to another place, which this tool does not follow"},
		{name: "a secret in an error", upstream: "auth: {bearer: '${env.TOKEN}'}", http: "path: /", answer: replyJSON(400, `{"message": "bad token planted-token"}`),
			received: "GET /" + head + "Authorization: Bearer planted-token\n" + tail, message: "api answered 400 Bad Request: bad token *** (check the arguments)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			quiet := make(chan struct{})
			server := recordEach(t, func(int) string {
				switch tt.answer {
				case "silence":
					<-quiet
				case "":
					return replyJSON(200, "{}")
				}
				return tt.answer
			})
			p := build(t, tool(server.base(), "retry: {attempts: 1}\n"+tt.upstream, tt.http), environ{"TOKEN": "planted-token"})
			_, err := call(t, p, tt.input)
			close(quiet)
			switch {
			case tt.message == "" && err != nil:
				t.Fatal(err)
			case tt.message != "":
				if got := failure(t, err, "planted-token", "evil", "10.0.0.1", "java"); got != tt.message {
					t.Errorf("message = %s\nwant      %s", got, tt.message)
				}
			}
			received := strings.Join(server.seen(), "\n---\n")
			received = strings.ReplaceAll(received, server.listener.Addr().String(), "HOST")
			if diff := cmp.Diff(tt.received, strings.ReplaceAll(received, "\r\n", "\n")); diff != "" {
				t.Errorf("received (-want +got):\n%s", diff)
			}
		})
	}
}
