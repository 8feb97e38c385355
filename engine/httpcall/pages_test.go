package httpcall

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/toolsd/toolsd/schema"
)

// turned is the source of a tool that pages.
func turned(base, upstream, http string) string {
	return strings.Replace(tool(base, upstream, http), "description:", "annotations: {readOnlyHint: true}\ndescription:", 1)
}

// What is asked for page by page, and what comes of it.
func TestPages(t *testing.T) {
	page := func(items, rest string, header ...string) string {
		return replyJSON(200, `{"items": `+items+rest+`}`, header...)
	}
	const byItems = "\n  items: response.body.items"
	tests := []struct {
		name, upstream, http string
		answers              []string // "HOST" is the address of the server
		requests             []string // first line without the version, and the body
		items                []any
		more                 bool
		message              string // of a failure
	}{
		{
			name: "Link header", http: "query: {per_page: 2}\npaginate: {next: link}",
			answers: []string{
				replyJSON(200, `[1,2]`, `Link: <http://HOST/?per_page=2&page=2>; rel="next", <http://HOST/?page=3>; rel="last"`),
				replyJSON(200, `[3,4]`, `Link: </?page=1>; rel=first`, `Link: <?per_page=2&page=3>; rel="prefetch NEXT"`),
				replyJSON(200, `[5]`, `Link: <http://HOST/?page=1>; rel="first"`),
			},
			requests: []string{"GET /?per_page=2", "GET /?per_page=2&page=2", "GET /?per_page=2&page=3"}, items: []any{1, 2, 3, 4, 5},
		},
		{
			name: "URL", upstream: "auth: {query: {name: key, value: abc}}", http: "path: /a/b\nquery: {q: 1}\npaginate:\n  next: ${response.body.next}" + byItems,
			answers:  []string{page("[1]", `, "next": "/a/c?x=1&key=old"`), page("[2]", `, "next": "d"`), page("null", `, "next": ""`)},
			requests: []string{"GET /a/b?q=1&key=abc", "GET /a/c?x=1&key=abc", "GET /a/d?key=abc"}, items: []any{1, 2},
		},
		{
			name: "cursor", http: "query: {limit: 2, cursor: null}\npaginate:\n  next: {cursor: '${response.body.next}', limit: 5}" + byItems,
			answers:  []string{page("[1]", `, "next": "a&b"`), page("[]", `, "next": "c"`), page("[2]", `, "next": null`)},
			requests: []string{"GET /?limit=2", "GET /?cursor=a%26b&limit=5", "GET /?cursor=c&limit=5"}, items: []any{1, 2},
		},
		{
			name: "page number", http: "query: {page: 1}\npaginate:\n  next: {page: '${page + 1}'}" + byItems,
			answers:  []string{page("[1]", ""), page("[2]", ""), page("[]", "")},
			requests: []string{"GET /?page=1", "GET /?page=2", "GET /?page=3"}, items: []any{1, 2},
		},
		{
			name: "cursor in JSON", http: "json: {q: x, page: {n: 1}}\npaginate:\n  next: {page: '${response.body.next}'}" + byItems,
			answers:  []string{page("[1]", `, "next": {"n": 2}`), page("[2]", "")},
			requests: []string{`POST / {"page":{"n":1},"q":"x"}`, `POST / {"page":{"n":2},"q":"x"}`}, items: []any{1, 2},
		},
		{
			name: "offset in a form", http: "form: {q: x, from: 0}\nquery: {v: 1}\npaginate:\n  next: {from: '${page * 10}', v: 2}" + byItems,
			answers:  []string{page("[1]", ""), page("[]", "")},
			requests: []string{"POST /?v=1 q=x&from=0", "POST /?v=2 q=x&from=10"}, items: []any{1},
		},
		{
			name: "a page that was there before", http: "paginate:\n  next: ${response.body.next}" + byItems,
			answers:  []string{page("[1]", `, "next": "/?p=2"`), page("[2]", `, "next": "/"`)},
			requests: []string{"GET /", "GET /?p=2"}, items: []any{1, 2},
		},
		{
			name: "maxPages", http: "paginate: {next: link, maxPages: 2}",
			answers:  []string{replyJSON(200, `[1]`, "Link: </?p=2>; rel=next"), replyJSON(200, `[2]`, "Link: </?p=3>; rel=next")},
			requests: []string{"GET /", "GET /?p=2"}, items: []any{1, 2}, more: true,
		},
		{
			name: "maxPages that are all", http: "paginate: {next: link, maxPages: 1}",
			answers: []string{replyJSON(200, `[1]`)}, requests: []string{"GET /"}, items: []any{1},
		},
		{
			name: "maxItems within a page", http: "paginate: {next: link, maxItems: 3}",
			answers:  []string{replyJSON(200, `[1,2]`, "Link: </?p=2>; rel=next"), replyJSON(200, `[3,4]`)},
			requests: []string{"GET /", "GET /?p=2"}, items: []any{1, 2, 3}, more: true,
		},
		{
			name: "maxItems at the end of a page", http: "paginate: {next: link, maxItems: 2}",
			answers:  []string{replyJSON(200, `[1,2]`, "Link: </?p=2>; rel=next")},
			requests: []string{"GET /"}, items: []any{1, 2}, more: true,
		},
		{
			name: "the bytes of all pages", http: "response: {maxBytes: 10}\npaginate: {next: {p: '${page}'}}",
			answers:  []string{replyJSON(200, `["123456"]`), replyJSON(200, `["123456"]`), replyJSON(200, `["123456"]`), replyJSON(200, `["123456"]`)},
			requests: []string{"GET /", "GET /?p=1", "GET /?p=2", "GET /?p=3"}, items: []any{"123456", "123456", "123456", "123456"}, more: true,
		},
		{
			name: "each page is tried again", upstream: "retry: {minWait: 1ms}", http: "paginate: {next: link}",
			answers:  []string{replyJSON(200, `[1]`, "Link: </?p=2>; rel=next"), replyJSON(503, `{}`), replyJSON(200, `[2]`)},
			requests: []string{"GET /", "GET /?p=2", "GET /?p=2"}, items: []any{1, 2},
		},
		{
			name: "a later page fails", http: "paginate: {next: link}",
			answers:  []string{replyJSON(200, `[1]`, "Link: </?p=2>; rel=next"), replyJSON(403, `{"message": "no more"}`)},
			requests: []string{"GET /", "GET /?p=2"},
			message:  "api answered 403 Forbidden: no more (the credentials of this server do not allow this; it can only be tried with other arguments, or by whoever runs it)",
		},
		{
			name: "a page on another origin", http: "paginate: {next: link}",
			answers:  []string{replyJSON(200, `[1]`, "Link: <https://evil.example.com/?p=2>; rel=next")},
			requests: []string{"GET /"}, message: "the address of the next page leads away from the service that this tool calls",
		},
		{
			name: "an address that climbs", http: "paginate: {next: link}",
			answers:  []string{replyJSON(200, `[1]`, "Link: <../x>; rel=next")},
			requests: []string{"GET /"}, message: `the address of the next page must not hold "." or ".." as a step of its path`,
		},
		{
			name: "an address that is none", http: "paginate: {next: '${response.body.next}', items: response.body.items}",
			answers:  []string{page("[1]", `, "next": 7`)},
			requests: []string{"GET /"}, message: "api named a next page by something that is not an address",
		},
		{
			name: "items that are none", http: "paginate: {next: link, items: response.body.items}",
			answers:  []string{page(`"x"`, "")},
			requests: []string{"GET /"}, message: "api answered with something else than this tool's definition expects; whoever runs this server has to look at it",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var server *recorder
			server = recordEach(t, func(at int) string {
				if at >= len(tt.answers) {
					return reply(500, "no more answers")
				}
				return strings.ReplaceAll(tt.answers[at], "HOST", server.listener.Addr().String())
			})
			response, err := call(t, build(t, turned(server.base(), tt.upstream, tt.http), nil), nil)
			var requests []string
			for _, r := range server.seen() {
				head, body, _ := strings.Cut(r, "\r\n\r\n")
				line, _, _ := strings.Cut(head, " HTTP/1.1")
				requests = append(requests, strings.TrimSpace(line+" "+body))
			}
			if diff := cmp.Diff(tt.requests, requests); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
			if tt.message != "" {
				if got := failure(t, err, "evil"); got != tt.message {
					t.Errorf("message = %s\nwant      %s", got, tt.message)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.items, response["items"]); diff != "" {
				t.Errorf("items (-want +got):\n%s", diff)
			}
			if response["more"] != tt.more {
				t.Errorf("more = %v", response["more"])
			}
		})
	}
}

