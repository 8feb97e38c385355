package azure

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// endpoint is an identity endpoint that keeps what it was asked.
type endpoint struct {
	*httptest.Server
	requests []*http.Request
}

func serveIdentity(t *testing.T, status int) *endpoint {
	e := &endpoint{}
	e.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e.requests = append(e.requests, r)
		ends := time.Now().Add(time.Hour).Unix()
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"access_token": "token-%d", "expires_on": "%d", "expires_in": "3600", "resource": "x", "token_type": "Bearer"}`, len(e.requests), ends)
	}))
	t.Cleanup(e.Close)
	return e
}

// The SDK keeps tokens by resource, so that each test has one of its own.

func TestAppService(t *testing.T) {
	e := serveIdentity(t, 200)
	t.Setenv("IDENTITY_ENDPOINT", e.URL+"/msi/token")
	t.Setenv("IDENTITY_HEADER", "planted")
	for _, tt := range []struct{ resource, clientID string }{
		{"https://appservice.example", ""},
		{"https://appservice.example/.default", "11111111-2222-3333-4444-555555555555"},
	} {
		e.requests = nil
		token, expires, err := New().Token(t.Context(), tt.resource, tt.clientID)
		if err != nil {
			t.Fatal(err)
		}
		if token != "token-1" || time.Until(expires) < 55*time.Minute || time.Until(expires) > time.Hour {
			t.Errorf("token = %q, ends %s", token, expires)
		}
		r := e.requests[0]
		q := r.URL.Query()
		if r.Method != http.MethodGet || r.URL.Path != "/msi/token" || r.Header.Get("X-IDENTITY-HEADER") != "planted" ||
			q.Get("resource") != "https://appservice.example" || q.Get("client_id") != tt.clientID || q.Get("api-version") != "2019-08-01" {
			t.Errorf("asked %s %s %v", r.Method, r.URL, r.Header)
		}
	}
}

// redirected sends the requests to the metadata service to another host.
type redirected struct{ to *url.URL }

func (d redirected) Do(r *http.Request) (*http.Response, error) {
	if r.URL.Host != "169.254.169.254" {
		return nil, fmt.Errorf("a request to %s", r.URL.Host)
	}
	next := r.Clone(r.Context())
	next.URL.Host, next.Host = d.to.Host, ""
	return http.DefaultTransport.RoundTrip(next)
}

func TestMetadataService(t *testing.T) {
	e := serveIdentity(t, 200)
	to, err := url.Parse(e.URL)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"IDENTITY_ENDPOINT", "IDENTITY_HEADER", "MSI_ENDPOINT", "MSI_SECRET", "IMDS_ENDPOINT"} {
		t.Setenv(name, "")
	}
	token, _, err := newIdentity(redirected{to}).Token(t.Context(), "https://imds.example", "some-client")
	if err != nil {
		t.Fatal(err)
	}
	r := e.requests[0]
	q := r.URL.Query()
	if token != "token-1" || r.Header.Get("Metadata") != "true" || r.URL.Path != "/metadata/identity/oauth2/token" ||
		q.Get("resource") != "https://imds.example" || q.Get("client_id") != "some-client" {
		t.Errorf("token = %q for %s %v", token, r.URL, r.Header)
	}
}

func TestNoToken(t *testing.T) {
	e := serveIdentity(t, 400)
	t.Setenv("IDENTITY_ENDPOINT", e.URL)
	t.Setenv("IDENTITY_HEADER", "planted")
	_, _, err := New().Token(t.Context(), "https://refused.example", "")
	if err == nil || !strings.HasPrefix(err.Error(), "managed identity: ") || strings.Contains(err.Error(), "planted") {
		t.Errorf("err = %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := New().Token(ctx, "https://cancelled.example", ""); err == nil {
		t.Error("a token came in spite of everything")
	}
}

// What proves to the endpoint who asks goes nowhere else.
func TestEndpointThatRedirects(t *testing.T) {
	asked := false
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer other.Close()
	e := httptest.NewServer(http.RedirectHandler(other.URL, http.StatusTemporaryRedirect))
	defer e.Close()
	t.Setenv("IDENTITY_ENDPOINT", e.URL)
	t.Setenv("IDENTITY_HEADER", "planted")
	_, _, err := New().Token(t.Context(), "https://redirected.example", "")
	if err == nil || asked || strings.Contains(err.Error(), "planted") {
		t.Errorf("another place was asked: %v; err = %v", asked, err)
	}
}
