package main

import (
	"github.com/toolsd/toolsd/engine/azure"
	"github.com/toolsd/toolsd/engine/httpcall"
)

// newClient returns the client for all HTTP calls of the process, inside the
// operator's fence: TOOLSD_HOSTS_ALLOW lists the hosts that may be called,
// TOOLSD_IDENTITY_ALLOW those that tokens of the platform's identity may go to,
// and the platform's identity endpoints never may be called.
func newClient(env environment, o httpcall.ClientOptions) *httpcall.Client {
	o.Hosts = env.list("TOOLSD_HOSTS_ALLOW")
	o.Identities, o.IdentityTokens = env.identities, azure.New().Token
	for _, name := range []string{"IDENTITY_ENDPOINT", "MSI_ENDPOINT"} {
		if url := env.get(name); url != "" {
			o.Identity = append(o.Identity, url)
		}
	}
	return httpcall.NewClient(o)
}
