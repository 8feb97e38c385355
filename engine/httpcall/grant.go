package httpcall

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/toolsd/toolsd/schema"
)

// A grant is how a token is asked for at a token endpoint: in this server's
// own name (RFC 6749 §4.4), or in exchange for the caller's token. Equal
// grants give tokens that may stand for each other, to the same caller.
type grant struct {
	flow         flow
	endpoint     string // the URL
	path         string // of it, with its query: some services have their key in it
	origin       Origin
	reach        reach
	clientID     string
	clientSecret string
	inBody       bool   // of client id and secret (RFC 6749 §2.3.1)
	scope        string // separated by spaces
	further      string // encoded
}

// flow is the kind of a grant.
type flow uint8

const (
	clientCredentials flow = iota
	tokenExchange          // RFC 8693
	entraOnBehalfOf
)

// URNs of grants and of what they speak of.
const (
	exchangeGrant   = "urn:ietf:params:oauth:grant-type:token-exchange" // RFC 8693 §2.1
	assertionGrant  = "urn:ietf:params:oauth:grant-type:jwt-bearer"     // RFC 7523 §2.1
	accessTokenType = "urn:ietf:params:oauth:token-type:access_token"   // RFC 8693 §3
	subjectType     = "subject_token_type"
)

// ownParameters are those of a token request that have a place of their own.
var ownParameters = map[string]string{
	"grant_type": "the flow", "client_id": "clientId", "client_secret": "clientSecret", "scope": "scopes",
	"subject_token": "the caller's token", "assertion": "the caller's token", "requested_token_use": "the flow",
	"client_assertion": "clientSecret", "client_assertion_type": "clientSecret",
}

// grant checks how a token is asked for; nil when something is missing or has
// a fault.
func (c *checker) grant(kind schema.AuthKind, written *schema.Grant) *grant {
	g := &grant{inBody: written.ClientAuth == "body"}
	if kind == schema.AuthOnBehalfOf {
		g.flow = tokenExchange
		if written.Flow == "entra" {
			g.flow = entraOnBehalfOf
		}
	}
	ready := c.endpoint(g, written.TokenURL)
	var known bool
	if g.clientID, known = c.fixed(written.ClientID); !known {
		ready = false
	}
	if g.clientSecret, known = c.fixed(written.ClientSecret); !known {
		ready = false
	}
	if written.Scopes != nil {
		var scopes []string
		for _, item := range written.Scopes.Items {
			scope, known := c.fixed(item)
			scopes, ready = append(scopes, scope), ready && known
		}
		g.scope = strings.Join(scopes, " ")
	}
	g.further, known = c.further(written.Parameters)
	if !ready || !known {
		return nil
	}
	return g
}

// endpoint reads the URL of the token endpoint. Secrets go there, so that it
// takes https unless it lies where the network is trusted.
func (c *checker) endpoint(g *grant, n *schema.Node) bool {
	text, known := c.fixed(n)
	if !known {
		return false
	}
	u, err := url.Parse(text)
	if err == nil {
		g.origin, err = originOf(u)
	} else {
		err = errNotURL // without the URL
	}
	const hint = "write it as https://host/path"
	if err != nil {
		c.report(badTokenRequest, n.Place, "the tokenUrl "+err.Error(), hint)
		return false
	}
	if strings.Contains(text, "#") {
		c.report(badTokenRequest, n.Place, "the tokenUrl must not hold a fragment", hint) // RFC 6749 §3.2
		return false
	}
	g.endpoint, g.path, g.reach = text, u.RequestURI(), c.home.reachTo(g.origin)
	if g.origin.Scheme != "https" && !g.reach.private && g.reach.local == "" {
		c.report(badTokenRequest, n.Place, "the tokenUrl must begin with https://, since secrets are sent there",
			"http is for a host on this machine, or for an upstream with allowPrivate")
		return false
	}
	return true
}

// further checks and encodes the further parameters of a token request.
func (c *checker) further(n *schema.Node) (encoded string, known bool) {
	if n == nil {
		return "", true
	}
	known = true
	form := formParameters()
	for _, e := range n.Entries {
		if meant, own := ownParameters[e.Key]; own {
			c.report(badTokenRequest, e.KeyPlace, "the parameter "+e.Key+" is made of "+meant, "leave it out")
			known = false
			continue
		}
		value, ok := c.fixedValue(e.Value)
		known = known && ok && form.add(e.Key, value) == nil
	}
	return form.String(), known
}

// ask implements tokenSource.
func (g *grant) ask(ctx context.Context, c *Client) (key any, fetch fetcher, err error) {
	var subject string
	if g.flow != clientCredentials {
		if subject = callerToken(ctx); subject == "" {
			return nil, nil, refuse("this tool acts in the name of its caller, who has to be signed in with a token of their own; calling it again without signing in will not help")
		}
	}
	type grantKey struct {
		grant
		subject [sha256.Size]byte
	}
	return grantKey{*g, sha256.Sum256([]byte(subject))}, func(ctx context.Context) (fetched, error) {
		return g.fetch(ctx, c, subject)
	}, nil
}

// secrets is what a token request holds that is secret.
func (g *grant) secrets(subject string) []string {
	secrets := []string{g.clientSecret, g.pair(), g.path}
	if subject != "" {
		secrets = append(secrets, subject)
	}
	return secrets
}

// pair is what basic authentication sends: id and secret, each encoded as in
// a form before they are joined (RFC 6749 §2.3.1).
func (g *grant) pair() string {
	return base64.StdEncoding.EncodeToString([]byte(url.QueryEscape(g.clientID) + ":" + url.QueryEscape(g.clientSecret)))
}

// form returns the body of a token request.
func (g *grant) form(subject string) string {
	var form url.Values
	switch g.flow {
	case tokenExchange:
		form = url.Values{"grant_type": {exchangeGrant}, "subject_token": {subject}}
		if !slices.ContainsFunc(strings.Split(g.further, "&"), func(p string) bool { return strings.HasPrefix(p, subjectType+"=") }) {
			form.Set(subjectType, accessTokenType)
		}
	case entraOnBehalfOf:
		form = url.Values{"grant_type": {assertionGrant}, "assertion": {subject}, "requested_token_use": {"on_behalf_of"}}
	default:
		form = url.Values{"grant_type": {"client_credentials"}}
	}
	if g.scope != "" {
		form.Set("scope", g.scope)
	}
	if g.inBody {
		form.Set("client_id", g.clientID)
		form.Set("client_secret", g.clientSecret)
	}
	if g.further == "" {
		return form.Encode()
	}
	return form.Encode() + "&" + g.further
}

// authenticate puts client id and secret into the header of a token request,
// where they stand there.
func (g *grant) authenticate(h http.Header) {
	if !g.inBody {
		h.Set("Authorization", "Basic "+g.pair())
	}
}
