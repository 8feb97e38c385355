package httpcall

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Each value lands in each kind of slot, and the bytes that the server
// received are compared.
func TestValueInEverySlot(t *testing.T) {
	const source = `
path: /a/${input.v}/z
query:
  q: ${input.v}
  long: x${input.v}y
  $top: 5
headers:
  X-Long: a ${input.h} b
json:
  role: reader
  v: ${input.v}
`
	tests := []struct{ value, path, query, json string }{
		{"plain-1_2.3~", "plain-1_2.3~", "plain-1_2.3~", `"plain-1_2.3~"`},
		{"a b", "a%20b", "a%20b", `"a b"`},
		{"1?x=y", "1%3Fx%3Dy", "1%3Fx%3Dy", `"1?x=y"`},
		{"1/extra", "1%2Fextra", "1%2Fextra", `"1/extra"`},
		{"p1:delete", "p1%3Adelete", "p1%3Adelete", `"p1:delete"`},
		{"%2e%2e", "%252e%252e", "%252e%252e", `"%2e%2e"`},
		{"a&b=c+d;e#f", "a%26b%3Dc%2Bd%3Be%23f", "a%26b%3Dc%2Bd%3Be%23f", `"a&b=c+d;e#f"`},
		{"x\r\nHost: evil", "x%0D%0AHost%3A%20evil", "x%0D%0AHost%3A%20evil", `"x\r\nHost: evil"`},
		{"nul\x00", "nul%00", "nul%00", `"nul\u0000"`},
		{"grüße", "gr%C3%BC%C3%9Fe", "gr%C3%BC%C3%9Fe", `"grüße"`},
		{`x", "role": "admin`, "x%22%2C%20%22role%22%3A%20%22admin", "x%22%2C%20%22role%22%3A%20%22admin", `"x\", \"role\": \"admin"`},
		{`back\slash`, "back%5Cslash", "back%5Cslash", `"back\\slash"`},
		{"${input.h}", "%24%7Binput.h%7D", "%24%7Binput.h%7D", `"${input.h}"`},
		{"...", "...", "...", `"..."`},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%q", tt.value), func(t *testing.T) {
			server := record(t, replyJSON(200, `{}`))
			p := build(t, tool(server.base()+"/api/", "", source), nil)
			if _, err := call(t, p, map[string]any{"v": tt.value, "h": "é"}); err != nil {
				t.Fatal(err)
			}
			line, header, body := server.one(t)
			want := "POST /api/a/" + tt.path + "/z?q=" + tt.query + "&long=x" + tt.query + "y&$top=5 HTTP/1.1"
			if diff := cmp.Diff(want, line); diff != "" {
				t.Errorf("request line (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(`{"role":"reader","v":`+tt.json+`}`, body); diff != "" {
				t.Errorf("body (-want +got):\n%s", diff)
			}
			wantHeader := map[string]string{
				"Host": server.listener.Addr().String(), "User-Agent": "toolsd", "X-Long": "a é b",
				"Content-Type": "application/json", "Content-Length": fmt.Sprint(len(body)), "Accept-Encoding": "gzip",
			}
			if diff := cmp.Diff(wantHeader, header); diff != "" {
				t.Errorf("headers (-want +got):\n%s", diff)
			}
		})
	}
}

