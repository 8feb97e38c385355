package httpcall

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Pages that are kept count like those that are sent, to the byte; and what
// follows of the last one is not fetched.
func TestKeptPages(t *testing.T) {
	p := build(t, tool(example, "cache: {ttl: 1h}\nresponse: {maxBytes: 10}", "paginate: {next: {p: '${page}'}}"), nil)
	synctest.Test(t, func(t *testing.T) {
		s := serve(func(w http.ResponseWriter, r *http.Request) {
			body := `["123456"]`
			if r.URL.RawQuery == "p=2" {
				body = `["12345"]` // a byte less than would be the most of all
			}
			answerJSON(w, 200, body)
		})
		c := s.client(ClientOptions{})
		var first Response
		for i := range 3 {
			response, err := p.Run(t.Context(), c, inputs(nil))
			if err != nil {
				t.Fatal(err)
			}
			if i == 0 {
				first = response
			}
			if diff := cmp.Diff(first["items"], response["items"]); diff != "" || len(response["items"].([]any)) != 5 || response["more"] != true {
				t.Errorf("run %d: %v, more %v", i, response["items"], response["more"])
			}
		}
		if n := len(s.times()); n != 5 {
			t.Errorf("%d requests, want 5", n)
		}
		s.stop(t, c)
	})
}

// Old pages stand in for those that do not come while there is time, however
// much of it the pages before took.
func TestOldPagesWhereThereIsLittleTime(t *testing.T) {
	p := build(t, tool(example, "timeout: 10s\nretry: {attempts: 1}\ncache: {ttl: 1m, staleIfError: 1h}", "paginate: {next: link, maxPages: 3}"), nil)
	synctest.Test(t, func(t *testing.T) {
		slow := false
		s := serve(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Link", fmt.Sprintf("</%s1>; rel=next", r.URL.Path[1:]))
			switch {
			case slow && r.URL.Path == "/":
				time.Sleep(6 * time.Second)
			case slow && r.URL.Path == "/1":
				<-r.Context().Done()
			}
			answerJSON(w, 200, `["`+r.URL.Path+`"]`)
		})
		c := s.client(ClientOptions{})
		run(t.Context(), p, c, nil)
		time.Sleep(2 * time.Minute)
		slow = true
		began := time.Now()
		response, err := p.Run(t.Context(), c, inputs(nil))
		if diff := cmp.Diff([]any{"/", "/1", "/11"}, response["items"]); err != nil || diff != "" || time.Since(began) >= 10*time.Second {
			t.Errorf("after %s: %v\n%s", time.Since(began), err, diff)
		}
		s.stop(t, c)
	})
}

// Each page takes its turn of the rate, and one whose turn comes too late is
// the call's failure.
func TestPagesAtARate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(func(w http.ResponseWriter, r *http.Request) { answerJSON(w, 200, `[1]`) })
		c := s.client(ClientOptions{})
		const upstream = "rateLimit: {requests: 1, per: 2s, burst: 1}\nconcurrency: {limit: 1, queue: 0}\n"
		p := build(t, tool(example, upstream+"timeout: 5s", "paginate: {next: {p: '${page}'}, maxPages: 3}"), nil)
		if o := run(t.Context(), p, c, nil); o.said != "" {
			t.Error(o.said)
		}
		if diff := cmp.Diff([]string{"0s /", "2s /", "4s /"}, s.times()); diff != "" {
			t.Errorf("requests (-want +got):\n%s", diff)
		}
		time.Sleep(10 * time.Second)
		late := build(t, tool(example, upstream+"timeout: 5s", "paginate: {next: {p: '${page}'}, maxPages: 4}"), nil)
		if o := run(t.Context(), late, c, nil); !strings.HasPrefix(o.said, "this server calls api at most 1 times in 2 s") || o.after > 5*time.Second {
			t.Errorf("%+v", o)
		}
		s.stop(t, c)
	})
}

// No time passes where answers are played, and yet it is used up: by waits
// between tries, for the rate, and by silence, over all pages.
func TestPlayedTimeOverPages(t *testing.T) {
	for _, tt := range []struct {
		name, settings string
		answers        []string // a status, silence, or a page
		said           string
		sent           int
	}{
		{"waits between tries", "timeout: 10s\nretry: {attempts: 2, minWait: 3s, maxWait: 3s}", []string{"503", "page", "503", "page", "503", "page", "503"}, "api answered 503", 7},
		{"the rate", "timeout: 10s\nrateLimit: {requests: 1, per: 4s, burst: 1}", []string{"page", "page", "page"}, "this server calls api at most 1 times in 4 s", 3},
		{"silence", "timeout: 10s\nattemptTimeout: 4s\nretry: {attempts: 2, minWait: 1ms, maxWait: 1ms}", []string{"silence", "page", "silence", "page", "silence"}, "api did not answer within", 5},
		{"time enough", "timeout: 20s\nretry: {attempts: 2, minWait: 3s, maxWait: 3s}", []string{"503", "page", "503", "page", "503", "last"}, "", 6},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := build(t, tool(example, tt.settings, "paginate: {next: link}"), nil)
			synctest.Test(t, func(t *testing.T) {
				played := &playing{answers: tt.answers}
				c := NewClient(ClientOptions{Answers: played})
				o := run(t.Context(), p, c, nil)
				if !strings.HasPrefix(o.said, tt.said) || tt.said == "" && o.said != "" || played.at != tt.sent || o.after != 0 {
					t.Errorf("%q after %d requests and %s, want %q after %d", o.said, played.at, o.after, tt.said, tt.sent)
				}
				c.Close()
			})
		})
	}
}

// A playing plays answers one after the other.
type playing struct {
	answers []string
	at      int
}

func (p *playing) Answer(Sent) (*http.Response, error) {
	if p.at == len(p.answers) {
		return nil, errors.New("nothing is left to play")
	}
	said := p.answers[p.at]
	p.at++
	answer := &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: http.NoBody}
	switch said {
	case "silence":
		return nil, ErrSilence
	case "503":
		answer.StatusCode = 503
	case "page":
		answer.Header.Set("Link", fmt.Sprintf("</%d>; rel=next", p.at))
		fallthrough
	default:
		answer.Body = io.NopCloser(strings.NewReader(`[1]`))
	}
	return answer, nil
}

// A failure that several calls share is told to each by its own limits.
func TestASharedFailureIsToldToEach(t *testing.T) {
	source := func(more string) string { return tool(example, "cache: {ttl: 1m}\nretry: {attempts: 1}", more) }
	hasty := build(t, source("attemptTimeout: 1s"), nil)
	patient := build(t, source("timeout: 20s"), nil)
	synctest.Test(t, func(t *testing.T) {
		s := serve(func(w http.ResponseWriter, r *http.Request) {
			select {
			case <-time.After(2 * time.Second):
				answerJSON(w, 200, `"fine"`)
			case <-r.Context().Done():
			}
		})
		c := s.client(ClientOptions{})
		got := runAll(t.Context(), 2, func(i int) outcome { return run(t.Context(), []*Program{hasty, patient}[i], c, nil) })
		if !strings.HasPrefix(got[0].said, "api did not answer within 1 s") || got[1].body != "fine" {
			t.Errorf("%+v", got)
		}
		s.stop(t, c)
	})
}
