package httpcall

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A player answers each request with the next of its statuses; 0 is silence,
// and a request after the last one cannot be answered.
type player struct {
	statuses []int
	header   http.Header
	seen     []string
}

var errPlayed = errors.New("there is nothing more to play")

func (p *player) Answer(s Sent) (*http.Response, error) {
	p.seen = append(p.seen, fmt.Sprintf("%s %s of %s, credential %q", s.Method, s.URL, s.Base, s.Credential))
	if len(p.seen) > len(p.statuses) {
		return nil, errPlayed
	}
	status := p.statuses[len(p.seen)-1]
	if status == 0 {
		return nil, ErrSilence
	}
	return &http.Response{StatusCode: status, Header: p.header.Clone(), Body: io.NopCloser(strings.NewReader(""))}, nil
}

// play makes a GET call to a path of an upstream and returns how it ended.
func play(t *testing.T, p *player, upstream, settings string) string {
	t.Helper()
	program := build(t, tool("https://api.example/v1/", upstream, "path: /a\n"+settings), nil)
	client := newClient(t, ClientOptions{Answers: p})
	response, err := program.Run(t.Context(), client, inputs(nil))
	if err != nil {
		return err.Error()
	}
	return fmt.Sprint(response["status"])
}

func TestAnswererStandsInForTheNetwork(t *testing.T) {
	later := http.Header{"Retry-After": {"8"}}
	away := http.Header{"Location": {"/elsewhere"}}
	tests := []struct {
		name     string
		player   player
		settings string
		want     string
		requests int
	}{
		{name: "an answer", player: player{statuses: []int{200}}, want: "200", requests: 1},
		{name: "three tries", player: player{statuses: []int{503, 503, 200}}, want: "200", requests: 3},
		{name: "a redirect", player: player{statuses: []int{302, 200}, header: away}, want: "200", requests: 2},
		{name: "silence lasts as long as the call", player: player{statuses: []int{0, 200}}, want: "did not answer within 30 s", requests: 1},
		{name: "silence lasts as long as the try", player: player{statuses: []int{0, 200}}, settings: "attemptTimeout: 5s", want: "200", requests: 2},
		{name: "silence of a try that is as long as the call", player: player{statuses: []int{0, 200}}, settings: "timeout: 5s\nattemptTimeout: 5s", want: "did not answer within 5 s", requests: 1},
		{name: "waits count", player: player{statuses: []int{503, 503, 200}, header: later}, settings: "timeout: 12s", want: "503", requests: 2},
		{name: "what cannot be played ends the call", player: player{}, want: "could not be reached", requests: 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				if got := play(t, &tt.player, "", tt.settings); !strings.Contains(got, tt.want) {
					t.Errorf("got %q, want %q", got, tt.want)
				}
				if len(tt.player.seen) != tt.requests {
					t.Errorf("%d requests, want %d", len(tt.player.seen), tt.requests)
				}
				if passed := time.Since(began); passed != 0 {
					t.Errorf("%s passed", passed)
				}
			})
		})
	}
}

func TestAnswererSeesWhatWasSent(t *testing.T) {
	p := &player{statuses: []int{200}}
	play(t, p, "auth: {query: {name: key, value: secret}}", "query: {q: a b}")
	want := []string{`GET https://api.example/v1/a?q=a%20b&key=secret of https://api.example/v1, credential "key"`}
	if diff := cmp.Diff(want, p.seen); diff != "" {
		t.Error(diff)
	}
}

func TestParametersAreReadAsTheyAreSent(t *testing.T) {
	got, err := Parameters(map[string]any{
		"a": "x y+z&=", "b": []any{1, "2"}, "c[]": []any{"3"}, "d": map[string]any{"e": 4}, "f": nil, "g;h": "",
	})
	if err != nil {
		t.Fatal(err)
	}
	want := url.Values{"a": {"x y+z&="}, "b": {"1", "2"}, "c[]": {"3"}, "d[e]": {"4"}, "g;h": {""}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(url.Values{"a b": {"c d"}}, ReadParameters("a+b=c+d")); diff != "" {
		t.Error(diff)
	}
}