// The request as a whole for what is written, first line and body.
func TestRequests(t *testing.T) {
	tests := []struct {
		name, upstream, http string
		input                map[string]any
		env                  environ
		line, body           string
		header               map[string]string // those looked at; "" is absent
	}{
		{name: "literal path stays as written", http: "path: '/a%20b/c d/é:x@y'", line: "GET /v1/a%20b/c%20d/%C3%A9:x@y"},
		{name: "trailing slash", http: "path: /a/", line: "GET /v1/a/"},
		{name: "two values in a segment", http: "path: /p/${input.a},${input.b}.json",
			input: map[string]any{"a": 1.5, "b": -2}, line: "GET /v1/p/1.5,-2.json"},
		{name: "list as segments", http: "path: /c/${input.l}/raw", input: map[string]any{"l": []any{"a b", "c/d"}}, line: "GET /v1/c/a%20b/c%2Fd/raw"},
		{name: "list in a longer segment is text", http: "path: /c/x${input.l}", input: map[string]any{"l": []any{1}}, line: "GET /v1/c/x%5B1%5D"},
		{name: "query", http: "query:\n  b: ${input.t}\n  ids: ${input.l}\n  ids[]: ${input.l}\n  none: ${input.n}\n  empty: ''\n  nothing: ${[]}\n  obj: ${input.o}\n  version: 1.10\n  date: 2026-01-02",
			input: map[string]any{"t": true, "l": []any{1, "a,b"}, "n": nil, "o": map[string]any{"b": []any{1, 2}, "a": "x"}},
			line:  "GET /v1/?b=true&ids=1&ids=a%2Cb&ids[]=1&ids[]=a%2Cb&empty=&obj[a]=x&obj[b]=1&obj[b]=2&version=1.10&date=2026-01-02"},
		{name: "written object nests in its order", http: "query:\n  page:\n    size: ${input.n}\n    at: [1, 2]\n    in[]: [x]",
			input: map[string]any{"n": 3}, line: "GET /v1/?page[size]=3&page[at]=1&page[at]=2&page[in][]=x"},
		{name: "list of objects is numbered", http: "form:\n  items: ${input.l}",
			input: map[string]any{"l": []any{map[string]any{"price": "p 1"}, map[string]any{"price": "p&2"}}},
			line:  "POST /v1/", body: "items[0][price]=p+1&items[1][price]=p%262", header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}},
		{name: "keys of a caller's object cannot nest", http: "query:\n  f: ${input.o}",
			input: map[string]any{"o": map[string]any{"x]&admin=1[": 1, "y[]": 2}}, line: "GET /v1/?f[x%5D%26admin%3D1%5B]=1&f[y%5B%5D]=2"},
		{name: "large and small numbers", http: "query: {a: '${input.a}', b: '${input.b}'}",
			input: map[string]any{"a": 9007199254740993, "b": 1e21}, line: "GET /v1/?a=9007199254740993&b=1000000000000000000000"},
		{name: "upstream and call", upstream: "headers: {X-A: up, X-B: up, X-C: up}\nquery: {k: up, drop: up}",
			http: "query: {k: call, drop: null, more: 1}\nheaders: {x-a: call, X-B: null, X-C: '${input.none}'}",
			line: "GET /v1/?k=call&more=1", header: map[string]string{"X-A": "call", "X-B": "", "X-C": ""}},
		{name: "header list", http: "headers: {X-L: '${input.l}', X-M: [a, b], X-E: '${[]}', X-T: ' t '}", input: map[string]any{"l": []any{"a", 2}},
			line: "GET /v1/", header: map[string]string{"X-L": "a, 2", "X-M": "a, b", "X-E": "", "X-T": "t"}},
		{name: "caller in an upstream's header", upstream: "headers: {X-User: '${caller.id}', X-Name: '${caller.name}'}", line: "GET /v1/",
			http: "path: /", header: map[string]string{"X-User": "ann", "X-Name": ""}},
		{name: "user agent", http: "headers: {User-Agent: null}", line: "GET /v1/", header: map[string]string{"User-Agent": ""}},
		{name: "bearer", upstream: "auth: {bearer: '${env.TOKEN}'}", http: "path: /", env: environ{"TOKEN": "secret\n"},
			line: "GET /v1/", header: map[string]string{"Authorization": "Bearer secret"}},
		{name: "basic", upstream: "auth: {basic: {username: u, password: '${env.TOKEN}'}}", http: "path: /", env: environ{"TOKEN": "p:w"},
			line: "GET /v1/", header: map[string]string{"Authorization": "Basic dTpwOnc="}},
		{name: "header", upstream: "auth: {header: {name: X-Key, value: '${env.TOKEN}'}}", http: "path: /", env: environ{"TOKEN": "k"},
			line: "GET /v1/", header: map[string]string{"X-Key": "k"}},
		{name: "query credential", upstream: "auth: {query: {name: key, value: '${env.TOKEN}'}}", http: "query: {a: 1}", env: environ{"TOKEN": "k&x"},
			line: "GET /v1/?a=1&key=k%26x"},
		{name: "none", upstream: "auth: {bearer: '${env.TOKEN}'}", http: "path: /\nauth: none", env: environ{"TOKEN": "k"},
			line: "GET /v1/", header: map[string]string{"Authorization": ""}},
		{name: "method", http: "method: PATCH\npath: /x\njson: {a: '${input.a}', b: null, c: '${input.none}'}", input: map[string]any{"a": nil},
			line: "PATCH /v1/x", body: `{"a":null,"b":null}`},
		{name: "json value", http: "json: ${input.l}", input: map[string]any{"l": []any{"<a>", 9007199254740993}}, line: "POST /v1/", body: `["<a>",9007199254740993]`},
		{name: "json with its own type", http: "json: {}\nheaders: {Content-Type: application/merge-patch+json}", line: "POST /v1/", body: "{}",
			header: map[string]string{"Content-Type": "application/merge-patch+json"}},
		{name: "text", http: "text: 'hello ${input.a}'", input: map[string]any{"a": "w\r\n"}, line: "POST /v1/", body: "hello w\r\n",
			header: map[string]string{"Content-Type": "text/plain; charset=utf-8"}},
		{name: "quoted text", http: "text: '<a>${xml(input.a)}</a>'\nheaders: {Content-Type: application/xml}", input: map[string]any{"a": "<b>"},
			line: "POST /v1/", body: "<a>&lt;b&gt;</a>"},
		{name: "url on the origin", http: "url: ${input.u}\nquery: {page: 2}", input: map[string]any{"u": "/other/x?page=1&k=a b"}, line: "GET /other/x?k=a%20b&page=2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := record(t, replyJSON(200, `{}`))
			p := build(t, tool(server.base()+"/v1/", tt.upstream, tt.http), tt.env)
			if _, err := call(t, p, tt.input); err != nil {
				t.Fatal(err)
			}
			line, header, body := server.one(t)
			if diff := cmp.Diff(tt.line+" HTTP/1.1", line); diff != "" {
				t.Errorf("request line (-want +got):\n%s", diff)
			}
			if tt.body != "" && body != tt.body {
				t.Errorf("body = %s, want %s", body, tt.body)
			}
			for name, want := range tt.header {
				if header[name] != want {
					t.Errorf("header %s = %q, want %q", name, header[name], want)
				}
			}
		})
	}
}

