package httpcall

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/toolsd/toolsd/engine/expression"
)

func TestTokenRequests(t *testing.T) {
	const basic = "Basic bXklM0FpZDpwbGFudGVkK3MlMkJjcmV0JTJGJUMzJUJD" // my%3Aid:planted+s%2Bcret%2F%C3%BC
	tests := []struct {
		name, kind, more string
		authorization    string
		form             url.Values
	}{
		{"basic", "oauth2", "", basic, url.Values{"grant_type": {"client_credentials"}}},
		{"body", "oauth2", "clientAuth: body", "", url.Values{
			"grant_type": {"client_credentials"}, "client_id": {"my:id"}, "client_secret": {"planted s+cret/ü"},
		}},
		{"scopes and parameters", "oauth2", "scopes: [a, b.read]\nparameters: {audience: 'x y', resource: [r1, r2]}", basic, url.Values{
			"grant_type": {"client_credentials"}, "scope": {"a b.read"}, "audience": {"x y"}, "resource": {"r1", "r2"},
		}},
		{"exchange", "onBehalfOf", "scopes: [a]", basic, url.Values{
			"grant_type": {"urn:ietf:params:oauth:grant-type:token-exchange"}, "scope": {"a"},
			"subject_token": {"planted-caller"}, "subject_token_type": {"urn:ietf:params:oauth:token-type:access_token"},
		}},
		{"exchange of another type", "onBehalfOf", "parameters: {subject_token_type: x}", basic, url.Values{
			"grant_type": {"urn:ietf:params:oauth:grant-type:token-exchange"}, "subject_token": {"planted-caller"}, "subject_token_type": {"x"},
		}},
		{"entra", "onBehalfOf", "flow: entra\nclientAuth: body", "", url.Values{
			"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "requested_token_use": {"on_behalf_of"}, "assertion": {"planted-caller"},
			"client_id": {"my:id"}, "client_secret": {"planted s+cret/ü"},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			service, upstream := giveTokens(t, nil), guardService(t, admitAll)
			p := build(t, tool(upstream.URL, strings.Replace(oauth2(service.URL, tt.more), "oauth2", tt.kind, 1), "path: /a"), oauthSecrets)
			c := newClient(t, ClientOptions{})
			ctx := WithCallerToken(t.Context(), "planted-caller")
			for range 3 {
				response, err := p.Run(ctx, c, inputs(nil))
				if err != nil {
					t.Fatal(err)
				}
				if got, want := response["body"], "you said Bearer ***"; got != want {
					t.Errorf("body = %q, want %q", got, want)
				}
			}
			if diff := cmp.Diff([]url.Values{tt.form}, service.forms); diff != "" {
				t.Errorf("token requests (-want +got):\n%s", diff)
			}
			if got := service.heads[0].Get("Authorization"); got != tt.authorization {
				t.Errorf("Authorization = %q, want %q", got, tt.authorization)
			}
			if diff := cmp.Diff([]string{"Bearer a-token-1", "Bearer a-token-1", "Bearer a-token-1"}, upstream.seen()); diff != "" {
				t.Errorf("the upstream was shown (-want +got):\n%s", diff)
			}
		})
	}
}

// Each caller's token is exchanged for one of their own.
func TestOnBehalfOfEachCaller(t *testing.T) {
	service, upstream := giveTokens(t, nil), guardService(t, admitAll)
	source := strings.Replace(oauth2(service.URL, ""), "oauth2", "onBehalfOf", 1)
	p := build(t, tool(upstream.URL, source, "path: /a"), oauthSecrets)
	c := newClient(t, ClientOptions{})
	for _, who := range []string{"ann", "bob", "ann"} {
		if _, err := p.Run(WithCallerToken(t.Context(), who), c, inputs(nil)); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"Bearer a-token-1", "Bearer a-token-2", "Bearer a-token-1"}, upstream.seen()); diff != "" {
		t.Errorf("the upstream was shown (-want +got):\n%s", diff)
	}
	_, err := p.Run(t.Context(), c, inputs(nil))
	want := "this tool acts in the name of its caller, who has to be signed in with a token of their own; calling it again without signing in will not help"
	if got := failure(t, err); got != want {
		t.Errorf("without a token: %q, want %q", got, want)
	}
	if service.asked() != 2 {
		t.Errorf("%d token requests, want 2", service.asked())
	}
}

