package jsonschema

import (
	"math/big"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/toolsd/toolsd/schema"
)

// isURI reports whether text is a URI (RFC 3986), or a reference when
// absolute is false.
func isURI(text string, absolute bool) bool {
	u, err := url.Parse(text)
	return err == nil && !strings.Contains(text, `\`) && !strings.Contains(u.Hostname(), ":") && (u.IsAbs() || !absolute)
}

// typesOf are the types a schema asks for, none when it does not say.
func typesOf(n *schema.Node) []string {
	t := n.Get("type")
	switch {
	case t == nil:
	case t.Kind == schema.String && slices.Contains(typeNames, t.Text):
		return []string{t.Text}
	case t.Kind == schema.List:
		types := make([]string, 0, len(t.Items))
		for _, item := range t.Items {
			if item.Kind != schema.String || !slices.Contains(typeNames, item.Text) {
				return nil
			}
			types = append(types, item.Text)
		}
		return types
	}
	return nil
}

func isOfType(v *schema.Node, name string) bool {
	switch name {
	case "null":
		return v.Kind == schema.Null
	case "boolean":
		return v.Kind == schema.Bool
	case "number":
		return v.Kind == schema.Number
	case "integer":
		if v.Kind != schema.Number {
			return false
		}
		if _, err := strconv.Atoi(v.Text); err == nil {
			return true
		}
		r, ok := rational(v.Text)
		return !ok || r.IsInt()
	case "string":
		return v.Kind == schema.String
	case "array":
		return v.Kind == schema.List
	}
	return v.Kind == schema.Map
}

// kindOf is what a value is, for a message.
func kindOf(n *schema.Node) string {
	if n.Kind == schema.List && len(n.Items) == 0 {
		return "an empty list"
	}
	return [...]string{
		schema.Null: "null", schema.Bool: "a boolean", schema.Number: "a number",
		schema.String: "text", schema.List: "a list", schema.Map: "a mapping",
	}[n.Kind]
}

// show is a value for a message, shortened.
func show(n *schema.Node) string {
	switch n.Kind {
	case schema.List, schema.Map:
		return kindOf(n)
	case schema.String:
		return clip(quote(n.Text), 60)
	}
	return clip(n.Text, 60)
}

// canonical is the same text for values that JSON Schema calls equal: numbers
// by their value, members in any order (Core §4.2.2).
func canonical(n *schema.Node) string {
	switch n.Kind {
	case schema.String:
		return strconv.Quote(n.Text)
	case schema.Null:
		return "null"
	case schema.Bool:
		return strings.ToLower(n.Text)
	case schema.Number:
		if r, ok := rational(n.Text); ok {
			return r.RatString()
		}
	case schema.List:
		items := make([]string, len(n.Items))
		for i, item := range n.Items {
			items[i] = canonical(item)
		}
		return "[" + strings.Join(items, ",") + "]"
	case schema.Map:
		members := make([]string, len(n.Entries))
		for i, e := range n.Entries {
			members[i] = strconv.Quote(e.Key) + ":" + canonical(e.Value)
		}
		slices.Sort(members)
		return "{" + strings.Join(members, ",") + "}"
	}
	return n.Text
}

// rational is the value of a number within the bounds.
func rational(text string) (*big.Rat, bool) {
	if !boundedNumber(text) {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}
