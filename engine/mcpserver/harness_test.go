package mcpserver

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/schema"
)

const toolAdd = `tool: add
description: Add two numbers.
annotations: {readOnlyHint: true, openWorldHint: false}
inputSchema:
  type: object
  properties:
    a: {type: number, description: The first}
    b: {type: number, description: The second}
  required: [a, b]
  additionalProperties: false
expr: |
  {sum: input.a + input.b}
`

const toolRange = `tool: range
description: List some numbers.
inputSchema: {type: object, properties: {}, additionalProperties: false}
expr: |
  [1, 2]
`

// toolWho is only for callers with the scope read, and says who that is.
const toolWho = `tool: who
description: Say who is calling.
access: {scopes: [read]}
inputSchema: {type: object, properties: {}, additionalProperties: false}
expr: |
  caller.id
`

// toolSaying returns a tool whose description and answer can be chosen.
func toolSaying(name, description, answer string) string {
	return fmt.Sprintf(`tool: %s
description: %s
inputSchema: {type: object, properties: {}, additionalProperties: false}
expr: |
  %q
`, name, description, answer)
}

func sources(definitions ...string) []schema.Source {
	return []schema.Source{{Name: "tools.d/test.yaml", Bytes: []byte(strings.Join(definitions, "---\n"))}}
}

// publish publishes definitions that have to be without faults.
func publish(t testing.TB, e *engine.Engine, definitions ...string) {
	t.Helper()
	for _, d := range e.Publish(sources(definitions...)).Diagnostics {
		if d.Severity == schema.Error {
			t.Fatalf("publishing: %v", d)
		}
	}
}

// serve returns a server of definitions, and the engine behind it.
func serve(t testing.TB, o Options, definitions ...string) (*Server, *engine.Engine) {
	t.Helper()
	e := engine.New(engine.Options{})
	s := New(e, o)
	t.Cleanup(s.Close)
	publish(t, e, definitions...)
	return s, e
}

// serveHTTP listens on loopback; callers are named in the header Test-Caller,
// as "id scope scope".
func serveHTTP(t testing.TB, s *Server) string {
	t.Helper()
	handler := s.Handler()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if words := strings.Fields(r.Header.Get("Test-Caller")); len(words) > 0 {
			r = r.WithContext(engine.WithCaller(r.Context(), engine.Caller{ID: words[0], Scopes: words[1:]}))
		}
		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	t.Cleanup(s.Close) // before the listener waits for open streams
	return server.URL
}

// eras are a version of each kind.
var eras = []string{firstModern, lastLegacy}

// connect returns an SDK client at a version.
func connect(t testing.TB, transport mcp.Transport, version string, o *mcp.ClientOptions) *mcp.ClientSession {
	t.Helper()
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, o)
	session, err := client.Connect(t.Context(), transport, &mcp.ClientSessionOptions{ProtocolVersion: version})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = session.Close() })
	return session
}

// connectPipes serves stdio to an SDK client.
func connectPipes(t testing.TB, s *Server, version string, o *mcp.ClientOptions) *mcp.ClientSession {
	t.Helper()
	fromClient, toServer := io.Pipe()
	fromServer, toClient := io.Pipe()
	done := make(chan error, 1)
	go func() {
		done <- s.RunStdio(context.Background(), fromClient, toClient)
		_ = toClient.Close()
	}()
	t.Cleanup(func() {
		_ = toServer.Close()
		if err := <-done; err != nil {
			t.Errorf("RunStdio: %v", err)
		}
	})
	return connect(t, &mcp.IOTransport{Reader: fromServer, Writer: toServer}, version, o)
}

func textOf(t testing.TB, res *mcp.CallToolResult) string {
	t.Helper()
	if len(res.Content) != 1 {
		t.Fatalf("got %d blocks of content, want 1", len(res.Content))
	}
	text, ok := res.Content[0].(*mcp.TextContent)
	if !ok {
		t.Fatalf("content is %T, want text", res.Content[0])
	}
	return text.Text
}

// legacyHeader and modernHeader are what clients of the two eras send.
func legacyHeader(more ...string) http.Header {
	h := http.Header{
		"Content-Type": {"application/json"},
		"Accept":       {"application/json, text/event-stream"},
	}
	for i := 0; i < len(more); i += 2 {
		h.Set(more[i], more[i+1])
	}
	return h
}

func modernHeader(method string, more ...string) http.Header {
	return legacyHeader(append([]string{headerVersion, firstModern, "Mcp-Method", method}, more...)...)
}

const modernMeta = `"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}`

func initializeBody(version string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":%q,"capabilities":{},"clientInfo":{"name":"test","version":"1"}}}`, version)
}

// send makes one HTTP request; the body of the response is to be closed.
func send(t testing.TB, method, url string, h http.Header, body string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = h
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// post sends a message and returns the answer with the message in it, whether
// it came alone or as an event.
func post(t testing.TB, url string, h http.Header, body string) (*http.Response, string) {
	t.Helper()
	res := send(t, http.MethodPost, url, h, body)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if res.Header.Get("Content-Type") == "text/event-stream" {
		_, data, _ := bytes.Cut(raw, []byte("data: "))
		raw, _, _ = bytes.Cut(data, []byte("\n"))
	}
	return res, string(raw)
}

// openSession initializes and returns the header of the session's requests.
func openSession(t testing.TB, url string, more ...string) http.Header {
	t.Helper()
	res, body := post(t, url, legacyHeader(more...), initializeBody(lastLegacy))
	id := res.Header.Get(headerSession)
	if id == "" {
		t.Fatalf("no session: %s", body)
	}
	h := legacyHeader(append([]string{headerSession, id, headerVersion, lastLegacy}, more...)...)
	post(t, url, h, `{"jsonrpc":"2.0","method":"notifications/initialized"}`)
	return h
}

// events reads the messages of an event stream into a channel, which is closed
// at its end.
func events(body io.Reader) <-chan string {
	out := make(chan string)
	go func() {
		defer close(out)
		for lines := bufio.NewScanner(body); lines.Scan(); {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				out <- data
			}
		}
	}()
	return out
}

// indented makes JSON comparable and readable.
func indented(t testing.TB, raw string) string {
	t.Helper()
	var out bytes.Buffer
	if err := json.Indent(&out, []byte(raw), "", " "); err != nil {
		t.Fatalf("not JSON: %v: %s", err, raw)
	}
	return out.String()
}
