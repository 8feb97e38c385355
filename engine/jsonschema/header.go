package jsonschema

import (
	"slices"
	"strings"

	"github.com/toolsd/toolsd/schema"
)

// paramHeader makes clients repeat an argument as an HTTP header,
// `Mcp-Param-…` (MCP 2026-07-28, transports).
const paramHeader = "x-mcp-header"

// paramHeader checks where the annotation stands and what it says. MCP counts
// a tool as invalid whose annotation is wrong; one that is out of reach would
// be ignored.
func (c *checker) paramHeader(n *schema.Node, e schema.Entry) {
	if c.role != Input {
		return
	}
	if e.Key != paramHeader {
		c.report(BadParamHeader, e.KeyPlace, "write "+paramHeader, "%q is not the name of the annotation", e.Key)
		return
	}
	if !c.underProperties() {
		c.report(BadParamHeader, e.KeyPlace, "put it on a property under `properties`, reached through `properties` alone", "`%s` is not on a property of the arguments", paramHeader)
		return
	}
	if t := n.Get("type"); t == nil || t.Kind != schema.String || !slices.Contains([]string{"string", "integer", "boolean"}, t.Text) {
		c.report(BadParamHeader, e.KeyPlace, "give the property one of these types, or take the header away", "`%s` needs a property of type string, integer or boolean", paramHeader)
	}
	name := e.Value
	if name.Kind != schema.String || !isToken(name.Text) {
		c.report(BadParamHeader, name.Place, "letters, digits and `-`, such as Region", "%s is not a header name", show(name))
		return
	}
	lower := strings.ToLower(name.Text)
	if first := c.headers[lower]; first != nil {
		d := BadParamHeader.At(name.Place, "the header "+show(name)+" is there twice", "header names differ by more than case")
		d.Related = []schema.Related{{Place: first.Place, Message: "the other one"}}
		c.found = append(c.found, d)
		return
	}
	if c.headers == nil {
		c.headers = map[string]*schema.Node{}
	}
	c.headers[lower] = name
}

// underProperties reports whether the schema being looked at is a property
// that is reached from the top through properties alone.
func (c *checker) underProperties() bool {
	for i := 0; i < len(c.path); i += 2 {
		if c.path[i] != "properties" {
			return false
		}
	}
	return len(c.path) > 0
}

// isToken reports whether text is a token of HTTP (RFC 9110 §5.6.2).
func isToken(text string) bool {
	for i := range len(text) {
		c := text[i]
		if !isLetter(c) && (c < '0' || c > '9') && strings.IndexByte("!#$%&'*+-.^_`|~", c) < 0 {
			return false
		}
	}
	return text != ""
}
