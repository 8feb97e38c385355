package main

import "github.com/toolsd/toolsd/engine/httpcall"

// newClient returns the client for all HTTP calls of the process, inside the
// operator's fence: TOOLSD_HOSTS_ALLOW lists the hosts that may be called, and
// the platform's identity endpoints never may.
func newClient(env environment, o httpcall.ClientOptions) *httpcall.Client {
	o.Hosts = env.list("TOOLSD_HOSTS_ALLOW")
	for _, name := range []string{"IDENTITY_ENDPOINT", "MSI_ENDPOINT"} {
		if url := env.get(name); url != "" {
			o.Identity = append(o.Identity, url)
		}
	}
	return httpcall.NewClient(o)
}
