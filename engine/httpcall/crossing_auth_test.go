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
)

const (
	oauth      = "auth: {oauth2: {tokenUrl: http://127.0.0.1/token, clientId: '${env.ID}', clientSecret: '${env.SECRET}'}}\n"
	onBehalf   = "auth: {onBehalfOf: {tokenUrl: http://127.0.0.1/token, clientId: '${env.ID}', clientSecret: '${env.SECRET}'}}\n"
	signedAuth = "auth: {awsSigV4: {region: eu, service: s3, accessKeyId: '${env.ID}', secretAccessKey: '${env.SECRET}'}}\n"
)

// signedIn is an upstream with its token endpoint, at /token. It says how
// often it was asked at each, and repeats the credential that it was shown.
type signedIn struct {
	*service
	tokens, answers int
	tokensFail      bool
	refuses         func(credential string) bool
}

func serveSignedIn() *signedIn {
	s := &signedIn{refuses: func(string) bool { return false }}
	s.service = serve(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/token" {
			s.tokens++
			if s.tokensFail {
				answerJSON(w, 503, `{}`)
				return
			}
			body, _ := io.ReadAll(r.Body)
			who := "server"
			if strings.Contains(string(body), "subject_token=ann") {
				who = "of-ann"
			}
			answerJSON(w, 200, fmt.Sprintf(`{"access_token": "a-token-%s-%d"}`, who, s.tokens))
			return
		}
		s.answers++
		credential := r.Header.Get("Authorization")
		if s.refuses(credential) {
			answerJSON(w, 401, `{}`)
			return
		}
		w.Header().Set("X-Shown", credential)
		answerJSON(w, 200, fmt.Sprintf(`{"n": %d, "shown": %q}`, s.answers, credential))
	})
	return s
}

// A kept answer is used by those for whom the request would have been the
// same, and by nobody else.
func TestKeptAnswersBelongToWhoAsks(t *testing.T) {
	one, two := environ{"ID": "id", "SECRET": "secret-one"}, environ{"ID": "id", "SECRET": "secret-two"}
	type caller struct {
		token string
		env   environ
		auth  string // another one than that of the test
	}
	tests := []struct {
		name, auth string
		callers    []caller
		answers    int
	}{
		{"oauth2 is nobody's", oauth, []caller{{"ann", one, ""}, {"bob", one, ""}, {"", one, ""}}, 1},
		{"oauth2 by another secret", oauth, []caller{{"", one, ""}, {"", two, ""}, {"", one, ""}}, 2},
		{"oauth2 for another scope", oauth, []caller{{"", one, ""}, {"", one, strings.Replace(oauth, "clientId", "scopes: [a], clientId", 1)}}, 2},
		{"on behalf of one", onBehalf, []caller{{"ann", one, ""}, {"ann", one, ""}}, 1},
		{"on behalf of two", onBehalf, []caller{{"ann", one, ""}, {"bob", one, ""}, {"ann", one, ""}, {"bob", one, ""}}, 2},
		{"on behalf of one, and of nobody", onBehalf, []caller{{"ann", one, ""}, {"ann", one, oauth}}, 2},
		{"signed", signedAuth, []caller{{"ann", one, ""}, {"bob", one, ""}}, 1},
		{"signed by another key", signedAuth, []caller{{"", one, ""}, {"", two, ""}}, 2},
		{"signed for another region", signedAuth, []caller{{"", one, ""}, {"", one, strings.Replace(signedAuth, "eu", "us", 1)}}, 2},
		{"signed or not", signedAuth, []caller{{"", one, ""}, {"", one, "auth: none\n"}}, 2},
		{"with a token or without", oauth, []caller{{"", one, ""}, {"", one, "auth: none\n"}}, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := serveSignedIn()
				c := s.client(ClientOptions{})
				for _, by := range tt.callers {
					auth := tt.auth
					if by.auth != "" {
						auth = by.auth
					}
					p := build(t, tool("http://127.0.0.1", auth+"cache: {ttl: 1h}", "path: /a"), by.env)
					if o := run(WithCallerToken(t.Context(), by.token), p, c, nil); o.said != "" {
						t.Error(o.said)
					}
					time.Sleep(time.Second) // a signature is another one
				}
				if s.answers != tt.answers {
					t.Errorf("%d requests, want %d", s.answers, tt.answers)
				}
				s.stop(t, c)
			})
		})
	}
}

// Who cannot show a token of their own is given nothing, also where an answer
// for everybody else is at hand.
func TestNoKeptAnswerWithoutAToken(t *testing.T) {
	p := build(t, tool("http://127.0.0.1", onBehalf+"cache: {ttl: 1h, staleIfError: 1h}", "path: /a"), environ{"ID": "id", "SECRET": "planted-secret"})
	synctest.Test(t, func(t *testing.T) {
		s := serveSignedIn()
		c := s.client(ClientOptions{})
		run(WithCallerToken(t.Context(), "ann"), p, c, nil)
		for range 2 {
			if o := run(t.Context(), p, c, nil); !strings.HasPrefix(o.said, "this tool acts in the name of its caller") || o.body != nil {
				t.Errorf("without a token: %+v", o)
			}
			time.Sleep(61 * time.Minute)
		}
		if s.answers != 1 || s.tokens != 1 {
			t.Errorf("%d requests with %d tokens, want one of each", s.answers, s.tokens)
		}
		s.stop(t, c)
	})
}

