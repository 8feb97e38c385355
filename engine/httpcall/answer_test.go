package httpcall

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/toolsd/toolsd/engine/expression"
)

// What an answer becomes: the value of `response.body` (or bytes), or the
// message of a failure.
func TestAnswers(t *testing.T) {
	const began = "api began to answer, but what came was broken off or is not HTTP; it may have taken effect all the same, so check before trying again"
	const broke = "api did not answer: the connection broke; it may have taken effect all the same, so check before trying again"
	five := replyJSON(200, `"`+strings.Repeat("x", 5<<20)+`"`)
	tests := []struct {
		name, http, errors, answer string
		body                       any
		message                    string // of a failure, whole
	}{
		{name: "json", answer: replyJSON(200, ` {"a": [1, 2.5, 9007199254740993, null]} `),
			body: map[string]any{"a": []any{1, 2.5, 9007199254740993, nil}}},
		{name: "json by suffix", answer: reply(200, `[true]`, "Content-Type: application/vnd.api+JSON; charset=utf-8"), body: []any{true}},
		{name: "text", answer: reply(200, "gr\xfc\xdfe", "Content-Type: text/plain; charset=ISO-8859-1"), body: "grüße"},
		{name: "text that is not UTF-8", answer: reply(200, "a\xff", "Content-Type: text/plain"), body: "a\ufffd"},
		{name: "xml is text", answer: reply(200, "<a/>", "Content-Type: application/atom+xml"), body: "<a/>"},
		{name: "bytes", answer: reply(200, "\x89PNG", "Content-Type: image/png"), body: []byte("\x89PNG")},
		{name: "no type", answer: reply(200, "ab"), body: []byte("ab")},
		{name: "json said", http: "response: {as: json}", answer: reply(200, "{}", "Content-Type: text/html"), body: map[string]any{}},
		{name: "text said", http: "response: {as: text}", answer: replyJSON(200, "{}"), body: "{}"},
		{name: "bytes said", http: "response: {as: bytes}", answer: replyJSON(200, "{}"), body: []byte("{}")},
		{name: "empty", answer: replyJSON(204, ""), body: nil},
		{name: "empty with json said", http: "response: {as: json}", answer: reply(200, ""), body: nil},
		{name: "expected 404", http: "response: {expect: [2xx, 404]}", answer: replyJSON(404, `{"none": true}`), body: map[string]any{"none": true}},
		{name: "schema", http: "response: {schema: {type: object, properties: {n: {type: number}, i: {type: integer}}}}",
			answer: reply(200, `{"n": 1, "i": 2.0}`), body: map[string]any{"n": 1.0, "i": 2}},

		{name: "404", answer: replyJSON(404, `{"message": "No such\n thing"}`),
			message: "api answered 404 Not Found: No such thing (check that what the arguments name exists)"},
		{name: "nested message", answer: replyJSON(422, `{"error": {"message": "qty is wrong"}, "message": "other"}`),
			message: "api answered 422 Unprocessable Entity: qty is wrong (check the arguments)"},
		{name: "errors list", answer: replyJSON(400, `{"errors": [{"message": "bad name"}]}`), message: "api answered 400 Bad Request: bad name (check the arguments)"},
		{name: "html error page", answer: reply(502, "<html>secret stack</html>", "Content-Type: text/html"),
			message: "api answered 502 Bad Gateway (try again later)"},
		{name: "401", answer: replyJSON(401, `{}`),
			message: "api answered 401 Unauthorized (this is about the credentials of this server, not about the arguments; whoever runs it has to renew them)"},
		{name: "Retry-After", answer: replyJSON(429, `{}`, "Retry-After: 3600"), message: "api answered 429 Too Many Requests (try again after 3600 s)"},
		{name: "own status", answer: replyJSON(499, `{}`), message: "api answered 499 (check the arguments)"},
		{name: "addresses in a message", answer: replyJSON(400, `{"message": "see https://internal.example/x?key=1 on 127.0.0.1, now"}`),
			message: "api answered 400 Bad Request: see [address] on [host], now (check the arguments)"},
		{name: "long message", answer: replyJSON(400, `{"message": "`+strings.Repeat("ä", 400)+`"}`),
			message: "api answered 400 Bad Request: " + strings.Repeat("ä", 299) + "… (check the arguments)"},
		{name: "broken JSON", answer: replyJSON(200, `{"a": nope}`),
			message: "api answered with something that is not valid JSON; try again, or tell whoever runs this server"},
		{name: "JSON that was cut", answer: replyJSON(200, `{"a": `),
			message: "api answered with JSON that breaks off; try again, or tell whoever runs this server"},
		{name: "two JSON values", answer: replyJSON(200, `{} {}`),
			message: "api answered with something that is not valid JSON; try again, or tell whoever runs this server"},
		{name: "deep JSON", answer: replyJSON(200, strings.Repeat("[", 1001)+strings.Repeat("]", 1001)),
			message: "api answered with JSON that nests deeper than 1000 levels, which is the most that is read"},
		{name: "brackets in text are not deep", answer: replyJSON(200, `"\"`+strings.Repeat("[", 1001)+`"`), body: `"` + strings.Repeat("[", 1001)},
		{name: "wrong type", http: "response: {as: json}", answer: reply(200, "<html>", "Content-Type: text/html"),
			message: "api answered with a web page where JSON was expected; it may ask for a login or be out of service, which whoever runs this server has to look at"},
		{name: "schema violated", http: "response: {schema: {type: object, required: [a]}}", answer: replyJSON(200, `[]`),
			message: "api answered with something else than this tool's definition expects; whoever runs this server has to look at it"},
		{name: "5 MB", answer: five, message: "api answered with more than 4 MiB, which is the most that is read; ask for less"},
		{name: "maxBytes", http: "response: {maxBytes: 3}", answer: replyJSON(200, `[12]`),
			message: "api answered with more than 3 bytes, which is the most that is read; ask for less"},
		{name: "just maxBytes", http: "response: {maxBytes: 3}", answer: replyJSON(200, `[1]`), body: []any{1}},
		{name: "gzip bomb", answer: reply(200, bomb(), "Content-Type: application/json", "Content-Encoding: gzip"),
			message: "api answered with more than 4 MiB, which is the most that is read; ask for less"},
		{name: "hangs up", http: "method: POST", answer: "", message: broke},
		{name: "not HTTP", http: "method: POST", answer: "SSH-2.0-x\r\n", message: began},
		{name: "cut off", http: "method: POST", answer: "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", message: began},
		{name: "endless header", http: "method: POST", answer: "HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 100<<10) + "\r\n\r\n",
			message: began},

		{name: "rule", errors: "errors:\n  - {when: response.status == 404, message: 'No ${input.v} here.'}", answer: replyJSON(404, `{}`), message: "No thing here."},
		{name: "rule on 200", errors: "errors:\n  - {when: not response.body.ok, message: '${response.body.error}'}",
			answer: replyJSON(200, `{"ok": false, "error": "no_channel"}`), message: "no_channel"},
		{name: "rule that does not match", errors: "errors:\n  - {when: response.status == 404, message: no}", answer: replyJSON(200, `1`), body: 1},
		{name: "rule that faults", errors: "errors:\n  - {when: response.body.error.code == 5, message: no}",
			answer: reply(502, "<html>", "Content-Type: text/html"), message: "api answered 502 Bad Gateway (try again later)"},
		{name: "rule that faults by an argument", errors: "errors:\n  - {when: int(input.v) == 5, message: no}", answer: replyJSON(200, `1`), body: 1},
		{name: "rule that fails on purpose", errors: "errors:\n  - {when: fail('It is closed.'), message: no}", answer: replyJSON(200, `1`), message: "It is closed."},
		{name: "null rule", errors: "errors:\n  - {when: response.body.x, message: no}", answer: replyJSON(200, `{}`), body: map[string]any{}},
		{name: "message that faults", errors: "errors:\n  - {when: response.status == 400, message: '${response.body.a.b.c}'}",
			answer: replyJSON(400, `{}`), message: "api answered 400 Bad Request (check the arguments)"},
		{name: "first rule wins", errors: "errors:\n  - {when: response.status >= 400, message: first}\n  - {when: response.status == 404, message: second}",
			answer: replyJSON(404, `{}`), message: "first"},
		{name: "rule before broken JSON", errors: "errors:\n  - {when: response.body contains 'oops', message: It said oops.}",
			answer: replyJSON(200, `oops`), message: "It said oops."},
		{name: "rule of the upstream", answer: replyJSON(418, `{}`), message: "a teapot"},
		{name: "header in a rule", errors: "errors:\n  - {when: 'response.headers[\"x-left\"] == \"0, 1\"', message: none left}",
			answer: replyJSON(200, `{}`, "X-Left: 0", "X-Left: 1"), message: "none left"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := record(t, tt.answer)
			p := build(t, tool(server.base(), "errors:\n  - {when: response.status == 418, message: a teapot}\nretry: {attempts: 1}", tt.http)+tt.errors, nil)
			response, err := call(t, p, map[string]any{"v": "thing"})
			if tt.message != "" {
				if got := failure(t, err); got != tt.message {
					t.Errorf("message = %s\nwant      %s", got, tt.message)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got := response["body"]
			if b, ok := response["bytes"].([]byte); ok {
				got = b
			}
			if diff := cmp.Diff(tt.body, got); diff != "" {
				t.Errorf("body (-want +got):\n%s", diff)
			}
		})
	}
}

// bomb is 8 MiB of spaces in a few kilobytes.
func bomb() string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	for range 8 {
		w.Write(bytes.Repeat([]byte(" "), 1<<20))
	}
	w.Close()
	return b.String()
}

