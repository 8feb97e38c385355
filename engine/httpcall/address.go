package httpcall

import (
	"context"
	"net/url"
	"strings"

	"github.com/toolsd/toolsd/engine/expression"
)

// An address is a target with its slots compiled.
type address struct {
	base     base
	segments [][]part
	query    []part
	whole    *part
}

// A part of joined text: encoded literal text, or a slot with its label.
type part struct {
	text  string // as written
	as    string // encoded
	slot  *expression.Program
	label string
}

// render returns the path, encoded, and the query that the address brings.
func (a *address) render(ctx context.Context, vars expression.Vars) (path, query string, err error) {
	if a.whole != nil {
		return a.follow(ctx, vars)
	}
	if path, err = a.path(ctx, vars); err != nil {
		return "", "", err
	}
	var b strings.Builder
	for _, p := range a.query {
		if p.slot == nil {
			b.WriteString(p.as)
			continue
		}
		value, err := p.slot.Run(ctx, vars)
		if err != nil {
			return "", "", err
		}
		if value == nil {
			return "", "", refuse("%s is missing, and the query of the request cannot do without it", p.label)
		}
		s, err := text(value, p.label)
		if err != nil {
			return "", "", err
		}
		b.WriteString(encodeValue(s))
	}
	return path, b.String(), nil
}

// path joins the segments to the base. A list that is a whole segment becomes
// one segment an element.
func (a *address) path(ctx context.Context, vars expression.Vars) (string, error) {
	if a.segments == nil {
		return a.base.path, nil
	}
	var b strings.Builder
	b.WriteString(a.base.prefix())
	for _, s := range a.segments {
		var raw, encoded strings.Builder
		for _, p := range s {
			if p.slot == nil {
				raw.WriteString(unescape(p.text))
				encoded.WriteString(p.as)
				continue
			}
			value, err := p.slot.Run(ctx, vars)
			if err != nil {
				return "", err
			}
			if list, ok := value.([]any); ok && len(s) == 1 {
				if err := spread(&b, list, p.label); err != nil {
					return "", err
				}
				break
			}
			step, err := pathValue(value, p.label)
			if err != nil {
				return "", err
			}
			raw.WriteString(step)
			encoded.WriteString(encodeValue(step))
		}
		if len(s) > 0 && encoded.Len() == 0 {
			continue // it was a list
		}
		if isDotted(raw.String()) {
			return "", refuse(`the path of the request would hold "." or ".." as a step`)
		}
		b.WriteByte('/')
		b.WriteString(encoded.String())
	}
	return b.String(), nil
}

// spread writes each element of a list as a segment of its own. A list without
// any is refused: the path would be that of something else, such as all of
// what one element would name.
func spread(b *strings.Builder, list []any, label string) error {
	if len(list) == 0 {
		return refuse("%s must not be empty, since it is a part of a path", label)
	}
	for _, item := range list {
		step, err := pathValue(item, label)
		if err != nil {
			return err
		}
		b.WriteByte('/')
		b.WriteString(encodeValue(step))
	}
	return nil
}

// pathValue is the text of a value that may stand in a path.
func pathValue(value any, label string) (string, error) {
	if value == nil {
		return "", refuse("%s is missing, and the path of the request cannot do without it", label)
	}
	s, err := text(value, label)
	switch {
	case err != nil:
		return "", err
	case s == "":
		return "", refuse("%s must not be empty, since it is a part of a path", label)
	case isDotted(s):
		return "", refuse(`%s must not be "." or "..", nor hold them between slashes, since it is a part of a path`, label)
	}
	return s, nil
}

// follow resolves a whole URL, which must lead to the origin of the base.
func (a *address) follow(ctx context.Context, vars expression.Vars) (path, query string, err error) {
	label := a.whole.label
	value, err := a.whole.slot.Run(ctx, vars)
	if err != nil {
		return "", "", err
	}
	given, ok := value.(string)
	if !ok || given == "" {
		return "", "", refuse("%s is missing or not text, and it is the address of the request", label)
	}
	return a.resolve(given, a.base.path, label)
}

// resolve returns the path and the query of a URL, absolute or relative to a
// path, that leads to the origin of the base. label names it for whoever gave it.
func (a *address) resolve(given, base, label string) (path, query string, err error) {
	ref, err := url.Parse(given)
	if err != nil {
		return "", "", refuse("%s is not a URL", label)
	}
	if isDotted(unescape(ref.EscapedPath())) {
		return "", "", refuse(`%s must not hold "." or ".." as a step of its path`, label)
	}
	from, err := url.Parse(a.base.origin.String() + base)
	if err != nil {
		return "", "", &expression.Failure{Message: "the address of the upstream cannot be used", Cause: err}
	}
	u := from.ResolveReference(ref)
	if o, err := originOf(u); err != nil || o != a.base.origin {
		return "", "", refuse("%s leads away from the service that this tool calls", label)
	}
	return encodePathText(u.EscapedPath()), encodeQueryText(u.RawQuery), nil
}
