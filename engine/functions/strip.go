package functions

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// strippedHeaders carry keys, or repeat a URL that may hold one, as the front
// end of App Service does in the last two.
var strippedHeaders = []string{keyHeader, "X-Original-URL", "X-WAWS-Unencoded-URL"}

// strippedPrefixes begin the headers in which App Service authentication says
// who the user is. Where it is not in use, a client could have sent them.
var strippedPrefixes = []string{"X-MS-CLIENT-PRINCIPAL", "X-MS-TOKEN-"}

// Strip takes function keys and the identity headers of App Service
// authentication out of a request, so that nothing behind it can log, trace or
// pass them on. It belongs right behind Require, and before everything else
// under the host, whose proxy passes keys through. Other headers stay, the
// invocation id x-ms-invocation-id among them.
func Strip(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query, keyed := withoutKey(r.URL.RawQuery)
		headers := slices.DeleteFunc(slices.Collect(maps.Keys(r.Header)), func(name string) bool { return !isStripped(name) })
		if keyed || len(headers) > 0 {
			r = r.Clone(r.Context())
			for _, name := range headers {
				delete(r.Header, name)
			}
			if keyed {
				r.URL.RawQuery = query
				r.RequestURI = r.URL.RequestURI()
			}
		}
		next.ServeHTTP(w, r)
	})
}

func isStripped(name string) bool {
	for _, header := range strippedHeaders {
		if strings.EqualFold(name, header) {
			return true
		}
	}
	for _, prefix := range strippedPrefixes {
		if len(name) >= len(prefix) && strings.EqualFold(name[:len(prefix)], prefix) {
			return true
		}
	}
	return false
}

// withoutKey removes the key parameter and leaves every other pair as it was
// sent.
func withoutKey(query string) (string, bool) {
	var kept []string
	found := false
	for pair := range strings.SplitSeq(query, "&") {
		if name, _ := parameterOf(pair); strings.EqualFold(name, keyParameter) {
			found = true
			continue
		}
		kept = append(kept, pair)
	}
	return strings.Join(kept, "&"), found
}