// What follows the call sees the first page as response.
func TestResponseIsTheFirstPage(t *testing.T) {
	server := recordEach(t, func(at int) string {
		return replyJSON(200, fmt.Sprintf(`{"total": %d, "items": [%d]}`, 7+at, at), "Link: </?p=2>; rel=next")
	})
	response, err := call(t, build(t, tool(server.base(), "", "paginate: {next: link, items: response.body.items}"), nil), nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]any{"total": 7, "items": []any{0}}, response["body"]); diff != "" {
		t.Error(diff)
	}
}

// A secret that goes into the parameters of the next page is masked in what an
// observer sees.
func TestSecretOfANextPage(t *testing.T) {
	server := recordEach(t, func(at int) string { return replyJSON(200, `[1]`) })
	p := build(t, tool(server.base(), "", "paginate: {next: {page: '${page + 1}', k: '${upper(env.KEY)}'}, maxPages: 2}"), environ{"KEY": "planted-key"})
	var seen notes
	if _, err := p.Run(WithObserver(t.Context(), &seen), newClient(t, ClientOptions{}), inputs(nil)); err != nil {
		t.Fatal(err)
	}
	if s := seen.String(); strings.Contains(s, "PLANTED") || !strings.Contains(s, "page=2&k=***") {
		t.Errorf("the observer saw:\n%s", s)
	}
}

