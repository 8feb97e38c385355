// Package azure gives out tokens of the identity that Azure runs a process
// under. It is the only importer of the Azure SDK and imports nothing of this
// program: what it does is handed in where it is needed.
package azure

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

// An Identity is the managed identity of this process: that of App Service and
// Functions where IDENTITY_ENDPOINT is set, else that of the virtual machine
// (IMDS). It is safe for concurrent use, and costs nothing before its first
// token is asked for.
//
// The SDK keeps tokens for the whole process until they are about to end, so
// that asking again may give the same one.
type Identity struct {
	transport policy.Transporter

	mu          sync.Mutex
	credentials map[string]azcore.TokenCredential // by client id
}

// New returns the identity of this process. Its requests go to the platform
// directly, since a proxy would see the tokens, and follow no redirect, which
// would be shown the header that proves who asks.
func New() *Identity {
	return newIdentity(&http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	})
}

func newIdentity(t policy.Transporter) *Identity {
	return &Identity{transport: t, credentials: map[string]azcore.TokenCredential{}}
}

// Token returns a token for a resource, such as https://vault.azure.net, and
// when it ends. clientID names one of several identities; "" is that of the
// system.
func (i *Identity) Token(ctx context.Context, resource, clientID string) (token string, expires time.Time, err error) {
	credential, err := i.credential(clientID)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("managed identity: %w", err)
	}
	if !strings.HasSuffix(resource, "/.default") {
		resource += "/.default"
	}
	got, err := credential.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{resource}})
	if err != nil {
		return "", time.Time{}, fmt.Errorf("managed identity: %w", err)
	}
	return got.Token, got.ExpiresOn, nil
}

// credential returns the credential of a client id, made on first use.
func (i *Identity) credential(clientID string) (azcore.TokenCredential, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if c := i.credentials[clientID]; c != nil {
		return c, nil
	}
	o := &azidentity.ManagedIdentityCredentialOptions{ClientOptions: azcore.ClientOptions{
		Transport: i.transport,
		Telemetry: policy.TelemetryOptions{Disabled: true},
	}}
	if clientID != "" {
		o.ID = azidentity.ClientID(clientID)
	}
	c, err := azidentity.NewManagedIdentityCredential(o)
	if err != nil {
		return nil, err
	}
	i.credentials[clientID] = c
	return c, nil
}
