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
	if failure, ok := errors.AsType[*expression.Failure](err); ok {
		return failure
	}
	return &expression.Failure{Message: x.reason(err), Cause: x.mask.veil(err)}
}

// reason says to the caller why there is no answer, and what to try.
func (x *exchange) reason(err error) string {
	_, isBlocked := errors.AsType[*blocked](err)
	_, isFenced := errors.AsType[*fenced](err)
	_, isBroken := errors.AsType[*broken](err)
	held, isHeld := errors.AsType[hindrance](err)
	fault, isToken := errors.AsType[*tokenFault](err)
	var network net.Error
	switch {
	case isHeld:
		return held.told(x.name)
	case isBlocked || isFenced:
		return x.name + " may not be called from this server; whoever runs it has to allow it"
	case isToken && !errors.Is(err, context.Canceled):
		return fault.reason(x.name)
	case errors.Is(err, errElsewhere):
		return x.name + " redirected to another place, which this tool does not follow"
	case errors.Is(err, errRedirects):
		return fmt.Sprintf("%s redirected more than %d times", x.name, maxRedirects)
	case errors.Is(err, errAttempt):
		return fmt.Sprintf("%s did not answer within %s; %s", x.name, duration(x.limits.attempt), x.again("try again later, or ask for less"))
	case errors.Is(err, context.Canceled):
		return "the call was cancelled before " + x.name + " answered"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return fmt.Sprintf("%s did not answer within %s; %s", x.name, duration(x.whole), x.again("try again later, or ask for less"))
	case isUnsent(err):
		return x.name + " could not be reached; try again later"
	case isBroken:
		return x.name + " began to answer, but what came was broken off or is not HTTP; " + x.again("try again later")
	}
	return x.name + " did not answer: the connection broke; " + x.again("try again later")
}

// refused is the failure of an answer that means failure: its status, what
// the upstream says itself, and what to try.
func (x *exchange) refused(a *answer, response Response) error {
	status := fmt.Sprint(a.status)
	if text := http.StatusText(a.status); text != "" {
		status += " " + text
	}
	message := fmt.Sprintf("%s answered %s", x.name, status)
	if own := x.scrubbed(said(response)); own != "" {
		message += ": " + own
	}
	if hint := x.advice(a); hint != "" {
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

// duration writes a time as people say it: in seconds where there are some, of
// which a millisecond may have passed.
func duration(d time.Duration) string {
	if rounded := d.Round(100 * time.Millisecond); rounded >= time.Second {
		return strconv.FormatFloat(rounded.Seconds(), 'f', -1, 64) + " s"
	}
	return fmt.Sprintf("%d ms", d.Milliseconds())
}
