package engine_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/engine/httpcall"
)

// endless has a next page behind each page, and streams without an end in sight.
func endless(w http.ResponseWriter, r *http.Request) {
	page := r.URL.Query().Get("page")
	switch r.URL.Path {
	case "/pages":
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Link", fmt.Sprintf(`</pages?page=%s1>; rel="next"`, page))
		fmt.Fprintf(w, `[{"page": "%s", "text": %q}, {}]`, page, strings.Repeat("ä", 400))
	case "/lines":
		w.Header().Set("Content-Type", "application/x-ndjson")
		for n := range 5 {
			fmt.Fprintln(w, n)
		}
	case "/upload":
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"bytes": %d}`, len(body))
	}
}

const turning = `upstream: api
baseUrl: ${env.API}
auth: {query: {name: key, value: "${env.TOKEN}"}}
---
tool: pages
description: Lists pages, for a test.
annotations: {readOnlyHint: true}
inputSchema: {type: object, properties: {size: {type: integer}}, additionalProperties: false}
http: {upstream: api, path: /pages, query: {size: "${input.size}"}, paginate: {next: link, maxPages: 3}}
limit: {bytes: 1KiB, items: 4}
tests:
  - name: three
---
tool: count
description: Counts what is on the pages, for a test.
annotations: {readOnlyHint: true}
inputSchema: {type: object, additionalProperties: false}
http: {upstream: api, path: /pages, paginate: {next: link, maxItems: 3}}
result: {count: "${len(response.items)}"}
---
tool: lines
description: Reads lines, for a test.
annotations: {readOnlyHint: true}
inputSchema: {type: object, additionalProperties: false}
http: {upstream: api, path: /lines, response: {maxItems: 2}}
---
tool: upload
description: Uploads something, for a test.
inputSchema: {type: object, additionalProperties: false}
http:
  upstream: api
  path: /upload
  multipart:
    token: ${env.TOKEN}
    twice: [a, b]
    file: {base64: /wD/, filename: 'a"b.bin'}
    text: {data: hello, filename: a.txt, contentType: text/plain}
tests:
  - name: parts
`

func startTurning(t *testing.T) (engine.Options, files) {
	server := httptest.NewServer(http.HandlerFunc(endless))
	t.Cleanup(server.Close)
	client := httpcall.NewClient(httpcall.ClientOptions{})
	t.Cleanup(client.Close)
	env := map[string]string{"API": server.URL, "TOKEN": "planted-token"}
	return engine.Options{Client: client, Env: func(name string) (string, bool) { v, ok := env[name]; return v, ok }}, files{"a.yaml": turning}
}

// A call that stops before there is no more says so, whatever becomes of the
// items, and the limit of results holds for them too.
func TestUnfetchedIsSaid(t *testing.T) {
	options, sources := startTurning(t)
	e := engine.New(options)
	publish(t, e, sources)
	for name, want := range map[string][]string{
		"count": {`{"count":3}`, "There is more: only the first 3 items were fetched, and the result is made of these."},
		"lines": {`[0,1]`, "There is more: only the first 2 items were fetched, and the result is made of these."},
	} {
		r, err := e.Call(t.Context(), name, nil)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range r.Content {
			got = append(got, c.Text)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	r, err := e.Call(t.Context(), "pages", nil)
	if err != nil {
		t.Fatal(err)
	}
	var items []map[string]string
	if err := json.Unmarshal(r.Structured, &items); err != nil || len(items) == 0 || len(items) > 4 || len(r.Structured) > 1<<10 {
		t.Errorf("%d items in %d bytes (%v)", len(items), len(r.Structured), err)
	}
	if len(r.Content) != 3 || !strings.HasPrefix(r.Content[1].Text, "Left out for size: ") || !strings.Contains(r.Content[2].Text, "the first 6 items") {
		t.Errorf("%+v", r.Content[1:])
	}
}

// Pages and parts are recorded as a test expects them, without secrets, and
// what was recorded passes.
func TestRecordPagesAndParts(t *testing.T) {
	options, sources := startTurning(t)
	r, err := engine.Record(t.Context(), sources.sources(), options, func(string, string) bool { return true })
	if err != nil || len(r.Sources) != 1 {
		t.Fatalf("%v, %+v", err, r)
	}
	got := string(r.Sources[0].Bytes)
	const parts = `          multipart:
            file:
              base64: /wD/
              contentType: application/octet-stream
              filename: "a\"b.bin"
            text:
              contentType: text/plain
              filename: a.txt
              text: hello
            token: test-TOKEN
            twice:
              - a
              - b
`
	if !strings.Contains(got, parts) {
		t.Errorf("the parts are not as wanted:\n%s", got)
	}
	if strings.Contains(got, "planted") || strings.Count(got, "path: /pages\n") != 3 {
		t.Errorf("the pages are not as wanted:\n%s", got)
	}
	run, err := engine.Test(t.Context(), r.Sources, engine.Options{}, nil)
	if err != nil || len(run.Tests) != 2 {
		t.Fatalf("%v, %+v", err, run)
	}
	for _, test := range run.Tests {
		if !test.Passed() {
			t.Errorf("%s: %+v", test.Name, test.Failures)
		}
	}
}