func TestResponse(t *testing.T) {
	server := record(t, replyJSON(201, `{"a":1}`, "X-Two: 1", "X-Two: 2", "ETag: \"x\""))
	response, err := call(t, build(t, tool(server.base(), "", "method: POST"), nil), nil)
	if err != nil {
		t.Fatal(err)
	}
	want := Response{
		"status": 201, "type": "application/json", "body": map[string]any{"a": 1}, "bytes": nil,
		"headers": map[string]any{"x-two": "1, 2", "etag": `"x"`, "content-type": "application/json", "content-length": "7"},
	}
	if diff := cmp.Diff(want, response); diff != "" {
		t.Errorf("response (-want +got):\n%s", diff)
	}
}

// A `when` that is no boolean is its author's fault.
func TestWhenIsNotBoolean(t *testing.T) {
	server := record(t, replyJSON(200, `{"a": "x"}`))
	_, err := call(t, build(t, tool(server.base(), "", "path: /")+"errors:\n  - {when: response.body.a, message: no}", nil), nil)
	if f, ok := errors.AsType[*expression.Fault](err); !ok || f.Place.Line == 0 {
		t.Errorf("err = %v, want a fault with its place", err)
	}
}

// A cause tells the operator what the caller is not told, and no URL.
func TestCause(t *testing.T) {
	server := record(t, "")
	_, err := call(t, build(t, tool(server.base(), "auth: {query: {name: key, value: planted-secret}}", "method: POST"), nil), nil)
	failure(t, err, "planted-secret")
	cause := errors.Unwrap(err)
	if cause == nil || strings.Contains(cause.Error(), "planted-secret") || strings.Contains(cause.Error(), "://") {
		t.Errorf("cause = %v", cause)
	}
	var syntax *json.SyntaxError
	_, err = call(t, build(t, tool(record(t, replyJSON(200, "nope")).base(), "", "path: /"), nil), nil)
	if !errors.As(err, &syntax) {
		t.Errorf("err = %v, want the error of the decoder behind it", err)
	}
}

