package httpcall

import (
	"cmp"
	"maps"

	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/engine/jsonschema"
	"github.com/toolsd/toolsd/schema"
)

// An Upstream has been checked; it is immutable.
type Upstream struct {
	name     string
	base     base
	policy   Policy
	home     home
	settings settings
	rules    []rule
	env      *expression.Env
	exposed  *expression.Env
	used     map[string]bool // environment variables
	hidden   []string        // of baseUrl, what the environment made secret

	restraint restraint
}

// A Policy is what of an upstream decides where its calls may go. Two
// upstreams whose policies are equal may go to the same places.
type Policy struct {
	Origin Origin // the zero Origin when the environment lacks it
	// AllowPrivate opens addresses of private networks and of this machine.
	AllowPrivate bool
	Redirects    string // "none", "same-origin" or "any"
}

// Policy returns where calls to the upstream may go.
func (u *Upstream) Policy() Policy { return u.policy }

// The words of `redirects`.
const (
	redirectNone       = "none"
	redirectSameOrigin = "same-origin"
	redirectAny        = "any"
)

// Secrets returns the values of the environment that the upstream sends and
// that the server does not expose.
func (u *Upstream) Secrets() []string {
	return append(secretsOf(u.env, u.used, u.exposed), u.hidden...)
}

// CheckUpstream checks an upstream. env is what its slots may use, exposed
// what its errors may. identities says where tokens of the platform's identity
// may go; nil when that is not known. The Upstream is nil when there is an
// error.
func CheckUpstream(name string, u *schema.Upstream, env, exposed *expression.Env, identities *IdentityFence) (*Upstream, []schema.Diagnostic) {
	where := newChecker(&expression.Scope{Env: env, Request: true})
	b := where.baseURL(u.BaseURL)
	c := newChecker(&expression.Scope{Env: env, Request: true})
	c.home = home{origin: b.origin, allowPrivate: u.AllowPrivate, identities: identities}
	c.home.tls = c.tlsIdentity(u.MTLS)
	headers := c.within(headerScope())
	s := c.settings(u.Settings, headers)
	c.apart(s.auth, s.headers, s.query, func(f field) schema.Place { return f.place })
	after := rulesScope(exposed)
	rules := c.rules(u.Errors, &after)
	where.note()
	c.note()
	var hidden []string
	if len(secretsOf(env, where.used, exposed)) > 0 && b.prefix() != "" {
		hidden = []string{b.prefix()} // some services have their key in it
	}
	maps.Copy(c.used, where.used)

	if u.Settings.Cache.StaleIfError > 0 && u.Settings.Cache.TTL == 0 {
		c.report(uselessCache, u.Settings.Cache.Place, noTTL, noTTLHint)
	}
	found := append(append(where.found, c.found...), headers.found...)
	if schema.HasErrors(found) {
		return nil, found
	}
	return &Upstream{
		name: name, base: b, settings: s, rules: rules, home: c.home, env: env, exposed: exposed, used: c.used, hidden: hidden,
		restraint: restraintOf(name, b, u),
		policy:    Policy{Origin: b.origin, AllowPrivate: u.AllowPrivate, Redirects: cmp.Or(s.redirects, redirectSameOrigin)},
	}, found
}

// headerScope is what the headers of an upstream may use beside env.
func headerScope() expression.Scope {
	return expression.Scope{Names: map[string]*jsonschema.Type{"caller": CallerType()}, Request: true}
}

// rulesScope is what the errors of an upstream may use.
func rulesScope(exposed *expression.Env) expression.Scope {
	return expression.Scope{Names: map[string]*jsonschema.Type{"response": responseType(nil)}, Env: exposed}
}

// baseURL checks and evaluates the base of an upstream.
func (c *checker) baseURL(n *schema.Node) base {
	t := c.template(n.OneLine())
	if t == nil {
		return base{}
	}
	text, ok := c.constant(t)
	if !ok {
		return base{} // reported as missing, or allowed to be
	}
	b, err := parseBase(text)
	if err != nil {
		c.report(badBaseURL, n.Place, "the baseUrl "+err.Error(), "write it as https://host or https://host/path")
	}
	return b
}
