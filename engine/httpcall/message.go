package httpcall

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/toolsd/toolsd/engine/expression"
)

// unanswered is the failure of a call that got no answer. What went wrong on
// the way is the operator's to know.
func (x *exchange) unanswered(err error) error {
	return &expression.Failure{Message: x.reason(err), Cause: err}
}

// reason says to the caller why there is no answer, and what to try.
func (x *exchange) reason(err error) string {
	_, isBlocked := errors.AsType[*blocked](err)
	_, isFenced := errors.AsType[*fenced](err)
	var network net.Error
	switch {
	case isBlocked || isFenced:
		return x.name + " may not be called from this server; whoever runs it has to allow it"
	case errors.Is(err, errElsewhere):
		return x.name + " redirected to another place, which this tool does not follow"
	case errors.Is(err, errRedirects):
		return fmt.Sprintf("%s redirected more than %d times", x.name, maxRedirects)
	case errors.Is(err, errAttempt):
		return fmt.Sprintf("%s did not answer within %s; try again later, or ask for less", x.name, duration(x.limits.attempt))
	case errors.Is(err, context.Canceled):
		return "the call was cancelled before " + x.name + " answered"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return fmt.Sprintf("%s did not answer within %s; try again later, or ask for less", x.name, duration(x.whole))
	}
	return x.name + " could not be reached; try again later"
}

// refused is the failure of an answer that means failure: its status, what
// the upstream says itself, and what to try.
func (x *exchange) refused(a *answer, response Response) error {
	status := fmt.Sprint(a.status)
	if text := http.StatusText(a.status); text != "" {
		status += " " + text
	}
	message := fmt.Sprintf("%s answered %s", x.name, status)
	if own := x.scrubbed(said(response["body"])); own != "" {
		message += ": " + own
	}
	if hint := advice(a); hint != "" {
		message += " (" + hint + ")"
	}
	return &expression.Failure{Message: message, Cause: fmt.Errorf("status %s", status)}
}

// negotiation are headers whose values are no secrets and ordinary words.
var negotiation = map[string]bool{"Accept": true, "Accept-Language": true, "Content-Type": true, "User-Agent": true}

// scrubbed is text of the upstream without what the request held.
func (x *exchange) scrubbed(s string) string {
	if s == "" {
		return ""
	}
	var sent []string
	for name, values := range x.request.header {
		if !negotiation[name] {
			sent = append(sent, values...)
		}
	}
	return x.mask.with(sent...).scrub(s, x.address.base.origin.Host)
}

// advice says what to try after an answer.
func advice(a *answer) string {
	switch status := a.status; {
	case status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusProxyAuthRequired:
		return "this server's access was refused; whoever runs it may have to renew its credentials"
	case status == http.StatusNotFound, status == http.StatusGone:
		return "check that what the arguments name exists"
	case status == http.StatusTooManyRequests, status >= 500 && status != http.StatusNotImplemented, status == http.StatusRequestTimeout:
		if wait, ok := retryAfter(a.header); ok && wait > 0 {
			return "try again after " + duration(wait)
		}
		return "try again later"
	case status >= 400:
		return "check the arguments"
	case a.header.Get("Location") != "" && status >= 300:
		return "it redirects, which this tool does not follow; whoever runs this server has to look at it"
	}
	return ""
}

// duration writes a time as people say it: in seconds where there are some.
func duration(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return strconv.FormatFloat(d.Round(100*time.Millisecond).Seconds(), 'f', -1, 64) + " s"
}
