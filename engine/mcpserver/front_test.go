package mcpserver

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFront(t *testing.T) {
	local := Front{Loopback: true}
	for _, c := range []struct {
		name      string
		front     Front
		host      string
		forwarded string
		origin    string
		want      int
	}{
		{"localhost", local, "localhost:8080", "", "", 200},
		{"address", local, "127.0.0.1:8080", "", "", 200},
		{"IPv6 address", local, "[::1]:8080", "", "", 200},
		{"IPv6 address without port", local, "[::1]", "", "", 200},
		{"capitals", local, "LOCALHOST", "", "", 200},
		{"rebound name", local, "evil.example:8080", "", "", 403},
		{"name that begins well", local, "localhost.evil.example", "", "", 403},
		{"no host", local, "", "", "", 403},
		{"allowed name", Front{Loopback: true, Hosts: []string{"Tools.Example"}}, "tools.example:99", "", "", 200},
		{"allowed name and port", Front{Loopback: true, Hosts: []string{"tools.example:99"}}, "tools.example:99", "", "", 200},
		{"other port", Front{Loopback: true, Hosts: []string{"tools.example:99"}}, "tools.example:98", "", "", 403},
		{"public", Front{}, "anything.example", "", "", 200},
		{"public, with names", Front{Hosts: []string{"tools.example"}}, "anything.example", "", "", 403},
		{"public, by loopback name", Front{Hosts: []string{"tools.example"}}, "localhost", "", "", 403},
		{"forwarded", Front{Loopback: true, Forwarded: true}, "127.0.0.1:80", "evil.example", "", 403},
		{"forwarded name", Front{Forwarded: true, Hosts: []string{"app.example"}}, "127.0.0.1:80", "app.example", "", 200},
		{"forwarded name before the proxy's own", Front{Loopback: true, Forwarded: true}, "127.0.0.1:80", "localhost, evil.example", "", 403},
		{"the proxy's own name behind another", Front{Forwarded: true, Hosts: []string{"app.example"}}, "127.0.0.1:80", "evil.example, app.example", "", 200},
		{"forwarded, not believed", local, "127.0.0.1:80", "evil.example", "", 200},
		{"page of this machine", local, "localhost:8080", "", "http://127.0.0.1:6274", 200},
		{"foreign page", local, "localhost:8080", "", "https://evil.example", 403},
		{"page without origin", local, "localhost:8080", "", "null", 403},
		{"page of a file", local, "localhost:8080", "", "file://localhost", 403},
		{"page of the host", Front{}, "app.example", "", "https://app.example", 200},
		{"page of the host, forwarded", Front{Forwarded: true}, "127.0.0.1:80", "app.example", "https://app.example", 200},
		{"page of another port", Front{}, "app.example", "", "https://app.example:444", 403},
		{"loopback page of a public server", Front{}, "app.example", "", "http://localhost", 403},
		{"allowed page", Front{Origins: []string{"https://portal.example/"}}, "app.example", "", "https://portal.example", 200},
		{"any page", Front{Origins: []string{"*"}}, "app.example", "", "https://portal.example", 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, "/mcp", nil)
			r.Host = c.host
			if c.forwarded != "" {
				r.Header.Set("X-Forwarded-Host", c.forwarded)
			}
			if c.origin != "" {
				r.Header.Set("Origin", c.origin)
			}
			w := httptest.NewRecorder()
			passed := false
			c.front.Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { passed = true })).ServeHTTP(w, r)
			if w.Code != c.want || passed != (c.want == 200) {
				t.Errorf("status is %d, passed %v; want %d", w.Code, passed, c.want)
			}
			if c.want == 403 {
				indented(t, w.Body.String())
			}
			if allowed := w.Header().Get("Access-Control-Allow-Origin"); (allowed != "") != (c.want == 200 && c.origin != "") {
				t.Errorf("Access-Control-Allow-Origin is %q", allowed)
			}
		})
	}
}

func TestPreflight(t *testing.T) {
	r := httptest.NewRequest(http.MethodOptions, "/mcp", nil)
	r.Host = "localhost:8080"
	r.Header.Set("Origin", "http://localhost:6274")
	r.Header.Set("Access-Control-Request-Method", "POST")
	r.Header.Set("Access-Control-Request-Headers", "content-type, mcp-param-region, x-evil, mcp-param-a b")
	w := httptest.NewRecorder()
	Front{Loopback: true}.Handler(http.NotFoundHandler()).ServeHTTP(w, r)
	if w.Code != http.StatusNoContent {
		t.Errorf("status is %d", w.Code)
	}
	want := http.Header{
		"Vary":                         {"Origin"},
		"Access-Control-Allow-Origin":  {"http://localhost:6274"},
		"Access-Control-Allow-Methods": {"GET, POST, DELETE"},
		"Access-Control-Allow-Headers": {"Accept, Authorization, Content-Type, Last-Event-ID, Mcp-Method, Mcp-Name, " +
			"MCP-Protocol-Version, Mcp-Session-Id, Traceparent, X-Functions-Key, mcp-param-region"},
		"Access-Control-Max-Age": {"600"},
	}
	if diff := cmp.Diff(want, w.Header()); diff != "" {
		t.Errorf("header (-want +got):\n%s", diff)
	}
}