// What is refused is refused before anything is sent, and says which
// argument it is about.
func TestRefusals(t *testing.T) {
	tests := []struct {
		name, http string
		input      map[string]any
		message    string
	}{
		{"empty", "path: /u/${input.v}", map[string]any{"v": ""}, `argument "v" must not be empty, since it is a part of a path`},
		{"null", "path: /u/${input.v}", map[string]any{"v": nil}, `argument "v" is missing, and the path of the request cannot do without it`},
		{"absent", "path: /u/${input.v}", nil, `argument "v" is missing, and the path of the request cannot do without it`},
		{"dots", "path: /u/${input.v}", map[string]any{"v": ".."}, `argument "v" must not be "." or "..", nor hold them between slashes, since it is a part of a path`},
		{"inner dots", "path: /u/${input.v}", map[string]any{"v": "a b/../c"}, `argument "v" must not be "." or "..", nor hold them between slashes, since it is a part of a path`},
		{"backslashes", "path: /u/${input.v}", map[string]any{"v": `\..\`}, `argument "v" must not be "." or "..", nor hold them between slashes, since it is a part of a path`},
		{"joined dots", "path: /u/.${input.v + ''}", map[string]any{"v": "."}, `a value must not be "." or "..", nor hold them between slashes, since it is a part of a path`},
		{"dot beside a dot", "path: /u/.${input.v}", map[string]any{"v": `/x`}, `the path of the request would hold "." or ".." as a step`},
		{"empty list", "path: /u/${input.v}/raw", map[string]any{"v": []any{}}, `argument "v" must not be empty, since it is a part of a path`},
		{"empty element", "path: /u/${input.v}", map[string]any{"v": []any{"a", ""}}, `argument "v" must not be empty, since it is a part of a path`},
		{"dots in a list", "path: /u/${input.v}", map[string]any{"v": []any{"a", ".."}}, `argument "v" must not be "." or "..", nor hold them between slashes, since it is a part of a path`},
		{"header line", "path: /\nheaders: {X-A: 'a${input.v}'}", map[string]any{"v": "x\r\nEvil: 1"}, "a value for the header X-A holds a line break or another control character"},
		{"header nul", "path: /\nheaders: {X-A: '${input.v}'}", map[string]any{"v": "x\x00"}, "a value for the header X-A holds a line break or another control character"},
		{"other origin", "url: ${input.v}", map[string]any{"v": "https://evil.example.com/"}, `argument "v" leads away from the service that this tool calls`},
		{"scheme-relative", "url: ${input.v}", map[string]any{"v": "//evil.example.com/"}, `argument "v" leads away from the service that this tool calls`},
		{"other scheme", "url: ${input.v}", map[string]any{"v": "file:///etc/passwd"}, `argument "v" leads away from the service that this tool calls`},
		{"climbing url", "url: ${input.v}", map[string]any{"v": "/a/%2e%2e/b"}, `argument "v" must not hold "." or ".." as a step of its path`},
		{"user in a url", "url: ${input.v}", map[string]any{"v": "http://127.0.0.1:1@evil.example.com/"}, `argument "v" leads away from the service that this tool calls`},
		{"other port", "url: ${input.v}", map[string]any{"v": "http://127.0.0.1:1/"}, `argument "v" leads away from the service that this tool calls`},
		{"broken url", "url: ${input.v}", map[string]any{"v": "http://a b/"}, `argument "v" is not a URL`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := record(t, reply(200, ""))
			_, err := call(t, build(t, tool(server.base(), "", tt.http), nil), tt.input)
			if got := failure(t, err); got != tt.message {
				t.Errorf("message = %s\nwant      %s", got, tt.message)
			}
			if n := len(server.seen()); n != 0 {
				t.Errorf("%d requests were sent", n)
			}
		})
	}
}

// Null in a longer text fails the call wherever it stands in a request.
func TestNullInLongerText(t *testing.T) {
	for _, http := range []string{
		"path: /\nquery: {a: 'x ${input.v}'}", "path: /\nheaders: {X-A: 'x ${input.v}'}", "json: {a: 'x ${input.v}'}",
		"form: {a: 'x ${input.v}'}", "text: 'x ${input.v}'", "path: /x${input.v}",
	} {
		server := record(t, reply(200, ""))
		_, err := call(t, build(t, tool(server.base(), "", http), nil), nil)
		failure(t, err)
		if len(server.seen()) != 0 {
			t.Errorf("%s: something was sent", strings.TrimSpace(http))
		}
	}
}
