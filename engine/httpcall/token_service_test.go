package httpcall

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// A tokenService gives out tokens and keeps what it was asked.
type tokenService struct {
	*httptest.Server
	mu     sync.Mutex
	forms  []url.Values
	heads  []http.Header
	answer func(request int, w http.ResponseWriter, r *http.Request)
}

// giveTokens starts a service that answers with answer; nil gives out a-token-1,
// a-token-2 and so on.
func giveTokens(t testing.TB, answer func(request int, w http.ResponseWriter, r *http.Request)) *tokenService {
	if answer == nil {
		answer = func(request int, w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, `{"access_token": "a-token-%d", "token_type": "Bearer", "expires_in": 3600}`, request)
		}
	}
	s := &tokenService{answer: answer}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		form, err := url.ParseQuery(string(body))
		if err != nil || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
			t.Errorf("not a token request: %s %v %q", r.Method, r.Header, body)
		}
		s.mu.Lock()
		s.forms, s.heads = append(s.forms, form), append(s.heads, r.Header)
		request := len(s.forms)
		s.mu.Unlock()
		s.answer(request, w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *tokenService) asked() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.forms)
}

// A guardedService is an upstream that keeps the credentials it was shown, and
// refuses those that it does not admit.
type guardedService struct {
	*httptest.Server
	mu     sync.Mutex
	shown  []string
	bodies []string
}

func guardService(t testing.TB, admits func(credential string) bool) *guardedService {
	s := &guardedService{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		credential := r.Header.Get("Authorization")
		s.mu.Lock()
		s.shown, s.bodies = append(s.shown, credential), append(s.bodies, string(body))
		s.mu.Unlock()
		if !admits(credential) {
			w.WriteHeader(http.StatusUnauthorized)
		}
		fmt.Fprintf(w, "you said %s", credential)
	}))
	t.Cleanup(s.Close)
	return s
}

func admitAll(string) bool { return true }

func (s *guardedService) seen() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shown
}

var oauthSecrets = environ{"SECRET": "planted s+cret/ü", "ID": "my:id"}

func oauth2(service, more string) string {
	return "auth:\n  oauth2:\n    tokenUrl: " + service + "\n    clientId: ${env.ID}\n    clientSecret: ${env.SECRET}\n" + "    " + strings.ReplaceAll(more, "\n", "\n    ") + "\n"
}

// A heard is an observer that keeps the header of the request.
type heard struct {
	Observer
	header http.Header
}

func (h *heard) Request(_, _ string, header http.Header, _ string) { h.header = header }

// A scripted service answers with statuses, and keeps the credentials that it is shown.
type scripted struct {
	statuses []int
	shown    []string
}

func (p *scripted) Answer(sent Sent) (*http.Response, error) {
	status := p.statuses[len(p.shown)]
	p.shown = append(p.shown, sent.Header.Get("Authorization"))
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: http.NoBody}, nil
}