// An upstream that gives back what it was sent does not make a leak.
func TestUpstreamEchoesSecrets(t *testing.T) {
	const echo = `{"message": "bad key planted/secret, planted%2Fsecret, cGxhbnRlZC9zZWNyZXQ= or literal-key for header-value"}`
	for name, auth := range map[string]string{
		"bearer": "bearer: ${env.KEY}", "query": "query: {name: k, value: '${env.KEY}'}", "basic": "basic: {username: '', password: '${env.KEY}'}",
	} {
		server := record(t, replyJSON(400, echo))
		p := build(t, tool(server.base(), "auth:\n  "+auth+"\nheaders: {X-Key: literal-key, X-Sent: '${env.OTHER}'}", "method: POST"),
			environ{"KEY": "planted/secret", "OTHER": "header-value"})
		_, err := call(t, p, nil)
		t.Log(name, failure(t, err, "planted", "literal-key", "header-value"))
	}
}

func TestUnreachable(t *testing.T) {
	server := record(t, reply(200, ""))
	base := server.base()
	server.listener.Close()
	_, err := call(t, build(t, tool(base, "", "method: POST"), nil), nil)
	if got, want := failure(t, err), "api could not be reached; try again later"; got != want {
		t.Errorf("message = %q, want %q", got, want)
	}
}

