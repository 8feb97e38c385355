package httpcall

import (
	"context"
	"net/http"
	"net/textproto"
	"slices"
	"strings"

	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/engine/jsonschema"
	"github.com/toolsd/toolsd/schema"
)

// connectionHeaders are the ones that belong to the connection and to how a
// message is framed on it (RFC 9110 §7.6.1, RFC 9112 §6), so that they are
// nobody's to write. Accept-Encoding is among them, since the client unpacks
// what it asked for, and counts the bytes.
var connectionHeaders = []string{
	"Accept-Encoding", "Connection", "Content-Length", "Expect", "Host", "Keep-Alive", "Proxy-Authenticate",
	"Proxy-Authorization", "Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade",
}

// headers checks the headers of an upstream or a call.
func (c *checker) headers(n *schema.Node) []field {
	fields := c.fields(n, inHeader)
	for i, f := range fields {
		name := textproto.CanonicalMIMEHeaderKey(f.key)
		switch {
		case !isToken(f.key):
			c.report(badHeader, f.place, "the name of a header is letters, digits and hyphens", "")
		case slices.Contains(connectionHeaders, name):
			c.report(forbiddenHeader, f.place, "the header "+name+" belongs to the connection", "leave it out")
		case slices.ContainsFunc(fields[:i], func(g field) bool { return sameHeader(g.key, f.key) }):
			c.report(badHeader, f.place, "the header "+name+" is written twice", "write a list: it is joined by commas")
		case f.value.Form == expression.MapForm, f.value.Form == expression.Slot && c.is(jsonschema.ObjectKind, f.value.Slot):
			c.report(badHeader, f.place, "the value of a header is text or a list", "")
		}
	}
	return fields
}

// isToken reports whether s is a token of RFC 9110 §5.6.2.
func isToken(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("!#$%&'*+-.^_`|~", r))
	}) < 0
}

// setHeaders evaluates the fields into h and returns what is secret of them.
// Null and an empty list leave a header out.
func setHeaders(ctx context.Context, h http.Header, fields []boundField, vars expression.Vars) (secrets []string, err error) {
	for _, f := range fields {
		value, err := evaluate(ctx, f.value, vars)
		if err != nil {
			return nil, err
		}
		s, ok, err := headerValue(f.key, value)
		if err != nil {
			return nil, err
		}
		if f.secret {
			secrets = append(secrets, s)
		}
		if ok {
			h.Set(f.key, s)
		} else if sameHeader(f.key, "User-Agent") {
			h.Set(f.key, "") // otherwise net/http sends its own
		}
	}
	return secrets, nil
}

// headerValue writes a value as one line; ok is false when it is left out.
func headerValue(name string, value any) (s string, ok bool, err error) {
	list, isList := value.([]any)
	if !isList {
		list = []any{value}
	}
	texts := make([]string, 0, len(list))
	for _, item := range list {
		if item == nil {
			continue
		}
		s, err := text(item, "the value of the header "+name)
		if err != nil {
			return "", false, err
		}
		s = strings.Trim(s, " \t")
		if hasControl(s) {
			return "", false, refuse("a value for the header %s holds a line break or another control character", name)
		}
		texts = append(texts, s)
	}
	return strings.Join(texts, ", "), len(texts) > 0, nil
}

// hasControl reports whether a text holds a control character of ASCII.
func hasControl(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) >= 0
}
