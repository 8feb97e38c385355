package functions

import (
	"net/http"
	"net/url"
	"strings"
)

// keyHeader and keyParameter are where a request carries its key.
const (
	keyHeader    = "X-Functions-Key"
	keyParameter = "code"
)

// Require lets those requests pass that carry a key for the level, in the
// header x-functions-key or else in the query parameter code; a header that is
// wrong or empty is not made good by the parameter. Others are answered as the
// host answers: 401, no body, no WWW-Authenticate, preflights too.
//
// Without any key, a server on loopback is open and any other one is shut.
// Under the host, which has checked the key, Require has no place.
func Require(level Level, keys *Keys, loopback bool) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			open := level == Anonymous || loopback && !keys.Reach(Function)
			if !open && !keys.Accept(level, presentedKey(r)) {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// presentedKey returns the key of a request, or nothing. Of several, the first
// counts.
func presentedKey(r *http.Request) string {
	if values, ok := r.Header[keyHeader]; ok {
		return values[0]
	}
	for pair := range strings.SplitSeq(r.URL.RawQuery, "&") {
		if name, value := parameterOf(pair); strings.EqualFold(name, keyParameter) {
			return value
		}
	}
	return ""
}

// parameterOf decodes one pair of a query. What cannot be decoded stands for
// itself, as it does for the host.
func parameterOf(pair string) (name, value string) {
	name, value, _ = strings.Cut(pair, "=")
	if decoded, err := url.QueryUnescape(name); err == nil {
		name = decoded
	}
	if decoded, err := url.QueryUnescape(value); err == nil {
		value = decoded
	}
	return name, value
}
