package httpcall

import (
	"cmp"
	"time"

	"github.com/toolsd/toolsd/engine/jsonschema"
	"github.com/toolsd/toolsd/schema"
)

// settings are what may stand in an upstream and in a call, checked. Nil and
// zero mean not said.
type settings struct {
	headers   []field
	query     []field
	auth      *credentials
	timeout   time.Duration
	attempt   time.Duration
	retry     schema.Retry
	redirects string
	response  reading
	keeping   keeping
}

// A reading says how an answer is read.
type reading struct {
	as       string
	schema   *jsonschema.Schema
	maxBytes int64
	expect   []schema.StatusRange

	maxItems  int
	separator *schema.Node
}

// settings checks what stands in an upstream or a call. headers is the
// checker of the headers, which in an upstream may use more names.
func (c *checker) settings(s schema.Settings, headers *checker) settings {
	checked := settings{
		headers:   headers.headers(s.Headers),
		query:     c.fields(s.Query, inParameter),
		auth:      c.auth(s.Auth),
		timeout:   s.Timeout,
		attempt:   s.AttemptTimeout,
		retry:     s.Retry,
		redirects: s.Redirects,
		response: reading{
			as:       s.Response.As,
			maxBytes: s.Response.MaxBytes,
			expect:   s.Response.Expect,

			maxItems:  s.Response.MaxItems,
			separator: s.Response.Separator,
		},
		keeping: keepingOf(s.Cache),
	}
	if n := s.Response.Schema; n != nil {
		body, found := jsonschema.Check(n, jsonschema.Body, jsonschema.Bounds{})
		c.found = append(c.found, found...)
		checked.response.schema = body
	}
	return checked
}

// over returns the settings of a call laid over those of its upstream: headers
// and query by name, auth whole, the rest key by key.
func (s settings) over(u settings) settings {
	merged := settings{
		headers:   over(u.headers, s.headers, sameHeader),
		query:     over(u.query, s.query, sameParameter),
		auth:      s.auth,
		timeout:   cmp.Or(s.timeout, u.timeout),
		attempt:   cmp.Or(s.attempt, u.attempt),
		redirects: cmp.Or(s.redirects, u.redirects),
		retry: schema.Retry{
			Attempts: cmp.Or(s.retry.Attempts, u.retry.Attempts),
			MinWait:  cmp.Or(s.retry.MinWait, u.retry.MinWait),
			MaxWait:  cmp.Or(s.retry.MaxWait, u.retry.MaxWait),
		},
		response: reading{
			as:       cmp.Or(s.response.as, u.response.as),
			schema:   cmp.Or(s.response.schema, u.response.schema),
			maxBytes: cmp.Or(s.response.maxBytes, u.response.maxBytes),
			expect:   s.response.expect,

			maxItems:  cmp.Or(s.response.maxItems, u.response.maxItems),
			separator: cmp.Or(s.response.separator, u.response.separator),
		},
		keeping: s.keeping.over(u.keeping),
	}
	if merged.auth == nil && u.auth != nil {
		inherited := *u.auth
		inherited.inherited = true
		merged.auth = &inherited
	}
	if merged.response.expect == nil {
		merged.response.expect = u.response.expect
	}
	return merged
}
