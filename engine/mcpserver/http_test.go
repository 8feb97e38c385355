package mcpserver

import (
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// What the transport refuses: always with a status and a JSON-RPC error that
// carries the id where there is one.
func TestRefusals(t *testing.T) {
	s, _ := serve(t, Options{Bounds: Bounds{BodyBytes: 2000, Depth: 20, Batch: 2}}, toolAdd)
	url := serveHTTP(t, s)
	const list = `{"jsonrpc":"2.0","id":7,"method":"tools/list"}`
	const modernList = `{"jsonrpc":"2.0","id":7,"method":"tools/list","params":{` + modernMeta + `}}`
	const supported = `["2026-07-28","2025-11-25","2025-06-18","2025-03-26","2024-11-05"]`
	for _, c := range []struct {
		name   string
		header http.Header
		body   string
		status int
		want   string
	}{
		{
			"broken JSON", legacyHeader(), `{"jsonrpc":`, 400,
			`{"jsonrpc":"2.0","error":{"code":-32700,"message":"the message is not valid JSON"}}`,
		},
		{
			"two values", legacyHeader(), list + list, 400,
			`{"jsonrpc":"2.0","error":{"code":-32700,"message":"the message is not valid JSON"}}`,
		},
		{
			"empty", legacyHeader(), ``, 400,
			`{"jsonrpc":"2.0","error":{"code":-32700,"message":"the message is not valid JSON"}}`,
		},
		{
			"not UTF-8", legacyHeader(), "\"\xff\"", 400,
			`{"jsonrpc":"2.0","error":{"code":-32700,"message":"the message is not UTF-8"}}`,
		},
		{
			"too deep", legacyHeader(), strings.Repeat("[", 21) + strings.Repeat("]", 21), 400,
			`{"jsonrpc":"2.0","error":{"code":-32600,"message":"the message is nested deeper than 20 levels"}}`,
		},
		{
			"too deep, with an id", legacyHeader(),
			`{"jsonrpc":"2.0","method":"ping","params":{"a":` + strings.Repeat("[", 21) + strings.Repeat("]", 21) + `},"id":7}`, 400,
			`{"jsonrpc":"2.0","id":7,"error":{"code":-32600,"message":"the message is nested deeper than 20 levels"}}`,
		},
		{
			"too large", legacyHeader(), `"` + strings.Repeat("x", 2000) + `"`, 413,
			`{"jsonrpc":"2.0","error":{"code":-32600,"message":"the request is larger than 2000 bytes"}}`,
		},
		{
			"no object", legacyHeader(), `5`, 400,
			`{"jsonrpc":"2.0","error":{"code":-32600,"message":"a message is a JSON object"}}`,
		},
		{
			"no version", legacyHeader(), `{"id":7,"method":"ping"}`, 400,
			`{"jsonrpc":"2.0","id":7,"error":{"code":-32600,"message":"the message does not say \"jsonrpc\": \"2.0\""}}`,
		},
		{
			"null as id", legacyHeader(), `{"jsonrpc":"2.0","id":null,"method":"ping"}`, 400,
			`{"jsonrpc":"2.0","error":{"code":-32600,"message":"an id is a string or a whole number of at most 53 bits"}}`,
		},
		{
			"fraction as id", legacyHeader(), `{"jsonrpc":"2.0","id":1.5,"method":"ping"}`, 400,
			`{"jsonrpc":"2.0","error":{"code":-32600,"message":"an id is a string or a whole number of at most 53 bits"}}`,
		},
		{
			"method twice", legacyHeader(), `{"jsonrpc":"2.0","id":"a","method":"ping","method":"tools/call"}`, 400,
			`{"jsonrpc":"2.0","id":"a","error":{"code":-32600,"message":"a member of the message is there twice"}}`,
		},
		{
			"id over 53 bits", legacyHeader(), `{"jsonrpc":"2.0","id":9007199254740993,"method":"ping"}`, 400,
			`{"jsonrpc":"2.0","error":{"code":-32600,"message":"an id is a string or a whole number of at most 53 bits"}}`,
		},
		{
			"arguments twice", legacyHeader(), `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"add","arguments":{},"arguments":{}}}`, 400,
			`{"jsonrpc":"2.0","id":7,"error":{"code":-32602,"message":"params.arguments is there twice"}}`,
		},
		{
			"name twice", legacyHeader(), `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"add","n\u0061me":"x"}}`, 400,
			`{"jsonrpc":"2.0","id":7,"error":{"code":-32602,"message":"params.name is there twice"}}`,
		},
		{
			"no id", legacyHeader(), `{"jsonrpc":"2.0","method":"tools/list"}`, 400,
			`{"jsonrpc":"2.0","error":{"code":-32600,"message":"a request needs an id"}}`,
		},
		{
			"notification with id", legacyHeader(), `{"jsonrpc":"2.0","id":7,"method":"notifications/initialized"}`, 400,
			`{"jsonrpc":"2.0","id":7,"error":{"code":-32600,"message":"a notification has no id"}}`,
		},
		{
			"neither request nor response", legacyHeader(), `{"jsonrpc":"2.0","id":7}`, 400,
			`{"jsonrpc":"2.0","id":7,"error":{"code":-32600,"message":"the message is neither a request nor a response"}}`,
		},
		{
			"no params", legacyHeader(), `{"jsonrpc":"2.0","id":7,"method":"tools/call"}`, 400,
			`{"jsonrpc":"2.0","id":7,"error":{"code":-32602,"message":"tools/call needs params"}}`,
		},
		{
			"no name", legacyHeader(), `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{}}`, 400,
			`{"jsonrpc":"2.0","id":7,"error":{"code":-32602,"message":"params.name is missing"}}`,
		},
		{
			"name of wrong kind", legacyHeader(), `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":5}}`, 400,
			`{"jsonrpc":"2.0","id":7,"error":{"code":-32602,"message":"params.name has to be a string"}}`,
		},
		{
			"initialize of wrong form", legacyHeader(), `{"jsonrpc":"2.0","id":7,"method":"initialize","params":{"clientInfo":{"name":1}}}`, 400,
			`{"jsonrpc":"2.0","id":7,"error":{"code":-32602,"message":"params of initialize are not of the right form"}}`,
		},
		{
			"wrong content type", legacyHeader("Content-Type", "text/plain"), list, 415,
			`{"jsonrpc":"2.0","error":{"code":-32600,"message":"Content-Type has to be application/json"}}`,
		},
		{
			"wrong accept", legacyHeader("Accept", "application/json"), list, 406,
			`{"jsonrpc":"2.0","error":{"code":-32600,"message":"Accept has to list application/json and text/event-stream"}}`,
		},
		{
			"unknown old version", legacyHeader(headerVersion, "1900-01-01"), list, 400,
			`{"jsonrpc":"2.0","id":7,"error":{"code":-32022,"message":"protocol version \"1900-01-01\" is not supported","data":{"supported":` + supported + `,"requested":"1900-01-01"}}}`,
		},
		{
			"unknown new version", legacyHeader(headerVersion, "2099-01-01"), list, 400,
			`{"jsonrpc":"2.0","id":7,"error":{"code":-32022,"message":"protocol version \"2099-01-01\" is not supported","data":{"supported":` + supported + `,"requested":"2099-01-01"}}}`,
		},
		{
			"batch at a version without", legacyHeader(headerVersion, "2025-06-18"), `[` + list + `]`, 400,
			`{"jsonrpc":"2.0","error":{"code":-32600,"message":"the protocol has no batches from 2025-06-18 on"}}`,
		},
		{
			"empty batch", legacyHeader(), `[]`, 400,
			`{"jsonrpc":"2.0","error":{"code":-32600,"message":"a batch has to hold a message"}}`,
		},
		{
			"large batch", legacyHeader(), `[` + list + `,` + strings.Replace(list, "7", "8", 1) + `,` + list + `]`, 400,
			`{"jsonrpc":"2.0","error":{"code":-32600,"message":"a batch may hold at most 2 messages"}}`,
		},
		{
			"initialize in a batch", legacyHeader(), `[` + initializeBody("2025-03-26") + `]`, 400,
			`{"jsonrpc":"2.0","id":0,"error":{"code":-32600,"message":"initialize cannot be part of a batch"}}`,
		},
		{
			"same id twice", legacyHeader(), `[` + list + `,` + list + `]`, 400,
			`{"jsonrpc":"2.0","id":7,"error":{"code":-32600,"message":"two messages of the batch have the same id"}}`,
		},
		{
			"unknown session", legacyHeader(headerSession, "x"), list, 404,
			`{"jsonrpc":"2.0","error":{"code":-32600,"message":"there is no such session"}}`,
		},
		{
			"resumption", legacyHeader("Last-Event-ID", "1_1"), list, 400,
			`{"jsonrpc":"2.0","error":{"code":-32600,"message":"streams are not resumed"}}`,
		},
		{
			"unknown method", legacyHeader(), `{"jsonrpc":"2.0","id":7,"method":"x/y"}`, 200,
			`{"jsonrpc":"2.0","id":7,"error":{"code":-32601,"message":"this server does not offer the method \"x/y\""}}`,
		},
		{
			"unknown method, modern", modernHeader("x/y"), `{"jsonrpc":"2.0","id":7,"method":"x/y","params":{` + modernMeta + `}}`, 404,
			`{"jsonrpc":"2.0","id":7,"error":{"code":-32601,"message":"this server does not offer the method \"x/y\""}}`,
		},
		{
			"removed method", modernHeader("ping"), `{"jsonrpc":"2.0","id":7,"method":"ping","params":{` + modernMeta + `}}`, 404,
			`{"jsonrpc":"2.0","id":7,"error":{"code":-32601,"message":"this server does not offer the method \"ping\""}}`,
		},
		{
			"method header differs", modernHeader("tools/call"), modernList, 400,
			`{"jsonrpc":"2.0","id":7,"error":{"code":-32020,"message":"header mismatch: Mcp-Method header value 'tools/call' does not match body value 'tools/list'"}}`,
		},
		{
			"name is bad base64", modernHeader("tools/call", headerName, "=?base64?!?="), `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"é",` + modernMeta + `}}`, 400,
			`{"jsonrpc":"2.0","id":7,"error":{"code":-32020,"message":"Mcp-Name is not valid base64"}}`,
		},
		{
			"unknown tool, modern", modernHeader("tools/call", headerName, "nope"), `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"nope",` + modernMeta + `}}`, 400,
			`{"jsonrpc":"2.0","id":7,"error":{"code":-32602,"message":"unknown tool \"nope\""}}`,
		},
		{
			"modern body, no header", legacyHeader(), modernList, 400,
			`{"jsonrpc":"2.0","id":7,"error":{"code":-32020,"message":"Mcp-Protocol-Version header is required for requests carrying \"io.modelcontextprotocol/protocolVersion\""}}`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			res, body := post(t, url, c.header, c.body)
			if res.StatusCode != c.status {
				t.Errorf("status is %d, want %d", res.StatusCode, c.status)
			}
			if got := res.Header.Get("Content-Type"); got != "application/json" {
				t.Errorf("Content-Type is %q", got)
			}
			if diff := cmp.Diff(indented(t, c.want), indented(t, body)); diff != "" {
				t.Errorf("body (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnswers(t *testing.T) {
	s, _ := serve(t, Options{}, toolAdd, toolSaying("greet", "Greet.", "hello"))
	url := serveHTTP(t, s)
	const call = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"greet"}}`
	const answer = `{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"hello"}]}}`
	for _, c := range []struct {
		name   string
		header http.Header
		body   string
		status int
		want   string
	}{
		{"neither session nor version", legacyHeader(), call, 200, answer},
		{"no accept", http.Header{"Content-Type": {"application/json; charset=utf-8"}}, call, 200, answer},
		{"any accept", legacyHeader("Accept", "*/*;q=0.5"), call, 200, answer},
		{"unknown notification", legacyHeader(), `{"jsonrpc":"2.0","method":"notifications/else"}`, 202, ``},
		{"response to nothing", legacyHeader(), `{"jsonrpc":"2.0","id":5,"result":{}}`, 202, ``},
		{"null for params", legacyHeader(), `{"jsonrpc":"2.0","id":1,"method":"ping","params":null}`, 200, `{"jsonrpc":"2.0","id":1,"result":{}}`},
		{"escaped name of a member", legacyHeader(), `{"jsonrpc":"2.0","id":1,"m\u0065thod":"ping"}`, 200, `{"jsonrpc":"2.0","id":1,"result":{}}`},
		{
			"base64 name", modernHeader("tools/call", headerName, "=?base64?Z3JlZXQ=?="),
			`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"greet",` + modernMeta + `}}`, 200,
			`{"jsonrpc":"2.0","id":1,"result":{"_meta":{"io.modelcontextprotocol/serverInfo":{"name":"toolsd","version":"0.0.0"}},"content":[{"type":"text","text":"hello"}],"resultType":"complete"}}`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			res, body := post(t, url, c.header, c.body)
			if res.StatusCode != c.status || body != c.want {
				t.Errorf("got  %d %s\nwant %d %s", res.StatusCode, body, c.status, c.want)
			}
			if res.Header.Get("Content-Type") == "text/event-stream" && res.Header.Get("X-Accel-Buffering") != "no" {
				t.Error("a proxy may hold the stream back")
			}
		})
	}
}

func TestBatch(t *testing.T) {
	s, _ := serve(t, Options{}, toolSaying("greet", "Greet.", "hello"))
	res := send(t, http.MethodPost, serveHTTP(t, s), legacyHeader(headerVersion, "2025-03-26"),
		`[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","method":"notifications/else"},{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"greet"}}]`)
	defer res.Body.Close()
	got := make(map[string]bool)
	for event := range events(res.Body) {
		got[event] = true
	}
	want := map[string]bool{
		`{"jsonrpc":"2.0","id":1,"result":{}}`:                                           true,
		`{"jsonrpc":"2.0","id":2,"result":{"content":[{"type":"text","text":"hello"}]}}`: true,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
}

func TestMethods(t *testing.T) {
	for _, stateless := range []bool{false, true} {
		s, _ := serve(t, Options{Stateless: stateless}, toolAdd)
		url := serveHTTP(t, s)
		for _, method := range []string{http.MethodGet, http.MethodDelete, http.MethodPut, http.MethodOptions} {
			res := send(t, method, url, legacyHeader(), "")
			body, err := io.ReadAll(res.Body)
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close()
			if res.StatusCode != 405 || res.Header.Get("Allow") != "POST" || !strings.Contains(string(body), `"code":-32600`) {
				t.Errorf("%s: got %d, Allow %q, %s", method, res.StatusCode, res.Header.Get("Allow"), body)
			}
		}
	}
}

// Each message of a batch has its own answer, also beside one that has none to
// hope for.
func TestBatchWithUnknownMethod(t *testing.T) {
	const (
		ping    = `{"jsonrpc":"2.0","id":1,"method":"ping"}`
		unknown = `{"jsonrpc":"2.0","id":2,"method":"no/such"}`
		note    = `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":1}}`
		refusal = `{"jsonrpc":"2.0","id":2,"error":{"code":-32601,"message":"this server does not offer the method \"no/such\""}}`
		pong    = `{"jsonrpc":"2.0","id":1,"result":{}}`
	)
	s, _ := serve(t, Options{}, toolAdd)
	url := serveHTTP(t, s)
	for _, c := range []struct{ name, batch, kind, want string }{
		{"beside a call", "[" + ping + "," + unknown + "]", "text/event-stream", "event: message\ndata: " + refusal + "\n\nevent: message\ndata: " + pong + "\n\n"},
		{"alone", "[" + unknown + "]", "application/json", "[" + refusal + "]"},
		{"beside a notification", "[" + note + "," + unknown + "]", "application/json", "[" + refusal + "]"},
	} {
		for session, header := range map[string]http.Header{"without": legacyHeader(), "with": openSession(t, url)} {
			header.Set(headerVersion, lastWithBatches)
			res := send(t, http.MethodPost, url, header, c.batch)
			got, err := io.ReadAll(res.Body)
			_ = res.Body.Close()
			if err != nil || res.StatusCode != 200 || res.Header.Get("Content-Type") != c.kind {
				t.Errorf("%s, %s session: %d %s, %v", c.name, session, res.StatusCode, res.Header.Get("Content-Type"), err)
			}
			if diff := cmp.Diff(c.want, string(got)); diff != "" {
				t.Errorf("%s, %s session (-want +got):\n%s", c.name, session, diff)
			}
		}
	}
}

// A client that announces much and sends little holds neither memory nor the
// connection.
func TestSlowBody(t *testing.T) {
	s, _ := serve(t, Options{Bounds: Bounds{BodyTime: 20 * time.Millisecond}}, toolAdd)
	address := strings.TrimPrefix(serveHTTP(t, s), "http://")
	for name, body := range map[string]string{
		"length": "Content-Length: 4000000\r\n\r\n{", "short length": "Content-Length: 9\r\n\r\n{", "chunks": "Transfer-Encoding: chunked\r\n\r\n5\r\n{",
	} {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := io.WriteString(conn, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"+body); err != nil {
			t.Fatal(err)
		}
		answer, err := io.ReadAll(conn) // up to the end of the connection
		if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 408 ") || !strings.Contains(string(answer), "the request did not arrive within 20ms") {
			t.Errorf("%s: %s, %v", name, answer, err)
		}
	}
}
