package engine

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"unicode/utf8"

	"github.com/toolsd/toolsd/engine/httpcall"
	"github.com/toolsd/toolsd/schema"
)

// A script answers the requests of a test with its exchanges, in order. It is
// safe for concurrent use until the call is over.
type script struct {
	test      schema.Place
	exchanges []schema.Exchange

	mu         sync.Mutex
	used       int
	last       string       // request, as one line
	unexpected *TestFailure // the first request that is not as it should be
}

var errUnexpected = errors.New("the test does not expect this request")

// Answer implements httpcall.Answerer.
func (s *script) Answer(sent httpcall.Sent) (*http.Response, error) {
	body, err := bodyOf(sent)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.unexpected != nil {
		return nil, errUnexpected
	}
	line := sent.Method + " " + sent.URL.String()
	if s.used == len(s.exchanges) {
		s.unexpected = s.surplus(line, body)
		return nil, errUnexpected
	}
	e := &s.exchanges[s.used]
	s.used++
	s.last = line
	m := matching{sent: sent, body: body}
	if found := m.differences(&e.Request); len(found) > 0 {
		s.unexpected = &TestFailure{
			Place:       e.Request.Place,
			Message:     fmt.Sprintf("request %d is not the one that is expected", s.used),
			Differences: found,
			Notes:       noteOf(line, body),
		}
		return nil, errUnexpected
	}
	if e.Response.Timeout {
		return nil, httpcall.ErrSilence
	}
	return responseOf(&e.Response), nil
}

// surplus is the failure of a request after the last one that is expected.
func (s *script) surplus(line string, body []byte) *TestFailure {
	f := &TestFailure{Place: s.test, Message: fmt.Sprintf("request %d is not expected", s.used+1), Notes: noteOf(line, body)}
	if s.used > 0 {
		f.Place = s.exchanges[s.used-1].Place
		if line == s.last {
			f.Notes = append(f.Notes, "this is another try of the one before: each try is an exchange of its own, and retry: {attempts: 1} makes it the only one")
		}
	}
	return f
}

// unused are the failures of exchanges that no request came for.
func (s *script) unused() []TestFailure {
	var found []TestFailure
	for i := s.used; i < len(s.exchanges); i++ {
		found = append(found, TestFailure{
			Place:   s.exchanges[i].Place,
			Message: fmt.Sprintf("exchange %d is not used: no such request was sent", i+1),
		})
	}
	return found
}

func bodyOf(sent httpcall.Sent) ([]byte, error) {
	if sent.Body == nil {
		return nil, nil
	}
	return io.ReadAll(sent.Body)
}

// noteOf shows a request.
func noteOf(line string, body []byte) []string {
	notes := []string{"sent: " + line}
	switch {
	case !utf8.Valid(body):
		notes = append(notes, fmt.Sprintf("body: (%d bytes)", len(body)))
	case len(body) > 0:
		text, _ := excerpts(string(body), "")
		notes = append(notes, "body: "+text)
	}
	return notes
}

// responseOf makes the answer that a test gives. Its content type follows the
// body where the test does not say.
func responseOf(given *schema.GivenResponse) *http.Response {
	var body []byte
	header := http.Header{}
	switch {
	case given.JSON != nil:
		body = given.JSON.JSON()
		header.Set("Content-Type", "application/json")
	case given.Text != nil:
		body = []byte(given.Text.Prose())
		header.Set("Content-Type", "text/plain; charset=utf-8")
	case given.Base64 != nil:
		body, _ = base64.StdEncoding.DecodeString(given.Base64.Prose()) // checked
		header.Set("Content-Type", "application/octet-stream")
	}
	for name, values := range leaves(given.Headers) {
		header[http.CanonicalHeaderKey(name)] = values
	}
	status := given.Status
	if status == 0 {
		status = http.StatusOK
	}
	return &http.Response{
		Status:     fmt.Sprintf("%d %s", status, http.StatusText(status)),
		StatusCode: status,
		Proto:      "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:        header,
		Body:          io.NopCloser(bytes.NewReader(body)),
		ContentLength: int64(len(body)),
	}
}

// leaves returns the texts of a mapping; a null has none.
func leaves(n *schema.Node) map[string][]string {
	values := map[string][]string{}
	if n == nil {
		return values
	}
	for _, e := range n.Entries {
		values[e.Key] = textsUnder(e.Value)
	}
	return values
}

func textsUnder(n *schema.Node) []string {
	switch {
	case n.Kind == schema.Null:
		return nil
	case n.IsScalar():
		return []string{n.Prose()}
	}
	var texts []string
	for _, item := range n.Items {
		texts = append(texts, textsUnder(item)...)
	}
	return texts
}
