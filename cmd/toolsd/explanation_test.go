package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// An explanation says why a call took its time, and why nothing was sent.
func TestExplanationOfWaitsAndKeptAnswers(t *testing.T) {
	var out strings.Builder
	x := &explanation{out: &out, mask: func(s string) string { return strings.ReplaceAll(s, "secret", "***") }}
	x.Waited(1500*time.Millisecond, "its rate was used up")
	x.Retry(2, time.Second, 503)
	x.Reused(2*time.Minute, "")
	x.Reused(time.Hour, "secret answered 503")
	x.Response(200, http.Header{"A": {"b"}}, 7, 0)
	want := `wait
  1.5s, since its rate was used up
retry
  try 2 after 1s, since there was status 503
cache
  nothing is sent: the answer of 2m0s ago is used
cache
  the answer of 1h0m0s ago is used, since *** answered 503
response
  200 OK, 7 bytes in 0s
  A: b
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
