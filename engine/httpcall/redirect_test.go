package httpcall

import (
	"strings"
	"testing"
)

func TestRedirects(t *testing.T) {
	const settings = "auth: {bearer: planted-token}\nheaders: {X-Own: mine}\n"
	elsewhere := record(t, replyJSON(200, `"elsewhere"`))
	tests := []struct {
		name, settings, http, location string
		body                           any    // of the answer
		message                        string // of the failure
		origin, other                  int    // requests seen
	}{
		{name: "same origin", http: "path: /a", location: "/b?x=1#f", body: "there", origin: 2},
		{name: "HEAD", http: "method: HEAD", location: "/b", origin: 2},
		{name: "another origin", http: "path: /a", location: elsewhere.base() + "/b", origin: 1,
			message: "api redirected to another place, which this tool does not follow"},
		{name: "another scheme", http: "path: /a", location: "file:///etc/passwd", origin: 1,
			message: "api redirected to another place, which this tool does not follow"},
		{name: "none", settings: "redirects: none\n", http: "path: /a", location: "/b", origin: 1,
			message: "api answered 302 Found (it redirects, which this tool does not follow; whoever runs this server has to look at it)"},
		{name: "POST", http: "json: {}", location: "/b", origin: 1,
			message: "api answered 302 Found (it redirects, which this tool does not follow; whoever runs this server has to look at it)"},
		{name: "endless", http: "path: /a", location: "/a", origin: 6, message: "api redirected more than 5 times"},
		{name: "any", settings: "redirects: any\nallowPrivate: true\n", http: "path: /a", location: elsewhere.base() + "/b", body: "elsewhere", origin: 1, other: 1},
		{name: "any passes the guard", settings: "redirects: any\n", http: "path: /a", location: elsewhere.base() + "/b", origin: 1,
			message: "api may not be called from this server; whoever runs it has to allow it"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := len(elsewhere.seen())
			server := recordEach(t, func(request int) string {
				if request == 0 || tt.name == "endless" {
					return reply(302, "", "Location: "+tt.location)
				}
				return replyJSON(200, `"there"`)
			})
			response, err := call(t, build(t, tool(server.base(), settings+tt.settings, tt.http), nil), nil)
			if tt.message != "" {
				if got := failure(t, err, "planted-token"); got != tt.message {
					t.Errorf("message = %q, want %q", got, tt.message)
				}
			} else if err != nil || response["body"] != tt.body {
				t.Errorf("body = %v, err = %v", response["body"], err)
			}
			seen, others := server.seen(), elsewhere.seen()[before:]
			if len(seen) != tt.origin || len(others) != tt.other {
				t.Fatalf("requests: %d and %d elsewhere, want %d and %d", len(seen), len(others), tt.origin, tt.other)
			}
			for _, r := range seen {
				if !strings.Contains(r, "planted-token") || strings.Contains(r, "Referer") {
					t.Errorf("on the origin: %q", r)
				}
			}
			for _, r := range others {
				if strings.Contains(r, "planted-token") || strings.Contains(r, "mine") || strings.Contains(r, "Referer") {
					t.Errorf("elsewhere: %q", r)
				}
			}
		})
	}
}