func TestNextLink(t *testing.T) {
	for header, want := range map[string]string{
		``: "", `<a>`: "", `<a>; rel=next`: "a", `<a>; rel="prev next"`: "a", `<a>; REL = "Next"`: "a",
		`<a,b;c>; title="x, <y>; rel=\"next\""; rel=prev, <d>; rel=next`: "d",
		`<a>; rel=prev; rel=next`:                   "", // the first counts
		`<a>; rel=next; anchor="#x", <b>; rel=next`: "b",
		`<a; rel=next`:                              "", `nonsense, <b>;;rel=next`: "b", `<a>; rel="next`: "a", `<a>; rel`: "",
	} {
		if got := nextLink(header); got != want {
			t.Errorf("nextLink(%s) = %q, want %q", header, got, want)
		}
	}
}

// The types of pages are known: a misspelt member of an item is found.
func TestTypesOfPages(t *testing.T) {
	const http = "response: {schema: {type: object, properties: {items: {type: array, items: {type: object, properties: {id: {type: integer}}}}}, required: [items]}}\n" +
		"paginate: {next: link, items: response.body.items}"
	p := check(t, tool("https://api.example.com", "", http), nil)
	if schema.HasErrors(p.found) {
		t.Fatalf("%+v", p.found)
	}
	response := p.call.ResponseType()
	items, _ := response.Member("items")
	if _, ok := items.Elem.Member("nmae"); ok {
		t.Error("an item may have any member")
	}
	if _, ok := response.Member("more"); !ok {
		t.Error("response.more is not known")
	}
}
