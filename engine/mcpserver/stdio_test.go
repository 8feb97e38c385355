package mcpserver

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
)

// Whatever a line holds, the next one is answered.
func TestLines(t *testing.T) {
	s, _ := serve(t, Options{Bounds: Bounds{BodyBytes: 200}}, toolSaying("greet", "Greet.", "hello"))
	const ping = `{"jsonrpc":"2.0","id":1,"method":"ping"}`
	const pong = `{"jsonrpc":"2.0","id":1,"result":{}}`
	for _, c := range []struct{ name, in, want string }{
		{"nothing", "", ""},
		{"ping", ping + "\n", pong + "\n"},
		{"last line without end", ping, pong + "\n"},
		{"carriage return", ping + "\r\n", pong + "\n"},
		{"empty lines", "\n \n\r\n" + ping + "\n", pong + "\n"},
		{
			"broken", "{\"jsonrpc\":\n" + ping + "\n",
			`{"jsonrpc":"2.0","error":{"code":-32700,"message":"the message is not valid JSON"}}` + "\n" + pong + "\n",
		},
		{
			"two on a line", ping + ping + "\n" + ping + "\n",
			`{"jsonrpc":"2.0","error":{"code":-32700,"message":"the message is not valid JSON"}}` + "\n" + pong + "\n",
		},
		{
			"null as id", `{"jsonrpc":"2.0","id":null,"method":"ping"}` + "\n" + ping + "\n",
			`{"jsonrpc":"2.0","error":{"code":-32600,"message":"an id is a string or a whole number of at most 53 bits"}}` + "\n" + pong + "\n",
		},
		{
			"too long", `"` + strings.Repeat("x", 70000) + "\"\n" + ping + "\n",
			`{"jsonrpc":"2.0","error":{"code":-32600,"message":"a line may be at most 200 bytes long"}}` + "\n" + pong + "\n",
		},
		{
			"too long without end", strings.Repeat("x", 300),
			`{"jsonrpc":"2.0","error":{"code":-32600,"message":"a line may be at most 200 bytes long"}}` + "\n",
		},
		{
			"unknown method", `{"jsonrpc":"2.0","id":2,"method":"x"}` + "\n",
			`{"jsonrpc":"2.0","id":2,"error":{"code":-32601,"message":"this server does not offer the method \"x\""}}` + "\n",
		},
		{
			"before initialize", `{"jsonrpc":"2.0","id":2,"method":"tools/list"}` + "\n",
			`{"jsonrpc":"2.0","id":2,"error":{"code":-32600,"message":"method \"tools/list\" is invalid during session initialization"}}` + "\n",
		},
		{
			"initialize twice", initializeBody("2024-11-05") + "\n" + strings.Replace(initializeBody("2024-11-05"), `"id":0`, `"id":1`, 1) + "\n",
			`{"jsonrpc":"2.0","id":0,"result":{"capabilities":{"logging":{},"tools":{"listChanged":true}},"protocolVersion":"2024-11-05","serverInfo":{"name":"toolsd","version":"0.0.0"}}}` + "\n" +
				`{"jsonrpc":"2.0","id":1,"error":{"code":-32600,"message":"this session was initialized before"}}` + "\n",
		},
		{"batch", "[" + ping + "]\n", pong + "\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out bytes.Buffer
			if err := s.RunStdio(t.Context(), strings.NewReader(c.in), &out); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, out.String()); diff != "" {
				t.Errorf("output (-want +got):\n%s", diff)
			}
		})
	}
}

// Who asks and closes is answered, however long the call takes.
func TestDrain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, slow := serveSlow(t, Options{})
		in, client := io.Pipe()
		var out bytes.Buffer
		done := make(chan error, 1)
		go func() { done <- s.RunStdio(t.Context(), in, &out) }()
		const call = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"slow"}}` + "\n"
		_, _ = io.WriteString(client, initializeBody(lastLegacy)+"\n"+call)
		<-slow.started
		_, _ = io.WriteString(client, call) // whose id is in use
		_ = client.Close()
		synctest.Wait()
		close(slow.finish)
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		_, got, _ := strings.Cut(out.String(), "\n") // after the answer to initialize
		const want = `{"jsonrpc":"2.0","id":1,"error":{"code":-32600,"message":"a request with this id is running"}}` + "\n" +
			`{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"done"}]}}` + "\n"
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("output (-want +got):\n%s", diff)
		}
	})
}

// What never ends does not keep the process.
func TestDrainEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, slow := serveSlow(t, Options{})
		done := make(chan error, 1)
		go func() {
			in := strings.NewReader(initializeBody(lastLegacy) + "\n" + `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"slow"}}`)
			done <- s.RunStdio(t.Context(), in, io.Discard)
		}()
		<-slow.started
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if !errors.Is(<-slow.err, context.Canceled) {
			t.Error("the call was not given up")
		}
	})
}

func TestStdioContext(t *testing.T) {
	s, _ := serve(t, Options{}, toolAdd)
	in, client := io.Pipe()
	defer client.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.RunStdio(ctx, in, io.Discard); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