// A hundred calls at once ask for one token; a program that was built anew
// uses it too, and one with another secret does not.
func TestOneTokenForAllCalls(t *testing.T) {
	const calls = 100
	waiting := make(chan struct{}, calls)
	service := giveTokens(t, func(request int, w http.ResponseWriter, _ *http.Request) {
		if request == 1 {
			for range calls {
				<-waiting
			}
		}
		fmt.Fprintf(w, `{"access_token": "a-token-%d"}`, request)
	})
	upstream := guardService(t, admitAll)
	source := tool(upstream.URL, oauth2(service.URL, ""), "path: /a")
	p := build(t, source, oauthSecrets)
	c := newClient(t, ClientOptions{})
	var running sync.WaitGroup
	for range calls {
		running.Go(func() {
			waiting <- struct{}{}
			if _, err := p.Run(context.Background(), c, inputs(nil)); err != nil {
				t.Error(err)
			}
		})
	}
	running.Wait()
	if _, err := build(t, source, oauthSecrets).Run(t.Context(), c, inputs(nil)); err != nil {
		t.Fatal(err)
	}
	if service.asked() != 1 {
		t.Errorf("%d token requests, want 1", service.asked())
	}
	renewed := environ{"SECRET": "another secret", "ID": "my:id"}
	if _, err := build(t, source, renewed).Run(t.Context(), c, inputs(nil)); err != nil {
		t.Fatal(err)
	}
	want := base64.StdEncoding.EncodeToString([]byte("my%3Aid:another+secret"))
	if service.asked() != 2 || service.heads[1].Get("Authorization") != "Basic "+want {
		t.Errorf("with another secret: %d token requests, the last with %v", service.asked(), service.heads[len(service.heads)-1])
	}
}

// A token that the upstream refuses is fetched anew, once.
func TestRefusedToken(t *testing.T) {
	tests := []struct {
		name    string
		admits  func(string) bool
		same    bool // the service gives out the same token again
		shown   []string
		message string
	}{
		{name: "the next one is admitted", admits: func(c string) bool { return c == "Bearer a-token-2" }, shown: []string{"Bearer a-token-1", "Bearer a-token-2"}},
		{name: "none is", admits: func(string) bool { return false }, shown: []string{"Bearer a-token-1", "Bearer a-token-2"},
			message: "api answered 401 Unauthorized: you said Bearer *** (this is about the credentials of this server, not about the arguments; whoever runs it has to renew them)"},
		{name: "there is no other", admits: func(string) bool { return false }, same: true, shown: []string{"Bearer a-token-0"},
			message: "api answered 401 Unauthorized: you said Bearer *** (this is about the credentials of this server, not about the arguments; whoever runs it has to renew them)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			service := giveTokens(t, func(request int, w http.ResponseWriter, _ *http.Request) {
				if tt.same {
					request = 0
				}
				fmt.Fprintf(w, `{"access_token": "a-token-%d", "expires_in": "3600"}`, request)
			})
			upstream := guardService(t, tt.admits)
			_, err := call(t, build(t, tool(upstream.URL, oauth2(service.URL, ""), "json: {a: 1}"), oauthSecrets), nil)
			if tt.message == "" && err != nil {
				t.Fatal(err)
			}
			if tt.message != "" && failure(t, err) != tt.message {
				t.Errorf("message = %q, want %q", failure(t, err), tt.message)
			}
			if diff := cmp.Diff(tt.shown, upstream.seen()); diff != "" {
				t.Errorf("the upstream was shown (-want +got):\n%s", diff)
			}
			for _, body := range upstream.bodies {
				if body != `{"a":1}` {
					t.Errorf("a body was %q", body)
				}
			}
			if service.asked() != 2 {
				t.Errorf("%d token requests, want 2", service.asked())
			}
		})
	}
}

