package mcpserver

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// BenchmarkCall compares a call of an expression tool with one of the same
// tool written by hand against the SDK, without a network in between.
func BenchmarkCall(b *testing.B) {
	type in struct {
		A float64 `json:"a"`
		B float64 `json:"b"`
	}
	type out struct {
		Sum float64 `json:"sum"`
	}
	hand := mcp.NewServer(&mcp.Implementation{Name: "hand", Version: "1"}, nil)
	mcp.AddTool(hand, &mcp.Tool{Name: "add", Description: "Add two numbers."},
		func(_ context.Context, _ *mcp.CallToolRequest, i in) (*mcp.CallToolResult, out, error) {
			return nil, out{i.A + i.B}, nil
		})
	ours, _ := serve(b, Options{}, toolAdd)
	const params = `"name":"add","arguments":{"a":1,"b":2}`
	for _, server := range []struct {
		name    string
		handler http.Handler
	}{
		{"toolsd", ours.Handler()},
		{"hand", mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return hand }, &mcp.StreamableHTTPOptions{Stateless: true})},
	} {
		for _, era := range []struct {
			name   string
			header http.Header
			params string
		}{
			{"legacy", legacyHeader(headerVersion, lastLegacy), params},
			{"modern", modernHeader("tools/call", headerName, "add"), params + "," + modernMeta},
		} {
			body := `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{` + era.params + `}}`
			b.Run(server.name+"/"+era.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					r := httptest.NewRequestWithContext(b.Context(), http.MethodPost, "/mcp", strings.NewReader(body))
					r.Header = era.header.Clone()
					w := httptest.NewRecorder()
					server.handler.ServeHTTP(w, r)
					if !strings.Contains(w.Body.String(), `"sum":3`) {
						b.Fatal(w.Body)
					}
				}
			})
		}
	}
}

// BenchmarkReadMessages is what this package adds to the reading of a request.
func BenchmarkReadMessages(b *testing.B) {
	body := []byte(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"add","arguments":{"a":1,"b":2},` + modernMeta + `}}`)
	bounds := Options{}.withDefaults().Bounds
	b.ReportAllocs()
	for b.Loop() {
		if _, _, f := readMessages(body, bounds); f != nil {
			b.Fatal(f.err.Message)
		}
	}
}
