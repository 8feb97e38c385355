package httpcall

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

// The same call to the same server: by a program, with everything that holds
// calls back and never has to, with its answer kept, and by net/http alone.
func BenchmarkCall(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"count": 2, "items": [{"id": 1, "name": "first"}, {"id": 2, "name": "second"}]}`)
	}))
	defer server.Close()

	for name, settings := range map[string]string{
		"program":   "",
		"resilient": "rateLimit: {requests: 1000000, per: 1ms}\nconcurrency: {limit: 10}\ncircuitBreaker: {}\n",
		"kept":      "cache: {ttl: 1h}\n",
	} {
		b.Run(name, func(b *testing.B) {
			p := build(b, tool(server.URL, settings+"auth: {bearer: '${env.TOKEN}'}\nheaders: {Accept: application/json}", "path: /users/${input.id}/items\nquery: {state: '${input.state}', per_page: 20}"), environ{"TOKEN": "secret"})
			c := newClient(b, ClientOptions{})
			vars := inputs(map[string]any{"id": "ann", "state": "open"})
			b.ReportAllocs()
			for b.Loop() {
				if _, err := p.Run(context.Background(), c, vars); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("net-http", func(b *testing.B) {
		client := &http.Client{Transport: &http.Transport{}}
		defer client.CloseIdleConnections()
		b.ReportAllocs()
		for b.Loop() {
			req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, server.URL+"/users/ann/items?state=open&per_page=20", nil)
			if err != nil {
				b.Fatal(err)
			}
			req.Header.Set("Accept", "application/json")
			req.Header.Set("Authorization", "Bearer secret")
			resp, err := client.Do(req)
			if err != nil {
				b.Fatal(err)
			}
			body, err := io.ReadAll(resp.Body)
			resp.Body.Close()
			if err != nil {
				b.Fatal(err)
			}
			var value any
			err = json.Unmarshal(body, &value)
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}

// Rendering alone, without the network.
func BenchmarkRender(b *testing.B) {
	p := build(b, tool("https://api.example.com", "auth: {bearer: '${env.TOKEN}'}", "path: /users/${input.id}\nquery: {a: '${input.id}'}\njson: {v: '${input.id}'}"), environ{"TOKEN": "secret"})
	vars := inputs(map[string]any{"id": "ann"})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.render(context.Background(), vars); err != nil {
			b.Fatal(err)
		}
	}
}
