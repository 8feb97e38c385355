package httpcall

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http"
)

// again is what to try after a call of which nobody knows how far it came:
// other advice only where to make it again can do no harm. An Idempotency-Key
// protects the tries of one call, and the next has another.
func (x *exchange) again(advice string) string {
	if x.harmless {
		return advice
	}
	return "it may have taken effect all the same, so check before trying again"
}

// isUnsent reports whether an error says that there was no connection on which
// a request could have had an effect: none was made, or one side did not trust
// the other.
func isUnsent(err error) bool {
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return true
	}
	if _, ok := errors.AsType[*unplayed](err); ok {
		return true
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return true
	}
	op, ok := errors.AsType[*net.OpError](err)
	return ok && (op.Op == "dial" || op.Op == "remote error") // a fatal alert (RFC 8446 §6.2)
}

// advice says what to try after an answer.
func (x *exchange) advice(a *answer) string {
	switch a.status {
	case http.StatusUnauthorized, http.StatusProxyAuthRequired:
		return "this is about the credentials of this server, not about the arguments; whoever runs it has to renew them"
	case http.StatusForbidden:
		return "the credentials of this server do not allow this; it can only be tried with other arguments, or by whoever runs it"
	case http.StatusNotFound, http.StatusGone:
		return "check that what the arguments name exists"
	case http.StatusConflict, http.StatusPreconditionFailed:
		return "what is there is in another state than the call expects; look at it before trying again"
	case http.StatusRequestEntityTooLarge, http.StatusRequestURITooLong:
		return "send less"
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return later(a)
	case http.StatusRequestTimeout:
		return x.again(later(a))
	case http.StatusNotImplemented:
		return "the service cannot do this"
	}
	switch {
	case a.status >= 500:
		return x.again(later(a))
	case a.status >= 400:
		return "check the arguments"
	case a.header.Get("Location") != "" && a.status >= 300:
		return "it redirects, which this tool does not follow; whoever runs this server has to look at it"
	}
	return ""
}

// later says when to try again, as far as the service says it.
func later(a *answer) string {
	if wait, ok := retryAfter(a.header); ok && wait > 0 {
		return "try again after " + duration(wait)
	}
	return "try again later"
}
