package mcpserver

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

func TestStubSchema(t *testing.T) {
	for _, c := range []struct{ name, input, want string }{
		{"none", `{"type":"object","properties":{"a":{"type":"string"}}}`, bareSchema},
		{
			"one", `{"type":"object","required":["a"],"properties":{"a":{"type":"string","x-mcp-header":"A","minLength":1},"b":{"type":"integer"}}}`,
			`{"type":"object","properties":{"a":{"type":"string","x-mcp-header":"A"}}}`,
		},
		{
			"nested", `{"type":"object","properties":{"o":{"type":["object","null"],"properties":{"a":{"type":"integer","x-mcp-header":"A"},"b":{}}},"t":true}}`,
			`{"type":"object","properties":{"o":{"properties":{"a":{"type":"integer","x-mcp-header":"A"}}}}}`,
		},
		{"as a property", `{"type":"object","properties":{"x-mcp-header":{"type":"string"}}}`, bareSchema},
	} {
		if got := stubSchema([]byte(c.input)); got != c.want {
			t.Errorf("%s: got  %s\nwant %s", c.name, got, c.want)
		}
	}
}

// An argument that is repeated in a header has to be the same in both.
func TestParamHeader(t *testing.T) {
	s, _ := serve(t, Options{}, `tool: near
description: Is repeated in a header.
inputSchema:
  type: object
  properties: {region: {type: string, description: Where, x-mcp-header: Region}}
  required: [region]
  additionalProperties: false
expr: |
  input.region
`)
	url := serveHTTP(t, s)
	const body = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"near","arguments":{"region":"eu"},` + modernMeta + `}}`
	for _, c := range []struct {
		header string
		status int
		want   string
	}{
		{"eu", 200, `"text":"eu"`},
		{"=?base64?ZXU=?=", 200, `"text":"eu"`},
		{"us", 400, `"code":-32020`},
		{"", 400, `"code":-32020`},
	} {
		h := modernHeader("tools/call", headerName, "near")
		if c.header != "" {
			h.Set("Mcp-Param-Region", c.header)
		}
		if res, got := post(t, url, h, body); res.StatusCode != c.status || !strings.Contains(got, c.want) {
			t.Errorf("header %q: got %d %s", c.header, res.StatusCode, got)
		}
	}
}

func TestAnnouncer(t *testing.T) {
	var a announcer
	one, two := new(mcp.ServerSession), new(mcp.ServerSession)
	live := func(yield func(*mcp.ServerSession) bool) { _ = yield(one) && yield(two) }
	var told []bool
	a.hold()
	told = append(told, a.due(one))
	a.release(live)
	told = append(told, a.due(one), a.due(one), a.due(two))
	a.hold()
	told = append(told, a.due(one))
	a.release(live)
	told = append(told, a.due(one))
	if diff := cmp.Diff([]bool{false, true, false, true, false, true}, told); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	a.release(func(func(*mcp.ServerSession) bool) {})
	if len(a.told) != 0 {
		t.Error("sessions that are gone are remembered")
	}
}

// A stream that only listens ends in time, and when the server closes.
func TestStreamsEnd(t *testing.T) {
	for _, c := range []struct {
		name  string
		close time.Duration
		want  time.Duration
	}{
		{"limit", time.Hour, time.Minute},
		{"close", time.Second, time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, _ := serve(t, Options{StreamLimit: time.Minute}, toolAdd)
				r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/mcp", strings.NewReader(
					`{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{"notifications":{"toolsListChanged":true},`+modernMeta+`}}`))
				r.Header = modernHeader("subscriptions/listen")
				time.AfterFunc(c.close, s.Close)
				began := time.Now()
				s.Handler().ServeHTTP(httptest.NewRecorder(), r)
				if took := time.Since(began); took != c.want {
					t.Errorf("the stream ended after %v, want %v", took, c.want)
				}
			})
		})
	}
}
