package engine

import (
	"strings"

	"github.com/toolsd/toolsd/schema"
)

// standIn returns a definition as a test uses it: without certificates, and
// with a token endpoint in the place of one that is made of variables. Nothing
// is dialed and no token is fetched, while their test values are neither
// certificates nor addresses.
func standIn(def *schema.Definition) *schema.Definition {
	next := *def
	switch {
	case def.Upstream != nil:
		written := *def.Upstream
		written.MTLS = nil
		written.Settings.Auth = standInAuth(written.Settings.Auth)
		next.Upstream = &written
	case def.Tool != nil && def.Tool.HTTP != nil:
		written, call := *def.Tool, *def.Tool.HTTP
		call.Settings.Auth = standInAuth(call.Settings.Auth)
		written.HTTP = &call
		next.Tool = &written
	}
	return &next
}

func standInAuth(a *schema.Auth) *schema.Auth {
	if a == nil || a.Grant == nil || a.Grant.TokenURL == nil || !strings.Contains(a.Grant.TokenURL.Text, "env.") {
		return a
	}
	next, grant := *a, *a.Grant
	grant.TokenURL = &schema.Node{Kind: schema.String, Text: "https://token.test", Place: a.Grant.TokenURL.Place}
	next.Grant = &grant
	return &next
}
