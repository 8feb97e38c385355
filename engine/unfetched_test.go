package engine_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/toolsd/toolsd/engine"
)

// What a result is made of is said once, whoever read it: the call, its steps,
// their elements, and the tools that they call.
func TestUnfetchedOfSteps(t *testing.T) {
	const (
		more    = "http: {upstream: api, path: /pages, paginate: {next: link, maxItems: 3}}"
		lines   = "http: {upstream: api, path: /lines, response: {maxItems: 2}}"
		whole   = "http: {upstream: api, path: /lines}"
		one     = "There is more: only the first 3 items were fetched, and the result is made of these."
		several = " requests only the first items were fetched, "
		made    = " in all, and the result is made of these."
		count   = "result: {n: '${len(steps)}'}\n"
	)
	tests := []struct{ name, steps, note string }{
		{"none", "  - {id: a, " + whole + "}\n" + count, ""},
		{"one", "  - {id: a, " + more + "}\n" + count, one},
		{"one and a whole one", "  - {id: a, " + more + "}\n  - {id: b, " + whole + "}\n" + count, one},
		{"two", "  - {id: a, " + more + "}\n  - {id: b, " + lines + "}\n" + count, "There is more: of 2" + several + "5" + made},
		{"elements", "  - {id: a, forEach: '1..4', " + more + "}\n" + count, "There is more: of 4" + several + "12" + made},
		{"a tool", "  - {id: a, tool: inner}\n" + count, one},
		{"a tool of a tool, and one of its own", "  - {id: a, tool: outer}\n  - {id: b, " + lines + "}\n" + count, "There is more: of 2" + several + "5" + made},
		{"bytes", "  - {id: a, " + more + "}\n  - {id: b, http: {upstream: api, path: /lines, response: {as: bytes}}}\nresult: '${steps.b.bytes}'\n", one},
		{"null", "  - {id: a, " + more + "}\n  - {expr: 'null'}\n", one},
		{"a failure", "  - {id: a, " + more + "}\n  - {expr: 'fail(\"no\")'}\n", ""},
		{"a result that is one", "  - {id: a, " + more + "}\n  - {expr: '\"no\"'}\nisError: 'true'\n", ""},
	}
	tools := stepping("inner", "  - {id: a, "+more+"}\nresult: '${steps.a.items}'\n") + "---\n" + stepping("outer", "  - {tool: inner}\n")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := calling(t, http.HandlerFunc(endless), tools+"---\n"+stepping("a", tt.steps))
			for range 2 { // a call counts for itself
				r, err := e.Call(t.Context(), "a", nil)
				if err != nil {
					t.Fatal(err)
				}
				var notes []string
				for _, c := range r.Content[1:] {
					notes = append(notes, c.Text)
				}
				var want []string
				if tt.note != "" {
					want = []string{tt.note}
				}
				if diff := cmp.Diff(want, notes); diff != "" {
					t.Errorf("%s (-want +got):\n%s", r.Content[0].Text, diff)
				}
			}
		})
	}
}

// A test of a tool plays repetitions, pages and steps together, and no time
// passes.
func TestAPlayedTestOfEverything(t *testing.T) {
	const source = `upstream: api
baseUrl: https://api.example.com
timeout: 60s
retry: {attempts: 2, minWait: 5s, maxWait: 5s}
rateLimit: {requests: 1, per: 1s, burst: 1}
concurrency: {limit: 1, queue: 9}
circuitBreaker: {failures: 2}
cache: {ttl: 1h}
auth: {oauth2: {tokenUrl: https://login.example.com/token, clientId: a, clientSecret: "${env.SECRET}"}}
---
tool: names
description: Reads names, for a test.
annotations: {readOnlyHint: true}
inputSchema: {type: object, additionalProperties: false}
steps:
  - id: all
    http: {upstream: api, path: /all, paginate: {next: link}}
  - id: each
    forEach: steps.all.items
    optional: true
    http: {upstream: api, path: "/${each}"}
result:
  names: ${steps.each | map(#?.body)}
  failed: ${failed.each}
tests:
  - env: {SECRET: x}
    http:
      - {request: {path: /all}, response: {status: 503}}
      - {request: {path: /all, headers: {Authorization: Bearer test-token}}, response: {json: [1, 2], headers: {Link: "</all?page=2>; rel=next"}}}
      - {request: {path: /all, query: {page: 2}}, response: {status: 503}}
      - {request: {path: /all, query: {page: 2}}, response: {json: [1, 3]}}
      - {request: {path: /1}, response: {status: 401}}
      - {request: {path: /1}, response: {json: one}}
      - {request: {path: /2}, response: {status: 404}}
      - {request: {path: /3}, response: {status: 503}}
      - {request: {path: /3}, response: {json: three}}
    expect:
      structuredContent:
        names: [one, null, one, three]
        failed: [null, "api answered 404 Not Found (check that what the arguments name exists)", null, null]
`
	run, err := engine.Test(t.Context(), files{"a.yaml": source}.sources(), engine.Options{Env: func(string) (string, bool) { return "x", true }}, nil)
	if err != nil || len(run.Diagnostics) > 0 || len(run.Tests) != 1 {
		t.Fatal(err, text(run.Diagnostics))
	}
	for _, f := range run.Tests[0].Failures {
		t.Error(f.Message)
	}
}
