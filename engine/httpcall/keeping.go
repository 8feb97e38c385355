package httpcall

import (
	"cmp"
	"net/http"
	"strings"
	"time"

	"github.com/toolsd/toolsd/schema"
)

// A keeping says how long answers are kept; zero times are not said.
type keeping struct {
	ttl   time.Duration
	stale time.Duration // beyond ttl, where the upstream fails
}

// over returns the keeping of a call laid over that of its upstream.
func (k keeping) over(u keeping) keeping {
	return keeping{ttl: cmp.Or(k.ttl, u.ttl), stale: cmp.Or(k.stale, u.stale)}
}

func keepingOf(c schema.Cache) keeping { return keeping{ttl: c.TTL, stale: c.StaleIfError} }

const (
	noTTL     = "staleIfError goes beyond a ttl, and none is written"
	noTTLHint = "add ttl, such as 1m"
)

// keep decides how long the answers to a call are kept: not at all when it is
// not safe (RFC 9110 §9.2.1), since what it changes would not happen.
func (c *checker) keep(written schema.Cache, call *Call) keeping {
	merged := call.settings.keeping
	switch {
	case written.Off:
		return keeping{}
	case !call.Safe() && written.Place != (schema.Place{}):
		c.report(uselessCache, written.Place, "the answer to a "+call.method+" call is not kept, since the call changes something",
			"say readOnlyHint: true under annotations if it only reads, or leave cache out")
		return keeping{}
	case !call.Safe():
		return keeping{}
	case merged.ttl == 0 && written.StaleIfError > 0:
		c.report(uselessCache, written.Place, noTTL, noTTLHint)
		return keeping{}
	}
	return merged
}

// keepable reports whether an answer lets itself be used for another request
// (RFC 9111 §3). That of a shared cache is the standard here, although no
// answer is used for a request with another credential.
func keepable(h http.Header) bool {
	if len(h["Set-Cookie"]) > 0 {
		return false
	}
	for directive := range members(h, "Cache-Control") {
		name, _, _ := strings.Cut(directive, "=")
		if name == "no-store" || name == "private" {
			return false
		}
	}
	for name := range members(h, "Vary") {
		if name == "*" {
			return false
		}
	}
	return true
}

// members yields the members of a header that is a list (RFC 9110 §5.6.1), in
// lower case.
func members(h http.Header, name string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for _, value := range h[name] {
			for member := range strings.SplitSeq(value, ",") {
				if !yield(strings.ToLower(strings.TrimSpace(member))) {
					return
				}
			}
		}
	}
}
