package engine_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/engine/httpcall"
)

// The same request to the same service: by a tool, from its arguments to its
// result, by a tool of one step, by one that calls that tool, and by net/http
// alone.
func BenchmarkCallHTTP(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"count": 2, "items": [{"id": 1, "name": "first"}, {"id": 2, "name": "second"}]}`)
	}))
	defer server.Close()
	client := httpcall.NewClient(httpcall.ClientOptions{})
	defer client.Close()
	e := engine.New(engine.Options{Client: client})
	const about = "\ndescription: Lists what somebody has, for a test.\nannotations: {readOnlyHint: true}\n" +
		"inputSchema: {type: object, properties: {id: {type: string}}, required: [id], additionalProperties: false}\n"
	publishBench(b, e, "upstream: api\nbaseUrl: "+server.URL+"\n---\n"+
		"tool: body"+about+"http: {upstream: api, path: '/users/${input.id}'}\nresult: '${response.body.items}'\n---\n"+
		"tool: step"+about+"steps: [{id: a, http: {upstream: api, path: '/users/${input.id}'}}]\nresult: '${steps.a.body.items}'\n---\n"+
		"tool: outer"+about+"steps: [{tool: body, input: {id: '${input.id}'}}]\n")
	arguments := json.RawMessage(`{"id": "ann"}`)
	for _, name := range []string{"body", "step", "outer"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if r, err := e.Call(b.Context(), name, arguments); err != nil || r.IsError {
					b.Fatal(r, err)
				}
			}
		})
	}
	b.Run("net-http", func(b *testing.B) {
		bare := &http.Client{Transport: &http.Transport{}}
		defer bare.CloseIdleConnections()
		b.ReportAllocs()
		for b.Loop() {
			resp, err := bare.Get(server.URL + "/users/ann")
			if err != nil {
				b.Fatal(err)
			}
			var value any
			if err := json.NewDecoder(resp.Body).Decode(&value); err != nil {
				b.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		}
	})
}

func publishBench(b *testing.B, e *engine.Engine, source string) {
	change := e.Publish(files{"a.yaml": source}.sources())
	if len(change.Diagnostics) > 0 {
		b.Fatal(text(change.Diagnostics))
	}
}
