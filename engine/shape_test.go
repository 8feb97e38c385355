package engine_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/engine/httpcall"
)

// What an answer in bytes comes to: its content by type, or the error that
// isError and outputSchema make of it.
func TestBinaryResults(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mediaType, body, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "_")
		w.Header().Set("Content-Type", strings.ReplaceAll(mediaType, "-", "/"))
		if body == "missing" {
			w.WriteHeader(http.StatusNotFound)
		}
		fmt.Fprint(w, body)
	}))
	defer server.Close()
	client := httpcall.NewClient(httpcall.ClientOptions{})
	defer client.Close()
	e := engine.New(engine.Options{Client: client})
	tool := `description: Gets bytes from a server, for a test.
inputSchema: {type: object, properties: {q: {type: string}}, required: [q], additionalProperties: false}
http: {upstream: local, path: "/${input.q}", response: {as: bytes, expect: [2xx, 404]}}
`
	publish(t, e, files{"a.yaml": "upstream: local\nallowPrivate: true\nbaseUrl: " + server.URL + "\n---\n" +
		"tool: plain\n" + tool + "isError: response.status == 404\n---\n" +
		"tool: promising\n" + tool + "outputSchema: {type: object}\n"})
	for _, test := range []struct {
		tool, q string
		isError bool
		want    engine.Content
	}{
		{"plain", "image-png_abc", false, engine.Content{Type: engine.Image, MIMEType: "image/png"}},
		{"plain", "audio-ogg_abc", false, engine.Content{Type: engine.Audio, MIMEType: "audio/ogg"}},
		{"plain", "application-pdf_abc", false, engine.Content{Type: engine.Blob, MIMEType: "application/pdf", URI: "toolsd:///results/plain"}},
		{"plain", "text-plain_missing", true, engine.Content{Text: "missing"}},
		{"promising", "image-png_abc", true, engine.Content{Text: "The tool promising gave a result that its own outputSchema does not allow."}},
	} {
		r, err := e.Call(context.Background(), test.tool, json.RawMessage(`{"q": "`+test.q+`"}`))
		if err != nil {
			t.Fatal(err)
		}
		got := r.Content[0]
		if r.IsError != test.isError || got.Type != test.want.Type || got.MIMEType != test.want.MIMEType || got.URI != test.want.URI ||
			!strings.HasPrefix(got.Text, test.want.Text) || !test.isError && string(got.Data) != "abc" {
			t.Errorf("%s of %s: isError %v, %+v", test.tool, test.q, r.IsError, got)
		}
	}
}

func TestFailuresHaveAText(t *testing.T) {
	for _, test := range []struct{ expr, want string }{
		{`nil`, "The tool reported an error and did not say which."},
		{`""`, "The tool reported an error and did not say which."},
		{`"no such thing"`, "no such thing"},
		{`{code: 7}`, `{"code":7}`},
		{`repeat("é", 100)`, strings.Repeat("é", 50)},
	} {
		e := newEngine(nil)
		publish(t, e, files{"a.yaml": "tool: a\ndescription: Fails always, for a test.\n" +
			"inputSchema: {type: object, additionalProperties: false}\nlimit: {bytes: 100}\nexpr: |\n  " + test.expr + "\nisError: \"true\"\n"})
		r, err := e.Call(context.Background(), "a", nil)
		if err != nil {
			t.Fatal(err)
		}
		if !r.IsError || r.Structured != nil || r.Content[0].Text != test.want {
			t.Errorf("%s: %+v", test.expr, r)
		}
		if cut := strings.HasPrefix(test.expr, "repeat"); cut != (len(r.Content) == 2) {
			t.Errorf("%s: %d blocks", test.expr, len(r.Content))
		}
	}
}
