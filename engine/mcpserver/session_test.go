package mcpserver

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const callWho = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"who"}}`

// A session's calls are made for the caller of each request, not for the one
// who opened it.
func TestCallerOfSession(t *testing.T) {
	s, _ := serve(t, Options{}, toolAdd, toolWho)
	url := serveHTTP(t, s)
	h := openSession(t, url, "Test-Caller", "ann read")
	const list = `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`
	for _, c := range []struct{ caller, call, who string }{
		{"ann read", `"text":"ann"`, `"name":"who"`},
		{"ann", `"code":-32602,"message":"unknown tool \"who\""`, `[{"description":"Add`},
	} {
		h.Set("Test-Caller", c.caller)
		if _, body := post(t, url, h, callWho); !strings.Contains(body, c.call) {
			t.Errorf("%s: got %s", c.caller, body)
		}
		_, body := post(t, url, h, list)
		if strings.Contains(body, `"name":"who"`) != strings.Contains(c.who, "who") {
			t.Errorf("%s: got the list %s", c.caller, body)
		}
		if !strings.Contains(body, `"cacheScope":"private"`) {
			t.Errorf("a list that depends on the caller may be cached: %s", body)
		}
	}
}

// A session is of use only to the caller who opened it.
func TestForeignSession(t *testing.T) {
	s, _ := serve(t, Options{}, toolWho)
	url := serveHTTP(t, s)
	h := openSession(t, url, "Test-Caller", "ann read")
	for _, caller := range []string{"bob read", ""} {
		h.Set("Test-Caller", caller)
		for _, method := range []string{http.MethodPost, http.MethodGet, http.MethodDelete} {
			res := send(t, method, url, h, callWho)
			_ = res.Body.Close()
			if res.StatusCode != http.StatusNotFound {
				t.Errorf("%s by %q: status is %d", method, caller, res.StatusCode)
			}
		}
	}
	h.Set("Test-Caller", "ann read")
	res := send(t, http.MethodDelete, url, h, "")
	_ = res.Body.Close()
	if res.StatusCode != http.StatusNoContent {
		t.Errorf("the end of the session: status is %d", res.StatusCode)
	}
	if res, body := post(t, url, h, callWho); res.StatusCode != http.StatusNotFound {
		t.Errorf("after its end: %d %s", res.StatusCode, body)
	}
}

// Where there is no room for a session, and where there are none, an older
// client is served without.
func TestWithoutSession(t *testing.T) {
	for _, o := range []Options{{Stateless: true}, {Bounds: Bounds{Sessions: 1}}} {
		t.Run(fmt.Sprintf("stateless %v", o.Stateless), func(t *testing.T) {
			s, _ := serve(t, o, toolSaying("greet", "Greet.", "hello"))
			url := serveHTTP(t, s)
			if !o.Stateless {
				openSession(t, url)
			}
			res, body := post(t, url, legacyHeader(), initializeBody(lastLegacy))
			const want = `{"jsonrpc":"2.0","id":0,"result":{"capabilities":{"tools":{}},"protocolVersion":"2025-11-25","serverInfo":{"name":"toolsd","version":"0.0.0"}}}`
			if res.Header.Get(headerSession) != "" || body != want {
				t.Errorf("session %q, %s", res.Header.Get(headerSession), body)
			}
			h := legacyHeader(headerVersion, lastLegacy)
			if res, _ := post(t, url, h, `{"jsonrpc":"2.0","method":"notifications/initialized"}`); res.StatusCode != http.StatusAccepted {
				t.Errorf("initialized: status is %d", res.StatusCode)
			}
			if _, body := post(t, url, h, `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"greet"}}`); !strings.Contains(body, "hello") {
				t.Errorf("got %s", body)
			}
			// Nothing would keep the level.
			if _, body := post(t, url, h, `{"jsonrpc":"2.0","id":2,"method":"logging/setLevel","params":{"level":"info"}}`); !strings.Contains(body, "-32601") {
				t.Errorf("logging/setLevel: got %s", body)
			}
		})
	}
}

// Notifications of a session arrive, although their requests are over by then.
func TestNotificationOfSession(t *testing.T) {
	var log bytes.Buffer
	s, _ := serve(t, Options{Logger: slog.New(slog.NewTextHandler(&log, nil))}, toolAdd)
	url := serveHTTP(t, s)
	h := openSession(t, url)
	post(t, url, h, `{"jsonrpc":"2.0","method":"notifications/initialized"}`)
	post(t, url, h, `{"jsonrpc":"2.0","id":1,"method":"ping"}`) // is looked at after it
	if !strings.Contains(log.String(), "duplicate initialized notification") {
		t.Errorf("the first notification was lost: %s", log.String())
	}
}

// A client that asks for a newer version than the handshake can give is told
// of changes all the same.
func TestInitializeTooNew(t *testing.T) {
	s, _ := serve(t, Options{}, toolAdd)
	_, body := post(t, serveHTTP(t, s), legacyHeader(), initializeBody(firstModern))
	if !strings.Contains(body, `"protocolVersion":"2025-11-25"`) {
		t.Errorf("got %s", body)
	}
	for session := range s.mcp.Sessions() {
		if got := session.InitializeParams().ProtocolVersion; got != lastLegacy {
			t.Errorf("the session is taken to be at %s", got)
		}
	}
}

func TestLayered(t *testing.T) {
	type key string
	for _, whole := range []bool{false, true} {
		under, cancel := context.WithCancelCause(context.WithValue(t.Context(), key("a"), "under"))
		request, end := context.WithCancel(context.WithValue(context.WithValue(t.Context(), key("a"), "request"), key("b"), "request"))
		var p requests
		r, done := p.pass((&http.Request{Header: http.Header{}}).WithContext(request), whole)
		messages := make([]context.Context, 2)
		for i := range messages {
			ctx, release, err := p.under(under, r.Header)
			if err != nil {
				t.Fatal(err)
			}
			defer release()
			if diff := cmp.Diff([]any{"request", "request"}, []any{ctx.Value(key("a")), ctx.Value(key("b"))}); diff != "" {
				t.Errorf("values (-want +got):\n%s", diff)
			}
			messages[i] = ctx
		}
		end()
		if whole {
			<-messages[0].Done()
		} else if messages[0].Err() != nil {
			t.Error("the end of the request ends a message of a session")
		}
		cancel(errRequestOver)
		if got := context.Cause(messages[1]); !whole && !errors.Is(got, errRequestOver) {
			t.Errorf("cause = %v", got)
		}
		done()
		if _, _, err := p.under(under, r.Header); err == nil {
			t.Error("a message is looked at after its request is over")
		}
	}
}
