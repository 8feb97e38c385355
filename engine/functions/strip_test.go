package functions

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestStrip(t *testing.T) {
	for target, want := range map[string]string{
		"/mcp":                         "/mcp",
		"/mcp?code=k-secret":           "/mcp",
		"/mcp?a=%2F&CODE=k-secret&b":   "/mcp?a=%2F&b",
		"/mcp?%63ode=k-secret&code=k2": "/mcp",
		"/mcp?code":                    "/mcp",
		"/mcp?zip%20code=1&co%zzde=2":  "/mcp?zip%20code=1&co%zzde=2",
		"/a%2Fb?code=k-secret":         "/a%2Fb",
	} {
		t.Run(target, func(t *testing.T) {
			var seen *http.Request
			next := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen = r })
			sent := httptest.NewRequest(http.MethodPost, target, nil)
			for name, value := range map[string]string{
				"x-functions-key":                 "k-secret",
				"x-ms-client-principal":           "k-secret",
				"X-MS-CLIENT-PRINCIPAL-ID":        "k-secret",
				"X-MS-TOKEN-AAD-ACCESS-TOKEN":     "k-secret",
				"X-Original-URL":                  target,
				"X-WAWS-Unencoded-URL":            target,
				"x-ms-invocation-id":              "i-1",
				"X-Azure-Functions-InvocationId":  "i-1",
				"Authorization":                   "Bearer t",
				"X-MS-CLIENT":                     "kept",
				"X-Functions-Key-Not-Really-Such": "kept",
			} {
				sent.Header.Set(name, value)
			}
			before := sent.Clone(t.Context())
			Strip(next).ServeHTTP(httptest.NewRecorder(), sent)

			if seen.URL.String() != want || seen.RequestURI != want {
				t.Errorf("URL %q and request URI %q, want %q", seen.URL, seen.RequestURI, want)
			}
			kept := http.Header{}
			kept.Set("x-ms-invocation-id", "i-1")
			kept.Set("X-Azure-Functions-InvocationId", "i-1")
			kept.Set("Authorization", "Bearer t")
			kept.Set("X-MS-CLIENT", "kept")
			kept.Set("X-Functions-Key-Not-Really-Such", "kept")
			if d := cmp.Diff(kept, seen.Header); d != "" {
				t.Error(d)
			}
			if d := cmp.Diff(before.Header, sent.Header); d != "" || sent.URL.String() != before.URL.String() {
				t.Errorf("the request that came in was changed: %s", d)
			}
		})
	}
}

// Nothing that Require would take for a key is left for those behind Strip.
func FuzzStripLeavesNoKey(f *testing.F) {
	for _, seed := range []string{"code=a", "a=b&Code=c", "%63ode=x", "code;=1", "c%6Fd%65", "+code=1", "&&code=&", "code=a&%zz=%"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		r := httptest.NewRequest(http.MethodGet, "/mcp", nil)
		r.URL.RawQuery = query
		Strip(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			if key := presentedKey(r); key != "" {
				t.Errorf("%q kept the key %q", query, key)
			}
			if strings.Count(query, "&") < strings.Count(r.URL.RawQuery, "&") {
				t.Errorf("%q grew to %q", query, r.URL.RawQuery)
			}
		})).ServeHTTP(httptest.NewRecorder(), r)
	})
}