func TestBlockedAndFenced(t *testing.T) {
	const want = "api may not be called from this server; whoever runs it has to allow it"
	server := record(t, reply(200, ""))
	p := build(t, tool("http://169.254.169.254", "allowPrivate: true", "path: /"), nil)
	_, err := call(t, p, nil)
	if got := failure(t, err, "169.254"); got != want {
		t.Errorf("metadata: message = %q, want %q", got, want)
	}
	p = build(t, tool(server.base(), "", "path: /"), nil)
	_, err = p.Run(context.Background(), newClient(t, ClientOptions{Hosts: []string{"example.com"}}), inputs(nil))
	if got := failure(t, err); got != want {
		t.Errorf("fence: message = %q, want %q", got, want)
	}
	if len(server.seen()) != 0 {
		t.Error("the server was called")
	}
}

func TestTimeouts(t *testing.T) {
	silence := make(chan struct{})
	server := recordEach(t, func(int) string { <-silence; return "" })
	defer close(silence)
	for settings, want := range map[string]string{
		"timeout: 50ms": "api did not answer within 50 ms; try again later, or ask for less",
		"attemptTimeout: 20ms\nretry: {attempts: 1}": "api did not answer within 20 ms; try again later, or ask for less",
	} {
		_, err := call(t, build(t, tool(server.base(), settings, "path: /"), nil), nil)
		if got := failure(t, err); got != want {
			t.Errorf("%s: message = %q, want %q", settings, got, want)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Millisecond)
	cancel()
	_, err := build(t, tool(server.base(), "", "path: /"), nil).Run(ctx, newClient(t, ClientOptions{}), inputs(nil))
	if got := failure(t, err); !strings.Contains(got, "cancelled") || !errors.Is(err, context.Canceled) {
		t.Errorf("message = %q, err = %v", got, err)
	}
}

// A rule that quotes the answer does not pass on what the request held.
func TestRuleEchoesSecrets(t *testing.T) {
	server := record(t, replyJSON(400, `{"m": "planted-variable and literal-token"}`))
	p := build(t, tool(server.base(), "auth: {bearer: literal-token}\nquery: {k: '${env.KEY}'}", "method: POST")+
		"errors:\n  - {when: response.status == 400, message: 'It said: ${response.body.m}.'}", environ{"KEY": "planted-variable"})
	_, err := call(t, p, nil)
	if got, want := failure(t, err), "It said: *** and ***."; got != want {
		t.Errorf("message = %q, want %q", got, want)
	}
}
