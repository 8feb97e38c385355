package httpcall

import (
	"slices"
	"strconv"
	"strings"

	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/schema"
)

// A bodyPart is a checked part of a multipart body. Its name is the key of the
// field, and several parts may have one.
type bodyPart struct {
	field                                      // the value, data or base64
	encoded               bool                 // the value is base64
	single                bool                 // a list is data, not several parts
	filename, contentType *expression.Template // nil: not said
}

// partKeys are the keys of a part that is written as a mapping.
var partKeys = []string{"data", "base64", "filename", "contentType"}

// partHabits give them for words of other programs.
var partHabits = map[string]string{
	"content": "data", "value": "data", "body": "data", "file": "data",
	"name": "filename", "mimeType": "contentType", "type": "contentType",
}

// parts checks a multipart body.
func (c *checker) parts(n *schema.Node) []bodyPart {
	var parts []bodyPart
	for _, e := range n.Entries {
		if hasControl(e.Key) || e.Key == "" {
			c.report(badPart, e.KeyPlace, "the name of a part is a text of one line", "")
			continue
		}
		items := []*schema.Node{e.Value}
		if e.Value.Kind == schema.List {
			items = e.Value.Items
		}
		for _, item := range items {
			if p, ok := c.part(item); ok {
				p.key, p.place = e.Key, e.KeyPlace
				parts = append(parts, p)
			}
		}
	}
	return parts
}

// part checks one part; ok is false when it has an error.
func (c *checker) part(n *schema.Node) (p bodyPart, ok bool) {
	if n.Kind == schema.List {
		c.report(badPart, n.Place, "a part is a value or a mapping, and no list", "write its elements as parts")
		return bodyPart{}, false
	}
	value := n
	if n.Kind == schema.Map {
		if value = c.written(n); value == nil {
			return bodyPart{}, false
		}
		p.single, p.encoded = true, n.Get("base64") != nil
		p.filename, p.contentType = c.template(n.Get("filename")), c.template(n.Get("contentType"))
	}
	p.value, p.env = c.noted(value)
	if p.value == nil {
		return bodyPart{}, false
	}
	c.placeholders(value, p.value, inBody)
	if p.contentType != nil {
		c.quoted(p.value, field{value: p.contentType})
	}
	return p, true
}

// dataHabits are what `data` is called elsewhere.
var dataHabits = []string{"content", "value", "body", "text", "file"}

// written returns what is sent of a part that is written as a mapping; nil
// when the mapping has a fault.
func (c *checker) written(n *schema.Node) *schema.Node {
	for _, e := range n.Entries {
		if !slices.Contains(partKeys, e.Key) {
			hint := "a part has " + strings.Join(partKeys, ", ") + "; to send JSON write it under data"
			if partHabits[e.Key] != "" {
				hint = "did you mean " + partHabits[e.Key] + "?"
			} else if near, ok := schema.Nearest(e.Key, partKeys); ok {
				hint = "did you mean " + near + "?"
			}
			if slices.Contains(dataHabits, e.Key) && n.Get("data") == nil && n.Get("base64") == nil {
				hint = "write data, or base64 for what is base64"
			}
			c.report(badPart, e.KeyPlace, "a part has no "+strconv.Quote(e.Key), hint)
			return nil
		}
	}
	data, encoded := n.Get("data"), n.Get("base64")
	switch {
	case data != nil && encoded != nil:
		c.report(badPart, encoded.Place, "a part has either data or base64", "keep one of them")
		return nil
	case data == nil && encoded == nil:
		c.report(badPart, n.Place, "a part has data or base64", "write data: with what is sent, or base64: with its base64")
		return nil
	case encoded != nil && !encoded.IsScalar():
		c.report(badPart, encoded.Place, "base64 is text", "")
		return nil
	case data != nil:
		return data
	}
	return encoded
}