// However often a call is tried, its token is renewed once.
func TestTokenIsRenewedOnceInAllTries(t *testing.T) {
	service := giveTokens(t, nil)
	upstream := recordEach(t, func(request int) string {
		if request == 1 {
			return reply(503, "")
		}
		return reply(401, "")
	})
	_, err := call(t, build(t, tool(upstream.base(), "retry: {minWait: 1ms}\n"+oauth2(service.URL, ""), "path: /a"), oauthSecrets), nil)
	if got := failure(t, err); !strings.HasPrefix(got, "api answered 401") {
		t.Errorf("message = %q", got)
	}
	if len(upstream.seen()) != 3 || service.asked() != 2 {
		t.Errorf("%d requests with %d tokens, want 3 with 2", len(upstream.seen()), service.asked())
	}
}

// What goes wrong with a token is told to each reader in their own words, and
// never holds a secret.
func TestTokenFaults(t *testing.T) {
	const (
		refused = "the credentials of this server for api were refused where its tokens are given out; whoever runs the server has to renew them"
		caller  = "api does not accept who the caller is signed in as; the caller may have to sign in again, or be granted access"
		silent  = "no access token for api could be fetched, since the service that gives them out did not answer as it should; try again later"
		barred  = "api may not be called from this server; whoever runs it has to allow it"
	)
	say := func(status int, body string) func(int, http.ResponseWriter, *http.Request) {
		return func(_ int, w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
	tests := []struct {
		name, kind     string
		answer         func(int, http.ResponseWriter, *http.Request)
		url            func(string) string // of the token endpoint
		hosts          []string
		http           string
		message, cause string
		asked          int
	}{
		{name: "refused", answer: say(401, `{"error": "invalid_client", "error_description": "no secret planted s+cret/ü at https://x.example"}`),
			message: refused, cause: "fetching a token: the token service answered 401: invalid_client: no secret *** at [address]", asked: 1},
		{name: "caller refused", kind: "onBehalfOf", answer: say(400, `{"error": "invalid_grant", "error_description": "planted-caller ended"}`),
			message: caller, cause: "fetching a token: the token service answered 400: invalid_grant: *** ended", asked: 1},
		{name: "busy", answer: say(503, `planted s+cret/ü`), http: "retry: {attempts: 2, minWait: 1ms}",
			message: silent, cause: "fetching a token: the token service answered 503", asked: 2},
		{name: "busy and not repeated", answer: say(503, ``), http: "method: POST",
			message: silent, cause: "fetching a token: the token service answered 503", asked: 1},
		{name: "redirected", answer: say(307, ``), http: "method: POST", message: silent, cause: "fetching a token: the token service answered 307", asked: 1},
		{name: "no JSON", answer: say(200, `<html>`), http: "method: POST", message: silent,
			cause: "fetching a token: the token service answered something that is not the JSON of a token", asked: 1},
		{name: "no token", answer: say(200, `{"access_token": ""}`), http: "method: POST", message: silent,
			cause: "fetching a token: the token service answered without an access_token that can be sent", asked: 1},
		{name: "line break", answer: say(200, `{"access_token": "a\r\nX: y"}`), http: "method: POST", message: silent,
			cause: "fetching a token: the token service answered without an access_token that can be sent", asked: 1},
		{name: "another kind", answer: say(200, `{"access_token": "a", "token_type": "DPoP"}`), http: "method: POST", message: silent,
			cause: "fetching a token: the token service answered with a token that is no bearer token", asked: 1},
		{name: "too large", answer: say(200, `{"access_token": "`+strings.Repeat("a", 64<<10)+`"}`), http: "method: POST", message: silent,
			cause: "fetching a token: the token service answered with more than 64 KiB", asked: 1},
		{name: "slow", answer: func(_ int, _ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, http: "timeout: 50ms", message: silent,
			cause: "fetching a token: context deadline exceeded", asked: 1},
		{name: "slow for a try", answer: func(_ int, _ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, http: "attemptTimeout: 50ms\nretry: {attempts: 1}",
			message: "api did not answer within 50 ms; try again later, or ask for less", cause: "the try took too long", asked: 1},
		{name: "host not allowed", url: func(s string) string { return strings.Replace(s, "127.0.0.1", "localhost", 1) }, hosts: []string{"127.0.0.1"},
			message: barred, cause: "fetching a token: the host localhost is not among those that may be called"},
		{name: "metadata", url: func(string) string { return "https://169.254.169.254/token" }, message: barred,
			cause: "fetching a token: dial tcp 169.254.169.254:443: egress guard: 169.254.169.254:443 is a metadata or identity endpoint"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			service, upstream := giveTokens(t, tt.answer), guardService(t, admitAll)
			endpoint := service.URL
			if tt.url != nil {
				endpoint = tt.url(endpoint)
			}
			source := oauth2(endpoint, "")
			if tt.kind != "" {
				source = strings.Replace(source, "oauth2", tt.kind, 1)
			}
			p := build(t, tool(upstream.URL, source, "path: /a\n"+tt.http), oauthSecrets)
			_, err := p.Run(WithCallerToken(t.Context(), "planted-caller"), newClient(t, ClientOptions{Hosts: tt.hosts}), inputs(nil))
			if got := failure(t, err, "planted"); got != tt.message {
				t.Errorf("message = %q, want %q", got, tt.message)
			}
			f, _ := errors.AsType[*expression.Failure](err)
			if got := f.Cause.Error(); got != tt.cause {
				t.Errorf("cause = %q, want %q", got, tt.cause)
			}
			if service.asked() != tt.asked || len(upstream.seen()) != 0 {
				t.Errorf("%d token requests, want %d; the upstream was shown %q", service.asked(), tt.asked, upstream.seen())
			}
		})
	}
}

// Tokens stay on the origin that they are for.
func TestTokenStaysAtHome(t *testing.T) {
	service, elsewhere := giveTokens(t, nil), guardService(t, admitAll)
	home := recordEach(t, func(request int) string {
		if request == 0 {
			return reply(302, "", "Location: /b")
		}
		return reply(302, "", "Location: "+elsewhere.URL)
	})
	p := build(t, tool(home.base(), "redirects: any\nallowPrivate: true\n"+oauth2(service.URL, ""), "path: /a"), oauthSecrets)
	if _, err := call(t, p, nil); err != nil {
		t.Fatal(err)
	}
	for _, request := range home.seen() {
		if !strings.Contains(request, "Authorization: Bearer a-token-1\r\n") {
			t.Errorf("at home: %s", request)
		}
	}
	if diff := cmp.Diff([]string{""}, elsewhere.seen()); diff != "" {
		t.Errorf("elsewhere was shown (-want +got):\n%s", diff)
	}
}

// A dry run, and a call whose answers are played, fetch nothing.
func TestNoTokenWithoutNetwork(t *testing.T) {
	service := giveTokens(t, nil)
	p := build(t, tool("https://api.example.com", oauth2(service.URL, ""), "path: /a"), oauthSecrets)
	seen := &heard{}
	if _, err := p.Run(DryRun(WithObserver(t.Context(), seen)), newClient(t, ClientOptions{}), inputs(nil)); !errors.Is(err, ErrDryRun) {
		t.Fatal(err)
	}
	if got := seen.header.Get("Authorization"); got != "***" {
		t.Errorf("the dry run shows %q", got)
	}
	played := &scripted{statuses: []int{401, 200}}
	if _, err := p.Run(t.Context(), newClient(t, ClientOptions{Answers: played}), inputs(nil)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"Bearer test-token", "Bearer test-token"}, played.shown); diff != "" {
		t.Errorf("played (-want +got):\n%s", diff)
	}
	if service.asked() != 0 {
		t.Errorf("%d token requests", service.asked())
	}
}
