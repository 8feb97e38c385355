package httpcall

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/engine/jsonschema"
	"github.com/toolsd/toolsd/schema"
)

// A pack is a checked source: its upstreams, and the call of its tool.
type pack struct {
	upstreams map[string]*Upstream
	call      *Call
	target    Target
	found     []schema.Diagnostic
}

// environ is the environment of a test.
type environ map[string]string

func (e environ) env() *expression.Env {
	return &expression.Env{
		Lookup: func(name string) (string, bool) { v, ok := e[name]; return v, ok },
		Used:   map[string]bool{},
	}
}

// check reads and checks a source as the engine would. Its tool may use any
// input.
func check(t testing.TB, source string, e environ) *pack {
	t.Helper()
	p := &pack{upstreams: map[string]*Upstream{}}
	docs, found := schema.Split(schema.Source{Name: "tools.d/test.yaml", Bytes: []byte(source)}, schema.Bounds{}.WithDefaults())
	p.found = append(p.found, found...)
	var tool *schema.Definition
	exposed := e.env()
	exposed.Exposed = func(string) bool { return false }
	var names []string
	for _, doc := range docs {
		def, found := schema.Parse(doc)
		p.found = append(p.found, found...)
		if def == nil {
			continue
		}
		if def.Kind == schema.KindTool {
			tool = def
			continue
		}
		names = append(names, def.Name)
		u, found := CheckUpstream(def.Name, def.Upstream, e.env(), exposed, &IdentityFence{})
		p.found = append(p.found, found...)
		p.upstreams[def.Name] = u
	}
	if tool == nil || tool.Tool.HTTP == nil {
		return p
	}
	anything := &jsonschema.Type{}
	p.target = Target{
		Upstream: func(name string) *Upstream { return p.upstreams[name] },
		Names:    names,
		Scope: func() *expression.Scope {
			return &expression.Scope{
				Names: map[string]*jsonschema.Type{
					"input":  {Kind: jsonschema.ObjectKind, Rest: anything},
					"caller": CallerType(),
				},
				Env: e.env(),
			}
		},
		Exposed: exposed,

		Identities: &IdentityFence{},
		ReadOnly:   tool.Tool.Annotations.ReadOnlyHint != nil && *tool.Tool.Annotations.ReadOnlyHint,
	}
	call, found := CheckCall(tool.Tool.HTTP, tool.Tool.Errors, p.target)
	p.call = call
	p.found = append(p.found, found...)
	return p
}

// build checks a source that has no fault and compiles its call.
func build(t testing.TB, source string, e environ) *Program {
	t.Helper()
	p := check(t, source, e)
	if schema.HasErrors(p.found) {
		t.Fatalf("the source has faults: %+v", p.found)
	}
	program, err := p.call.Build(p.target, expression.Bounds{}, Bounds{})
	if err != nil {
		t.Fatal(err)
	}
	return program
}

// newClient returns a client that is closed with the test.
func newClient(t testing.TB, o ClientOptions) *Client {
	c := NewClient(o)
	t.Cleanup(c.Close)
	return c
}

// inputs are the variables of a call with these arguments.
func inputs(arguments map[string]any) expression.Vars {
	return expression.Vars{"input": arguments, "caller": map[string]any{
		"id": "ann", "name": nil, "roles": []any{}, "scopes": []any{}, "claims": map[string]any{},
	}}
}

// tool returns the source of a tool with this http body, calling an upstream
// named api at base, at its root when the body does not say where.
func tool(base, upstream, http string) string {
	if !strings.Contains(http, "path:") && !strings.Contains(http, "url:") {
		http = "path: /\n" + strings.TrimSpace(http)
	}
	return "upstream: api\nbaseUrl: " + base + "\n" + upstream + "\n---\n" +
		"tool: probe\ndescription: A probe.\ninputSchema: {type: object, additionalProperties: true}\nhttp:\n  upstream: api\n" + indent(http)
}

func indent(s string) string {
	return "  " + strings.ReplaceAll(strings.TrimSpace(s), "\n", "\n  ") + "\n"
}

// A recorder is a server that keeps each request as the bytes it was, and
// answers with bytes as they are given.
type recorder struct {
	listener net.Listener
	mu       sync.Mutex
	requests []string
	answer   func(request int) string // "" hangs up
}

// record starts a recorder that gives every request the same answer.
func record(t testing.TB, answer string) *recorder {
	return recordEach(t, func(int) string { return answer })
}

func recordEach(t testing.TB, answer func(request int) string) *recorder {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &recorder{listener: l, answer: answer}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { r.serve(conn) })
		}
	})
	t.Cleanup(func() { l.Close(); serving.Wait() })
	return r
}

// serve answers the requests of one connection, which it closes at the first
// that asks for nothing more.
func (r *recorder) serve(conn net.Conn) {
	defer conn.Close()
	var raw bytes.Buffer
	in := bufio.NewReader(io.TeeReader(conn, &raw))
	req, err := http.ReadRequest(in)
	if err != nil {
		return
	}
	body, _ := io.ReadAll(req.Body)
	head, _, _ := strings.Cut(raw.String(), "\r\n\r\n")
	r.mu.Lock()
	at := len(r.requests)
	r.requests = append(r.requests, head+"\r\n\r\n"+string(body))
	answer := r.answer(at)
	r.mu.Unlock()
	io.WriteString(conn, answer)
}

func (r *recorder) base() string { return "http://" + r.listener.Addr().String() }

// seen returns the requests so far.
func (r *recorder) seen() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.requests)
}

// one returns the only request: its first line, its headers by name and its body.
func (r *recorder) one(t testing.TB) (line string, header map[string]string, body string) {
	t.Helper()
	seen := r.seen()
	if len(seen) != 1 {
		t.Fatalf("the server saw %d requests, want 1", len(seen))
	}
	head, body, _ := strings.Cut(seen[0], "\r\n\r\n")
	lines := strings.Split(head, "\r\n")
	header = map[string]string{}
	for _, l := range lines[1:] {
		name, value, _ := strings.Cut(l, ": ")
		if _, twice := header[name]; twice {
			t.Errorf("the header %s was sent twice", name)
		}
		header[name] = value
	}
	return lines[0], header, body
}

// reply is an answer of HTTP/1.1 with its length.
func reply(status int, body string, header ...string) string {
	header = append(header, fmt.Sprintf("Content-Length: %d", len(body)), "Connection: close")
	return fmt.Sprintf("HTTP/1.1 %d %s\r\n%s\r\n\r\n%s", status, http.StatusText(status), strings.Join(header, "\r\n"), body)
}

func replyJSON(status int, body string, header ...string) string {
	return reply(status, body, append(header, "Content-Type: application/json")...)
}

// failure returns the message of a call that is to fail with one, after
// looking for what no such message may hold.
func failure(t testing.TB, err error, forbidden ...string) string {
	t.Helper()
	f, ok := errors.AsType[*expression.Failure](err)
	if !ok {
		t.Fatalf("err = %v (%T), want a failure", err, err)
	}
	for _, secret := range append(forbidden, "127.0.0.1", "localhost", "://") {
		if strings.Contains(f.Error(), secret) {
			t.Errorf("the message holds %q: %s", secret, f.Error())
		}
	}
	return f.Error()
}

// call runs a program once over a client of its own.
func call(t testing.TB, p *Program, arguments map[string]any) (Response, error) {
	t.Helper()
	return p.Run(context.Background(), newClient(t, ClientOptions{}), inputs(maps.Clone(arguments)))
}
