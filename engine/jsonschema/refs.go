package jsonschema

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/toolsd/toolsd/schema"
)

// A reference is a `$ref` or `$dynamicRef`; to is set when it resolves. In a
// schema that stands alone, without embedded resources, both lead to the same
// place (JSON Schema 2020-12, Core §8.2.3.2).
type reference struct {
	from *schema.Node // the schema that holds it
	text *schema.Node
	to   *schema.Node
}

func (c *checker) ref(n, text *schema.Node) {
	c.branched = true
	c.refs = append(c.refs, reference{from: n, text: text})
}

func (c *checker) anchor(n, name *schema.Node) {
	if other, taken := c.anchors[name.Text]; taken && other != n {
		c.report(BadKeyword, name.Place, "", "the anchor %q is there twice", name.Text)
		return
	}
	if c.anchors == nil {
		c.anchors = map[string]*schema.Node{}
	}
	c.anchors[name.Text] = n
}

// resolveRefs finds what references lead to, once all anchors are known.
func (c *checker) resolveRefs() {
	for i := range c.refs {
		r := &c.refs[i]
		fragment, local := strings.CutPrefix(r.text.Text, "#")
		if !local {
			c.report(RemoteRef, r.text.Place, "copy it under `$defs` and write \"#/$defs/name\"", "%s leads out of the schema; nothing is loaded from elsewhere", show(r.text))
			continue
		}
		if r.to = c.target(fragment); r.to == nil {
			c.report(BadRef, r.text.Place, c.nearestRef(fragment), "%s leads to no schema here", show(r.text))
		}
	}
}

// target is the subschema that a fragment names: a JSON pointer or an anchor.
func (c *checker) target(fragment string) *schema.Node {
	name, err := url.PathUnescape(fragment)
	if err != nil || strings.Contains(fragment, `\`) {
		return nil
	}
	if name == "" {
		return c.root
	}
	pointer, ok := strings.CutPrefix(name, "/")
	if !ok {
		return c.anchors[name]
	}
	n := c.root
	tokens := strings.Split(pointer, "/")
	for len(tokens) > 0 && n != nil {
		n, tokens = step(n, tokens)
	}
	return n
}

// step follows a pointer by one keyword, to the next subschema.
func step(n *schema.Node, tokens []string) (*schema.Node, []string) {
	key := pointerName(tokens[0])
	value, form := n.Get(key), keywords[key].form
	if value == nil {
		return nil, nil
	}
	switch {
	case form == schemaForm && isSchema(value):
		return value, tokens[1:]
	case len(tokens) < 2:
		return nil, nil
	case form == schemasForm && value.Kind == schema.List:
		i, err := strconv.Atoi(tokens[1])
		if err == nil && i >= 0 && i < len(value.Items) && strconv.Itoa(i) == tokens[1] && isSchema(value.Items[i]) {
			return value.Items[i], tokens[2:]
		}
	case form == schemaMapForm || form == patternMapForm:
		if sub := value.Get(pointerName(tokens[1])); sub != nil && isSchema(sub) {
			return sub, tokens[2:]
		}
	}
	return nil, nil
}

// nearestRef is the hint for a reference that leads nowhere.
func (c *checker) nearestRef(fragment string) string {
	var known []string
	for _, holder := range []string{"$defs", "definitions"} {
		if defs := c.root.Get(holder); defs != nil {
			for _, e := range defs.Entries {
				known = append(known, "#/"+holder+"/"+pointerToken(e.Key))
			}
		}
	}
	for name := range c.anchors {
		known = append(known, "#"+name)
	}
	if near, ok := schema.Nearest("#"+fragment, known); ok {
		return "did you mean \"" + near + "\"?"
	}
	return "a reference is written \"#/$defs/name\""
}
