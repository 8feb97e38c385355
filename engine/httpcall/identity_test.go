package httpcall

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestIdentityFence(t *testing.T) {
	operators, err := ParseIdentityFence(" https://Vault.azure.net/ = one.vault.azure.net *.corp.example ; api://mine=api.example ;")
	if err != nil {
		t.Fatal(err)
	}
	nothing, err := ParseIdentityFence("")
	if err != nil {
		t.Fatal(err)
	}
	var builtIn IdentityFence
	for _, tt := range []struct {
		fence          IdentityFence
		resource, base string
		want           bool
	}{
		{builtIn, "https://vault.azure.net", "https://a.vault.azure.net", true},
		{builtIn, "https://vault.azure.net/", "https://a.vault.azure.net:8443", true},
		{builtIn, "https://vault.azure.net/.default", "https://A.Vault.azure.net", true},
		{builtIn, "https://vault.azure.net", "http://a.vault.azure.net", false},
		{builtIn, "https://vault.azure.net", "https://vault.azure.net.example.com", false},
		{builtIn, "https://vault.azure.net", "https://avault.azure.net", false},
		{builtIn, "https://vault.azure.net", "https://a.blob.core.windows.net", false},
		{builtIn, "https://storage.azure.com", "https://a.blob.core.windows.net", true},
		{builtIn, "https://graph.microsoft.com", "https://graph.microsoft.com/v1.0", true},
		{builtIn, "https://management.azure.com", "https://management.azure.com", true},
		{builtIn, "https://cognitiveservices.azure.com", "https://a.openai.azure.com", true},
		{builtIn, "https://servicebus.azure.net", "https://a.servicebus.windows.net", false},
		{builtIn, "api://mine", "https://api.example", false},
		{operators, "https://vault.azure.net", "https://one.vault.azure.net", true},
		{operators, "https://vault.azure.net", "https://two.vault.azure.net", false},
		{operators, "https://vault.azure.net", "https://x.corp.example", true},
		{operators, "api://mine", "https://api.example", true},
		{operators, "api://mine", "http://api.example", false},
		{operators, "https://graph.microsoft.com", "https://graph.microsoft.com", false},
		{nothing, "https://graph.microsoft.com", "https://graph.microsoft.com", false},
	} {
		b, err := parseBase(tt.base)
		if err != nil {
			t.Fatal(err)
		}
		if got := tt.fence.allows(tt.resource, b.origin); got != tt.want {
			t.Errorf("%s to %s: %v, want %v", tt.resource, tt.base, got, tt.want)
		}
	}
	for _, wrong := range []string{"https://vault.azure.net", "=a.example", "https://vault.azure.net= "} {
		if f, err := ParseIdentityFence(wrong); err == nil || f.allows("https://graph.microsoft.com", Origin{"https", "graph.microsoft.com", "443"}) {
			t.Errorf("%q is accepted, or opens what was closed", wrong)
		}
	}
}

func TestManagedIdentity(t *testing.T) {
	upstream := guardService(t, func(c string) bool { return c == "Bearer planted-2" })
	var asked []string
	tokens := func(_ context.Context, resource, clientID string) (string, time.Time, error) {
		asked = append(asked, resource+" "+clientID)
		return "planted-" + string(rune('0'+len(asked))), time.Now().Add(time.Hour), nil
	}
	source := tool(upstream.URL, "auth: {managedIdentity: {resource: '"+upstream.URL+"', clientId: mine}}", "path: /a")
	p := build(t, source, nil)
	c := newClient(t, ClientOptions{IdentityTokens: tokens})
	for range 2 {
		response, err := p.Run(t.Context(), c, inputs(nil))
		if err != nil || response["body"] != "you said Bearer ***" {
			t.Errorf("response = %v, %v", response, err)
		}
	}
	if diff := cmp.Diff([]string{upstream.URL + " mine", upstream.URL + " mine"}, asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}

	// The fence that holds is that of the client.
	closed, err := ParseIdentityFence("")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		options ClientOptions
		message string
	}{
		{ClientOptions{IdentityTokens: tokens, Identities: closed}, "api may not be called from this server; whoever runs it has to allow it"},
		{ClientOptions{}, "no access token for api could be fetched, since the service that gives them out did not answer as it should; try again later"},
		{ClientOptions{IdentityTokens: func(context.Context, string, string) (string, time.Time, error) {
			return "", time.Time{}, errors.New("out of order")
		}}, "no access token for api could be fetched, since the service that gives them out did not answer as it should; try again later"},
	} {
		before := len(upstream.seen())
		_, err := build(t, tool(upstream.URL, "retry: {attempts: 1}\nauth: {managedIdentity: {resource: '"+upstream.URL+"', clientId: mine}}", "path: /a"), nil).
			Run(t.Context(), newClient(t, tt.options), inputs(nil))
		if got := failure(t, err); got != tt.message || len(upstream.seen()) != before {
			t.Errorf("message = %q, want %q; %d requests", got, tt.message, len(upstream.seen())-before)
		}
	}
}
