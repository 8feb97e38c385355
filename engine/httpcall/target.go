package httpcall

import (
	"context"
	"strings"

	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/schema"
)

// A target is where a call goes: a fixed base and what is joined to it.
type target struct {
	base     base
	segments []segment        // each with a "/" before it; nil is the base alone
	query    []piece          // the query that a url holds
	whole    *expression.Expr // of a url that is one slot
}

type piece = expression.Piece[*expression.Expr]

// A segment is what stands between two slashes of a path.
type segment []piece

// pieces returns a scalar template as joined text.
func pieces(t *expression.Template) []piece {
	switch t.Form {
	case expression.Slot:
		return []piece{{IsSlot: true, Slot: t.Slot}}
	case expression.Joined:
		return t.Pieces
	}
	s, err := expression.Text(t.Value)
	if err != nil || s == "" {
		return nil
	}
	return []piece{{Text: s}}
}

// path checks the path of a call to an upstream.
func (c *checker) path(n *schema.Node, b base) target {
	n = n.OneLine()
	t := c.template(n)
	if t == nil {
		return target{base: b}
	}
	c.placeholders(n, t, inPath)
	ps := pieces(t)
	if len(ps) == 0 || ps[0].IsSlot || !strings.HasPrefix(ps[0].Text, "/") {
		c.report(badPath, n.Place, "a path begins with /", "write / first; a whole address goes under url:")
		return target{base: b}
	}
	if at := locate(n, ps, "?#"); at != nil {
		c.report(badPath, *at, "a path holds neither ? nor #", "write the parameters under query:")
		return target{base: b}
	}
	return target{base: b, segments: c.segments(n, ps)}
}

// segments splits a path that begins with a slash.
func (c *checker) segments(n *schema.Node, ps []piece) []segment {
	var all []segment
	for _, p := range ps {
		if p.IsSlot {
			all[len(all)-1] = append(all[len(all)-1], p)
			continue
		}
		for i, text := range strings.Split(p.Text, "/") {
			if i > 0 {
				all = append(all, segment{})
			}
			if text != "" {
				all[len(all)-1] = append(all[len(all)-1], piece{Text: text})
			}
		}
	}
	c.nested(all)
	for _, s := range all {
		if len(s) == 1 && !s[0].IsSlot && isDotted(unescape(s[0].Text)) {
			c.report(badPath, n.Place, "a path has no . or .. as a step", "write the path that is meant")
			break
		}
	}
	return all
}

// url checks the url of a call. to is nil when the call names no upstream.
func (c *checker) url(n *schema.Node, to *Upstream) target {
	n = n.OneLine()
	t := c.template(n)
	if t == nil {
		return target{}
	}
	if t.Form == expression.Slot {
		if to == nil {
			c.report(badURL, n.Place, "a url of one slot needs an upstream, on whose origin it ends", "add upstream: beside it")
			return target{}
		}
		return target{base: to.base, whole: t.Slot}
	}
	c.placeholders(n, t, inPath)
	ps := pieces(t)
	if len(ps) == 0 || strings.HasPrefix(ps[0].Text, "/") {
		c.report(badURL, n.Place, "a url begins with https:// or http://", "a path on an upstream goes under path:")
		return target{}
	}
	head, rest, ok := c.head(n, ps)
	if !ok {
		return target{}
	}
	b, err := parseBase(head)
	if err != nil {
		c.report(badURL, n.Place, "the url "+err.Error(), "write it as https://host/path")
		return target{}
	}
	if to != nil && to.base.known() && to.base.origin != b.origin {
		c.report(badURL, n.Place, "the url is not on the origin of its upstream, whose credentials it would be sent",
			"use path:, or leave upstream: out")
		return target{}
	}
	if at := locate(n, rest, "#"); at != nil {
		c.report(badURL, *at, "a url holds no fragment", "leave out # and what follows it")
		return target{}
	}
	path, query := cut(rest)
	return target{base: b, segments: c.segments(n, path), query: query}
}

// head evaluates a url up to where its path begins, where only env may stand.
// ok is false when that fails, or a variable is missing where that is allowed.
func (c *checker) head(n *schema.Node, ps []piece) (head string, rest []piece, ok bool) {
	alone := c.within(expression.Scope{Request: true})
	for i, p := range ps {
		if p.IsSlot {
			program, err := p.Slot.Build(alone.scope, expression.Bounds{})
			switch {
			case err == nil:
			case head != "" && !strings.Contains(head, "://"):
				c.report(badURL, n.Place, "the url "+errScheme.Error(), "write it as https://host/path")
				return "", nil, false
			default:
				c.report(badURL, p.Slot.Place(), "before the path of a url, a slot uses nothing but env",
					"name an upstream with that baseUrl, and use path:")
				return "", nil, false
			}
			value, err := program.Run(context.Background(), nil)
			if err != nil || value == nil {
				return "", nil, false
			}
			s, err := expression.Text(value)
			if err != nil {
				return "", nil, false
			}
			if head += s; authorityEnd(head) >= 0 {
				return head, ps[i+1:], true
			}
			continue
		}
		whole := head + p.Text
		if end := authorityEnd(whole); end >= 0 {
			return whole[:end], append([]piece{{Text: whole[end:]}}, ps[i+1:]...), true
		}
		head = whole
	}
	return head, nil, true
}

// authorityEnd returns where the path, query or fragment of a URL begins, or -1.
func authorityEnd(s string) int {
	at := strings.Index(s, "://")
	if at < 0 {
		return -1
	}
	end := strings.IndexAny(s[at+3:], "/?#")
	if end < 0 {
		return -1
	}
	return at + 3 + end
}

// cut splits what follows the authority of a url at its "?". The path begins
// with a slash or is empty.
func cut(ps []piece) (path, query []piece) {
	for i, p := range ps {
		before, after, found := strings.Cut(p.Text, "?")
		if !found {
			continue
		}
		path = append(path, ps[:i]...)
		if before != "" {
			path = append(path, piece{Text: before})
		}
		return path, append([]piece{{Text: after}}, ps[i+1:]...)
	}
	return ps, nil
}

// locate returns where one of the characters stands in the literal text of a
// template, or nil.
func locate(n *schema.Node, ps []piece, characters string) *schema.Place {
	from := 0
	for _, p := range ps {
		look := p.Text
		if p.IsSlot {
			look = p.Slot.Source()
		}
		at := strings.Index(n.Text[from:], look)
		within := strings.IndexAny(p.Text, characters)
		switch {
		case within >= 0 && at < 0:
			return &n.Place
		case within >= 0:
			place := n.At(from+at+within, 1)
			return &place
		case at >= 0:
			from += at + len(look)
		}
	}
	return nil
}
