package httpcall

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// An Answerer answers requests in place of the network, such as those that a
// test of a tool expects.
type Answerer interface {
	// Answer answers one request; redirects and repetitions are requests of
	// their own. With ErrSilence none comes until the try or the call has run
	// out of time. Any other error ends the call.
	Answer(Sent) (*http.Response, error)
}

// A Sent request, with what it was made of.
type Sent struct {
	*http.Request
	// Base is the baseUrl that its path was joined to, without a trailing slash.
	Base string
	// Credential is the parameter of the query that auth sends; "" when it
	// sends none.
	Credential string
}

// ErrSilence is how an Answerer says that nothing answers.
var ErrSilence = errors.New("nothing answers")

// An unplayed error is what an Answerer could not play.
type unplayed struct{ cause error }

func (u *unplayed) Error() string { return u.cause.Error() }
func (u *unplayed) Unwrap() error { return u.cause }

// answer lets the Answerer answer. Silence takes the time that it would take,
// without any passing: the rest of the call where a try has no limit of its
// own, or a later one.
func (a *attempt) answer(r *http.Request) (*http.Response, error) {
	resp, err := a.client.answers.Answer(a.course.call.sent(r))
	switch {
	case err == nil:
		resp.Request = r
		return resp, nil
	case !errors.Is(err, ErrSilence):
		return nil, &unplayed{err}
	}
	if left, _ := a.course.left(r.Context()); a.limit > 0 && a.limit < left {
		a.course.spent += a.limit
		return nil, errAttempt
	}
	return nil, &unplayed{context.DeadlineExceeded}
}

func (x *exchange) sent(r *http.Request) Sent {
	s := Sent{Request: r, Base: x.address.base.origin.String() + x.address.base.prefix()}
	if c := x.request.credential; c != nil && c.inQuery {
		s.Credential = c.name
	}
	return s
}

// ReadParameters reads a query or a form as it is sent.
func ReadParameters(sent string) url.Values {
	values := url.Values{}
	for pair := range strings.SplitSeq(sent, "&") {
		if pair != "" {
			key, value, _ := strings.Cut(strings.ReplaceAll(pair, "+", " "), "=")
			values.Add(unescape(key), unescape(value))
		}
	}
	return values
}

// Parameters returns what fields of a query or form are sent as, by name: a
// list repeats its key, an object nests, null leaves its key out. The error
// says which value cannot be sent.
func Parameters(fields map[string]any) (url.Values, error) {
	p := queryParameters()
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if err := p.add(name, fields[name]); err != nil {
			return nil, err
		}
	}
	return ReadParameters(p.String()), nil
}
