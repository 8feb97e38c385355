package httpcall

import (
	"context"
	"strings"

	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/schema"
)

// A home is where the calls of a definition go, as far as it matters to their
// credentials.
type home struct {
	origin       Origin // the zero Origin when it is not known
	allowPrivate bool
	tls          tlsIdentity
	// identities says where tokens of the platform's identity may go; nil when
	// that is not known, and then it is decided at the call.
	identities *IdentityFence
}

// reach returns how far connections of the home may reach.
func (h home) reach() reach {
	r := reachOf(h.origin, h.allowPrivate)
	r.tls = h.tls
	return r
}

// reachTo returns how far connections to another origin may reach, such as
// that of a token endpoint. Only on the home's own origin do they show the
// home's certificate.
func (h home) reachTo(o Origin) reach {
	if o == h.origin {
		return h.reach()
	}
	return reachOf(o, h.allowPrivate)
}

// fixed checks a template whose slots use the environment alone and evaluates
// it. known is false when there is nothing, or a fault, or when a variable is
// missing where that is allowed.
func (c *checker) fixed(n *schema.Node) (text string, known bool) {
	value, known := c.fixedValue(n)
	if !known || value == nil {
		return "", false
	}
	text, err := expression.Text(value)
	text = strings.TrimSpace(text) // a file or a console often leaves a line break behind
	return text, err == nil && text != ""
}

// fixedValue is fixed for a tree.
func (c *checker) fixedValue(n *schema.Node) (value any, known bool) {
	if n == nil {
		return nil, false
	}
	own := c.within(expression.Scope{Request: true})
	t := own.template(n.OneLine())
	own.placeholders(n, t, inHeader)
	c.found = append(c.found, own.found...)
	if t == nil {
		return nil, false
	}
	r, err := expression.BuildTemplate(t, own.scope, expression.Bounds{})
	if err != nil {
		return nil, false
	}
	value, err = evaluate(context.Background(), r, nil)
	return value, err == nil
}

// homeOf returns where a call to a target goes; u is nil for one without an
// upstream.
func (u *Upstream) homeOf(t target) home {
	if u == nil {
		return home{origin: t.base.origin}
	}
	return u.home
}
