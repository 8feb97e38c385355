package mcpserver

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/toolsd/toolsd/engine"
)

// behaving is an engine whose calls are made by a function.
type behaving struct {
	*engine.Engine
	call func(context.Context) (*engine.Result, error)
}

func (b behaving) Call(ctx context.Context, _ string, _ json.RawMessage) (*engine.Result, error) {
	return b.call(ctx)
}

// serveCall serves one tool, slow, that does what call does.
func serveCall(t testing.TB, o Options, call func(context.Context) (*engine.Result, error)) *Server {
	t.Helper()
	e := engine.New(engine.Options{})
	s := New(behaving{e, call}, o)
	t.Cleanup(s.Close)
	publish(t, e, toolSaying("slow", "Takes its time.", "done"))
	return s
}

// A slowCall is finished when told so, or when it is given up.
type slowCall struct {
	started, finish chan struct{}
	err             chan error // why it ended
}

func serveSlow(t testing.TB, o Options) (*Server, slowCall) {
	c := slowCall{started: make(chan struct{}, 10), finish: make(chan struct{}), err: make(chan error, 10)}
	return serveCall(t, o, func(ctx context.Context) (*engine.Result, error) {
		c.started <- struct{}{}
		select {
		case <-c.finish:
			c.err <- nil
			return &engine.Result{Content: []engine.Content{{Text: "done"}}}, nil
		case <-ctx.Done():
			c.err <- ctx.Err()
			return nil, ctx.Err()
		}
	}), c
}

func TestPanic(t *testing.T) {
	var log bytes.Buffer
	s := serveCall(t, Options{Logger: slog.New(slog.NewTextHandler(&log, nil))},
		func(context.Context) (*engine.Result, error) { panic("a secret") })
	_, body := post(t, serveHTTP(t, s), legacyHeader("X-Ms-Invocation-Id", "id-of-the-call"),
		`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"slow"}}`)
	const want = `{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"The tool failed unexpectedly; its operator can find out more under the id id-of-the-call."}],"isError":true}}`
	if body != want {
		t.Errorf("got  %s\nwant %s", body, want)
	}
	line := log.String()
	if strings.Count(line, "\n") != 1 || !strings.Contains(line, "id-of-the-call") || !strings.Contains(line, "a secret") || !strings.Contains(line, "call_test.go") {
		t.Errorf("log is %s", line)
	}
}

// An error that an engine should not return is not shown.
func TestUnexpectedError(t *testing.T) {
	s := serveCall(t, Options{}, func(context.Context) (*engine.Result, error) { return nil, errors.New("a secret") })
	_, body := post(t, serveHTTP(t, s), legacyHeader(), `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"slow"}}`)
	if strings.Contains(body, "secret") || !strings.Contains(body, `"isError":true`) {
		t.Errorf("got %s", body)
	}
}

// Each kind of content comes out as the protocol's own.
func TestContent(t *testing.T) {
	s := serveCall(t, Options{}, func(context.Context) (*engine.Result, error) {
		return &engine.Result{Content: []engine.Content{
			{Type: engine.Text, Text: "<é>"},
			{Type: engine.Image, Data: []byte{1}, MIMEType: "image/png"},
			{Type: engine.Audio, Data: []byte{2}, MIMEType: "audio/wav"},
			{Type: engine.Blob, Data: []byte{3}, MIMEType: "application/zip", URI: "toolsd:result"},
		}}, nil
	})
	_, body := post(t, serveHTTP(t, s), legacyHeader(), `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"slow"}}`)
	const want = `{"jsonrpc":"2.0","id":1,"result":{"content":[` +
		`{"type":"text","text":"\u003cé\u003e"},` +
		`{"type":"image","mimeType":"image/png","data":"AQ=="},` +
		`{"type":"audio","mimeType":"audio/wav","data":"Ag=="},` +
		`{"type":"resource","resource":{"uri":"toolsd:result","mimeType":"application/zip","blob":"Aw=="}}]}}`
	if body != want {
		t.Errorf("got  %s\nwant %s", body, want)
	}
}

// When all places are taken a call waits for one, and is told so when there is
// none in time.
func TestPlaces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, slow := serveSlow(t, Options{Bounds: Bounds{Calls: 1}})
		client := connectPipes(t, s, firstModern, nil)
		call := func() <-chan string {
			text := make(chan string, 1)
			go func() {
				res, err := client.CallTool(t.Context(), &mcp.CallToolParams{Name: "slow"})
				if err != nil {
					text <- err.Error()
					return
				}
				text <- fmt.Sprint(res.IsError, " ", textOf(t, res))
			}()
			return text
		}
		first := call()
		<-slow.started
		if got, want := <-call(), "true The server is busy: it runs 1 calls already. Try again in a few seconds."; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		third := call()
		synctest.Wait()
		slow.finish <- struct{}{}
		slow.finish <- struct{}{}
		for _, answer := range []<-chan string{first, third} {
			if got, want := <-answer, "false done"; got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		}
	})
}

// Who hangs up has given up the call, where no session lets it be given up in
// words.
func TestDisconnect(t *testing.T) {
	for _, c := range []struct {
		name, meta string
		header     http.Header
	}{
		{"modern", "," + modernMeta, modernHeader("tools/call", headerName, "slow")},
		{"legacy without a session", "", legacyHeader()},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, slow := serveSlow(t, Options{})
			ctx, cancel := context.WithCancel(t.Context())
			r, err := http.NewRequestWithContext(ctx, http.MethodPost, serveHTTP(t, s),
				strings.NewReader(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"slow"`+c.meta+`}}`))
			if err != nil {
				t.Fatal(err)
			}
			r.Header = c.header
			go func() {
				<-slow.started
				cancel()
			}()
			if res, err := http.DefaultClient.Do(r); err == nil {
				_ = res.Body.Close()
			}
			if err := <-slow.err; !errors.Is(err, context.Canceled) {
				t.Errorf("the call ended with %v", err)
			}
		})
	}
}

func TestCallID(t *testing.T) {
	const trace = "4bf92f3577b34da6a3ce929d0e0e4736"
	for _, c := range []struct {
		name, invocation, traceparent, want string // want is empty for a random id
	}{
		{"invocation", "5a1c-77", "00-" + trace + "-00f067aa0ba902b7-01", "5a1c-77"},
		{"trace", "", "00-" + trace + "-00f067aa0ba902b7-01", trace},
		{"forged line", "a\nb", "", ""},
		{"too long", strings.Repeat("a", 65), "", ""},
		{"broken trace", "", "00-xyz", ""},
		{"nothing", "", "", ""},
	} {
		h := http.Header{"X-Ms-Invocation-Id": {c.invocation}, "Traceparent": {c.traceparent}}
		got := callID(h)
		if c.want != "" && got != c.want || c.want == "" && len(got) != 26 {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
	if a, b := callID(nil), callID(nil); a == b {
		t.Errorf("two calls have the id %q", a)
	}
}
