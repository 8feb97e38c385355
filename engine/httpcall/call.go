package httpcall

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"

	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/engine/jsonschema"
	"github.com/toolsd/toolsd/schema"
)

// A Call has been checked; it is immutable.
type Call struct {
	upstream *Upstream // nil when the call has a url of its own
	method   string
	target   target
	settings settings // the upstream's beneath the call's
	body     body
	paging   *paging // nil: one page
	rules    []rule
	used     map[string]bool // environment variables
	readOnly bool
}

// Target is what a call is checked against.
type Target struct {
	// Upstream returns the upstream of a name, or nil; Names are all names,
	// for hints.
	Upstream func(name string) *Upstream
	Names    []string
	// Scope is that of the request, made anew at each call; `response` is
	// added to it where it is known.
	Scope func() *expression.Scope
	// Exposed is the environment outside the request (errors).
	Exposed *expression.Env
	// Identities says where tokens of the platform's identity may go; nil when
	// that is not known.
	Identities *IdentityFence
	// ReadOnly says that the tool has readOnlyHint: true: the call is safe.
	ReadOnly bool
}

// request returns the scope of the request.
func (t Target) request() *expression.Scope {
	s := t.Scope()
	s.Request = true
	return s
}

// after returns the scope of the errors beside the call, where an answer of
// any kind may have come.
func (t Target) after() *expression.Scope {
	s := t.Scope()
	s.Env, s.Request = t.Exposed, false
	names := map[string]*jsonschema.Type{"response": responseType(nil)}
	for name, known := range s.Names {
		names[name] = known
	}
	s.Names = names
	return s
}

// CheckCall checks the `http` body and the `errors` beside it. The Call is
// nil when there is an error, or when its upstream has one.
func CheckCall(h *schema.HTTP, errors []schema.ErrorRule, t Target) (*Call, []schema.Diagnostic) {
	c := newChecker(t.request())
	call := &Call{readOnly: t.ReadOnly}
	lost := false
	if h.Upstream != "" {
		call.upstream = t.Upstream(h.Upstream)
		lost = call.upstream == nil
		c.named(h, t.Names)
	}
	call.target = c.target(h, call.upstream, lost)
	c.home = call.upstream.homeOf(call.target)
	c.home.identities = t.Identities
	own := c.settings(h.Settings, c)
	call.settings = own
	if call.upstream != nil {
		call.settings = own.over(call.upstream.settings)
	}
	c.apart(call.settings.auth, call.settings.headers, call.settings.query, func(f field) schema.Place {
		if f.inherited {
			return h.Settings.Auth.Place // the call's auth meets the upstream's header
		}
		return f.place
	})
	if s := own.response.separator; s != nil && call.settings.response.as != asCSV {
		c.report(unusedSeparator, s.Place, "a separator is for answers that are read as CSV", "write as: csv beside it, or leave it out")
	}
	call.body = c.body(h, call.settings.headers)
	call.method = c.method(h, call.body.kind)
	if repeatable, _ := call.repeatable(); own.retry.Attempts > 1 && !repeatable {
		c.report(uselessRetry, cmp.Or(h.MethodPlace, h.Place), "a "+call.method+" call is not repeated, since it could take effect twice",
			"add an Idempotency-Key header if the service knows it, or leave retry out")
	}
	call.paging = c.paginate(h, call, t)
	call.settings.keeping = c.keep(h.Settings.Cache, call)
	call.rules = c.rules(errors, t.after())
	call.used = c.used
	c.note()
	if lost || schema.HasErrors(c.found) {
		return nil, c.found
	}
	return call, c.found
}

// named reports an upstream that is nowhere defined. One that is defined but
// has faults has its own diagnostics.
func (c *checker) named(h *schema.HTTP, names []string) {
	for _, name := range names {
		if name == h.Upstream {
			return
		}
	}
	hint := "define it: upstream: " + h.Upstream
	if near, ok := schema.Nearest(h.Upstream, names); ok {
		hint = "did you mean " + near + "?"
	} else if len(names) > 0 {
		hint = "upstreams are: " + strings.Join(names, ", ")
	}
	c.report(unknownUpstream, h.UpstreamPlace, "unknown upstream "+strconv.Quote(h.Upstream), hint)
}

// target checks where the call goes. lost says that its upstream is not there,
// so that a path has nothing to be joined to, but is checked all the same.
func (c *checker) target(h *schema.HTTP, to *Upstream, lost bool) target {
	var b base
	if to != nil {
		b = to.base
	}
	switch {
	case h.URL != nil && lost:
		c.template(h.URL)
		return target{}
	case h.URL != nil:
		return c.url(h.URL, to)
	case h.Path != nil:
		return c.path(h.Path, b)
	}
	return target{base: b}
}

// method returns the method of the call: what is written, else POST for a
// call with a body and GET for one without.
func (c *checker) method(h *schema.HTTP, kind bodyKind) string {
	switch {
	case kind == noBody:
		return cmp.Or(h.Method, http.MethodGet)
	case h.Method == http.MethodGet || h.Method == http.MethodHead:
		c.report(unexpectedBody, h.MethodPlace, "a "+h.Method+" call has no body", "send the values under query:, or use POST")
	}
	return cmp.Or(h.Method, http.MethodPost)
}

// repeatable reports whether the call may be made twice: it is safe or
// idempotent by its method (RFC 9110 §9.2), said to be safe by its tool, or,
// and then keyed is true, carries a key by which the service tells repetitions.
func (c *Call) repeatable() (repeatable, keyed bool) {
	switch c.method {
	case http.MethodGet, http.MethodHead, http.MethodPut, http.MethodDelete:
		return true, false
	}
	if c.readOnly {
		return true, false
	}
	_, keyed = find(c.settings.headers, idempotencyKey, sameHeader)
	return keyed, keyed
}

// Safe reports whether the call changes nothing: by its method (RFC 9110
// §9.2.1), or since its tool says so.
func (c *Call) Safe() bool {
	return c.readOnly || c.method == http.MethodGet || c.method == http.MethodHead
}

const idempotencyKey = "Idempotency-Key"

// Secrets returns the values of the environment that the call sends and that
// the server does not expose, those of its upstream left out, sorted.
func (c *Call) Secrets(t Target) []string { return secretsOf(t.Scope().Env, c.used, t.Exposed) }
