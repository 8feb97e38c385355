package httpcall

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/textproto"
	"slices"
	"strings"

	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/schema"
)

// credentials are a checked `auth`: what is sent under which name.
type credentials struct {
	kind      schema.AuthKind
	name      string                 // of the header or parameter
	values    []*expression.Template // the token or value; the user and the password of basic
	proof     proof                  // of kinds that are shown by one; nil when what makes it is missing
	inherited bool
}

// auth checks how a call shows who it comes from; nil when nothing is said.
func (c *checker) auth(a *schema.Auth) *credentials {
	if a == nil {
		return nil
	}
	creds := &credentials{kind: a.Kind}
	var nodes []*schema.Node
	switch a.Kind {
	case schema.AuthBearer:
		creds.name, nodes = "Authorization", []*schema.Node{a.Token}
	case schema.AuthBasic:
		creds.name, nodes = "Authorization", []*schema.Node{a.User, a.Pass}
	case schema.AuthHeader, schema.AuthQuery:
		creds.name, nodes = c.authName(a), []*schema.Node{a.Value}
	default:
		creds.name, creds.proof = "Authorization", c.proof(a)
	}
	for _, n := range nodes {
		if t := c.template(n.OneLine()); t != nil {
			c.placeholders(n, t, inHeader)
			creds.values = append(creds.values, t)
		}
	}
	return creds
}

func (c *checker) authName(a *schema.Auth) string {
	if a.Name == nil {
		return ""
	}
	name := a.Name.Text
	switch canonical := textproto.CanonicalMIMEHeaderKey(name); {
	case a.Kind == schema.AuthQuery:
		if name == "" {
			c.report(badAuthName, a.Name.Place, "the name of the parameter is empty", "")
		}
	case !isToken(name):
		c.report(badAuthName, a.Name.Place, "the name of a header is letters, digits and hyphens", "")
	case slices.Contains(connectionHeaders, canonical):
		c.report(badAuthName, a.Name.Place, "the header "+canonical+" belongs to the connection", "")
	}
	return name
}

// apart reports fields that write what auth already sends. Only the call's
// own are reported where the upstream's were reported before.
func (c *checker) apart(creds *credentials, headers, query []field, place func(field) schema.Place) {
	if creds == nil || creds.kind == schema.AuthNone {
		return
	}
	fields, same := headers, sameHeader
	if creds.kind == schema.AuthQuery {
		fields, same = query, sameParameter
	}
	f, found := find(fields, creds.name, same)
	if found && !(f.inherited && creds.inherited) {
		c.report(duplicateCredential, place(f), f.key+" is what auth sends", "write it in one place; auth: none switches the upstream's off")
	}
}

// A boundAuth is compiled credentials.
type boundAuth struct {
	kind   schema.AuthKind
	name   string
	values []*expression.Renderer
	proof  proof
}

// A credential is what one request sends: a header, or a parameter of the query.
type credential struct {
	name, value string
	inQuery     bool
	secrets     []string // what it was made of, to be masked
	proof       proof    // that takes the place of value as the request is sent; may be nil
	renewed     bool     // a token was refused, and fetched anew
}

// render evaluates the credential of a request; nil when there is none.
func (a *boundAuth) render(ctx context.Context, vars expression.Vars) (*credential, error) {
	if a == nil {
		return nil, nil
	}
	if a.isProof() {
		return a.placeholder()
	}
	values := make([]string, len(a.values))
	for i, r := range a.values {
		value, err := evaluate(ctx, r, vars)
		if err != nil {
			return nil, err
		}
		s, err := text(value, "the credential")
		if err != nil {
			return nil, err
		}
		values[i] = strings.TrimSpace(s)
		if values[i] == "" && a.kind != schema.AuthBasic || hasControl(values[i]) {
			return nil, errNoCredentials()
		}
	}
	cred := &credential{name: a.name, value: values[0], inQuery: a.kind == schema.AuthQuery, secrets: values}
	switch a.kind {
	case schema.AuthBearer:
		cred.value = "Bearer " + values[0]
	case schema.AuthBasic:
		if strings.Contains(values[0], ":") {
			return nil, refuse("the user name of this tool's credentials holds a colon, which basic authentication cannot send")
		}
		pair := base64.StdEncoding.EncodeToString([]byte(values[0] + ":" + values[1]))
		cred.value = "Basic " + pair
		cred.secrets = []string{values[1], pair}
	}
	return cred, nil
}

// set adds the credential to a request.
func (c *credential) set(h http.Header, query *parameters) error {
	switch {
	case c == nil:
		return nil
	case c.inQuery:
		query.drop(c.name)
		return query.add(c.name, c.value)
	}
	h.Set(c.name, c.value)
	return nil
}