// What an answer repeats of a token is hidden from whoever the answer is for:
// who fetched it, who waited for it, who finds it kept, and who gets it late.
func TestTokensInKeptAnswersAreHidden(t *testing.T) {
	for name, auth := range map[string]string{"oauth2": oauth, "onBehalfOf": onBehalf} {
		t.Run(name, func(t *testing.T) {
			p := build(t, tool("http://127.0.0.1", auth+"retry: {attempts: 1}\ncache: {ttl: 1m, staleIfError: 1h}", "path: /a"), environ{"ID": "id", "SECRET": "planted-secret"})
			synctest.Test(t, func(t *testing.T) {
				s := serveSignedIn()
				handler, down := s.server.Handler, false
				s.server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					time.Sleep(100 * time.Millisecond)
					if down {
						w.WriteHeader(503)
						return
					}
					handler.ServeHTTP(w, r)
				})
				c := s.client(ClientOptions{})
				ctx := WithCallerToken(t.Context(), "ann")
				look := func(when string) {
					t.Helper()
					var seen notes
					response, err := p.Run(WithObserver(ctx, &seen), c, inputs(nil))
					all := fmt.Sprint(response, seen.String())
					if err != nil || strings.Contains(all, "a-token") || !strings.Contains(all, "shown:Bearer ***") {
						t.Errorf("%s: %s %v", when, all, err)
					}
				}
				runAll(ctx, 3, func(i int) outcome { look(fmt.Sprint("at the same time, ", i)); return outcome{} })
				look("kept")
				time.Sleep(2 * time.Minute)
				down = true
				look("late")
				if s.answers != 1 {
					t.Errorf("%d answers, want 1", s.answers)
				}
				s.stop(t, c)
			})
		})
	}
}

// A token that is refused is fetched anew behind the cache too; what a new one
// brings is kept, and a refusal is not made good by an old answer.
func TestRefusedTokensAndKeptAnswers(t *testing.T) {
	p := build(t, tool("http://127.0.0.1", oauth+"cache: {ttl: 1m, staleIfError: 1h}", "path: /a"), environ{"ID": "id", "SECRET": "planted-secret"})
	synctest.Test(t, func(t *testing.T) {
		s := serveSignedIn()
		c := s.client(ClientOptions{})
		s.refuses = func(credential string) bool { return strings.HasSuffix(credential, "-1") }
		for range 2 {
			if o := run(t.Context(), p, c, nil); o.said != "" {
				t.Error(o.said)
			}
		}
		if s.answers != 2 || s.tokens != 2 {
			t.Errorf("%d requests with %d tokens, want 2 with 2", s.answers, s.tokens)
		}
		time.Sleep(2 * time.Minute)
		s.refuses = func(string) bool { return true }
		if o := run(t.Context(), p, c, nil); !strings.HasPrefix(o.said, "api answered 401") {
			t.Errorf("%+v", o)
		}
		s.stop(t, c)
	})
}

// A service that gives out tokens and is down says nothing of the upstream:
// its breaker stays closed.
func TestTokensAndTheBreaker(t *testing.T) {
	p := build(t, tool("http://127.0.0.1", oauth+"retry: {attempts: 1}\ncircuitBreaker: {failures: 1, openFor: 1h}", "path: /a"), environ{"ID": "id", "SECRET": "planted-secret"})
	synctest.Test(t, func(t *testing.T) {
		s := serveSignedIn()
		c := s.client(ClientOptions{})
		s.tokensFail = true
		for range 3 {
			if o := run(t.Context(), p, c, nil); !strings.HasPrefix(o.said, "no access token for api") {
				t.Errorf("%+v", o)
			}
		}
		s.tokensFail = false
		if o := run(t.Context(), p, c, nil); o.said != "" {
			t.Error(o.said)
		}
		s.stop(t, c)
	})
}

// A dry run renders and shows the first request of whatever kind, and sends,
// fetches, counts and keeps nothing.
func TestDryRunOfEverything(t *testing.T) {
	for name, settings := range map[string]string{
		"oauth2": oauth, "onBehalfOf": onBehalf, "awsSigV4": signedAuth, "cache": "cache: {ttl: 1h}", "rate": "rateLimit: {requests: 1, per: 1h, burst: 1}",
		"places": "concurrency: {limit: 1, queue: 0}", "breaker": "circuitBreaker: {failures: 1}", "retry": "retry: {attempts: 5}",
	} {
		t.Run(name, func(t *testing.T) {
			p := build(t, tool("http://127.0.0.1", settings, "path: /a\npaginate: {next: link, items: '[response.body]'}"), environ{"ID": "id", "SECRET": "planted-secret"})
			synctest.Test(t, func(t *testing.T) {
				s := serveSignedIn()
				c := s.client(ClientOptions{})
				for range 3 {
					var seen notes
					_, err := p.Run(DryRun(WithObserver(t.Context(), &seen)), c, inputs(nil))
					if !errors.Is(err, ErrDryRun) || strings.Count(seen.String(), "request GET http://127.0.0.1/a ") != 1 || strings.Contains(seen.String(), "planted") {
						t.Errorf("%v\n%s", err, seen.String())
					}
				}
				if len(s.times()) != 0 || len(c.cache.kept)+len(c.cache.flights) != 0 {
					t.Errorf("%v was sent", s.times())
				}
				s.stop(t, c)
			})
		})
	}
}
