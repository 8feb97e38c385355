package httpcall

import (
	"context"
	"maps"
	"net/http"
	"strings"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/toolsd/toolsd/engine/expression"
)

const userAgent = "toolsd"

// A request has been rendered, once for all its tries.
type request struct {
	method   string
	path     string // encoded, from the origin on
	urlQuery string // encoded, what the url itself brought
	query    *parameters
	header   http.Header
	payload
	credential *credential
	secrets    []string // what values made of the environment came to
}

// render evaluates every slot of the request.
func (p *Program) render(ctx context.Context, vars expression.Vars) (*request, error) {
	path, urlQuery, err := p.address.render(ctx, vars)
	if err != nil {
		return nil, err
	}
	r := &request{method: p.method, path: path, query: queryParameters(), header: http.Header{"User-Agent": {userAgent}}}
	if err := r.query.fields(ctx, p.query, vars); err != nil {
		return nil, err
	}
	r.secrets = r.query.secrets
	r.urlQuery = without(urlQuery, r.query)
	if r.payload, err = p.body.render(ctx, vars); err != nil {
		return nil, err
	}
	r.secrets = append(r.secrets, r.payload.secrets...)
	if r.mediaType != "" {
		r.header.Set("Content-Type", r.mediaType)
	}
	secrets, err := setHeaders(ctx, r.header, p.headers, vars)
	if err != nil {
		return nil, err
	}
	if p.body.kind == multipartBody {
		r.header.Set("Content-Type", r.mediaType) // it names the boundary
	}
	r.secrets = append(r.secrets, secrets...)
	if r.credential, err = p.auth.render(ctx, vars); err != nil {
		return nil, err
	}
	return r, r.credential.set(r.header, r.query)
}

// without returns a query without the parameters that others replace.
func without(query string, others *parameters) string {
	if query == "" || len(others.pairs) == 0 {
		return query
	}
	var kept []string
	for pair := range strings.SplitSeq(query, "&") {
		key, _, _ := strings.Cut(pair, "=")
		if !others.has(unescape(strings.ReplaceAll(key, "+", " "))) {
			kept = append(kept, pair)
		}
	}
	return strings.Join(kept, "&")
}

// key tells requests of one call apart.
func (r *request) key(o Origin) string { return r.url(o, r.query.String()) + "\n" + string(r.body) }

// replaceInBody puts a value in the place of a field of the form, or a member
// of the JSON object, that the body is; null takes it away.
func (r *request) replaceInBody(key string, value any) (err error) {
	if r.form != nil {
		r.form = r.form.clone()
		err = r.form.replace(key, value)
		r.body = []byte(r.form.String())
		return err
	}
	r.object = maps.Clone(r.object)
	if r.object[key] = value; value == nil {
		delete(r.object, key)
	}
	r.body, err = marshal(r.object)
	return err
}

// url returns the URL of the request; query is that of its parameters.
func (r *request) url(o Origin, query string) string {
	if r.urlQuery != "" && query != "" {
		query = "&" + query
	}
	query = r.urlQuery + query
	if query != "" {
		query = "?" + query
	}
	return o.String() + r.path + query
}

// shown returns the URL as an observer may see it.
func (r *request) shown(o Origin, m mask) string {
	query := r.query
	if c := r.credential; c != nil && c.inQuery {
		hidden := *r.query
		hidden.pairs = append([]parameter(nil), r.query.pairs...)
		hidden.drop(c.name)
		hidden.pairs = append(hidden.pairs, parameter{c.name, hidden.literal(c.name) + "=" + masked, masked})
		query = &hidden
	}
	return m.text(r.url(o, query.String()))
}

// http returns the request as the client sends it. An empty body is sent as
// such, with its length.
func (r *request) http(ctx context.Context, o Origin) (*retryablehttp.Request, error) {
	var body any
	if r.body != nil {
		body = r.body
	}
	req, err := retryablehttp.NewRequestWithContext(ctx, r.method, r.url(o, r.query.String()), body)
	if err != nil {
		return nil, err
	}
	req.Header = r.header
	return req, nil
}
