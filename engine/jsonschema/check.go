package jsonschema

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/toolsd/toolsd/schema"
)

const (
	// dataDepth is how deep values inside a schema, such as those of `default`
	// and `examples`, may nest.
	dataDepth = 1000
	// maxSubschemas bounds the time it takes to build a validator, which grows
	// with the square of their number.
	maxSubschemas = 10_000
)

// A checker walks one schema and keeps what it finds.
type checker struct {
	root   *schema.Node
	role   Role
	bounds Bounds
	found  []schema.Diagnostic

	path     []string // keys from the root to the schema being looked at
	inPlace  bool     // that schema is a part of one about the same value
	anchors  map[string]*schema.Node
	refs     []reference
	branched bool // there is a combinator or a reference
	schemas  int
	tooDeep  bool // said already
	headers  map[string]*schema.Node
	defaults []pendingDefault
}

func (c *checker) report(code schema.Code, at schema.Place, hint, format string, args ...any) {
	c.found = append(c.found, code.At(at, fmt.Sprintf(format, args...), hint))
}

func (c *checker) failed() bool { return schema.HasErrors(c.found) }

// top checks the whole schema.
func (c *checker) top() {
	if c.role != Body {
		c.wantObject()
	}
	c.schema(c.root, 1)
	c.resolveRefs()
	if c.branched && !c.failed() {
		c.measure()
	}
}

// wantObject asks for `type: object` at the top, and no other type beside it.
func (c *checker) wantObject() {
	const hint = "write `type: object` at the top, the fields under `properties`"
	if c.root.Kind != schema.Map {
		if isSchema(c.root) {
			c.report(NotObject, c.root.Place, hint, "the schema does not say `type: object`")
		}
		return
	}
	t := c.root.Get("type")
	switch {
	case t == nil:
		at, hint := c.root.Place, hint
		if e, ok := misspelt(c.root, "type"); ok {
			at, hint = e.KeyPlace, fmt.Sprintf("did you mean %q?", "type")
		}
		c.report(NotObject, at, hint, "the schema does not say `type: object`")
	case t.Kind == schema.String && t.Text == "object":
	case t.Kind == schema.String && !slices.Contains(typeNames, t.Text):
		// The unknown name is the fault to show.
	case t.Kind == schema.List || t.Kind == schema.String:
		c.report(NotObject, t.Place, hint, "the type at the top must be object alone")
	}
}

// schema checks one schema and those below it.
func (c *checker) schema(n *schema.Node, depth int) {
	if n.Kind != schema.Map && n.Kind != schema.Bool {
		hint := "write a mapping of keywords, such as {type: string}"
		if n.Kind == schema.String && slices.Contains(typeNames, n.Text) {
			hint = fmt.Sprintf("write {type: %s}", n.Text)
		} else if boolean, _ := n.MeantBoolean(); boolean != "" {
			hint = boolean
		}
		c.report(BadKeyword, n.Place, hint, "a schema is a mapping, not %s", kindOf(n))
		return
	}
	if depth > c.bounds.Depth {
		if !c.tooDeep {
			c.tooDeep = true
			c.report(TooDeep, n.Place, "move parts to `$defs` and refer to them", "schemas nest deeper than %d", c.bounds.Depth)
		}
		return
	}
	if c.schemas++; c.schemas >= maxSubschemas {
		if c.schemas == maxSubschemas {
			c.report(TooLarge, n.Place, "", "there are more than %d schemas in the schema", maxSubschemas)
		}
		return
	}
	for _, e := range n.Entries {
		k, known := keywords[e.Key]
		if !known {
			c.unknown(n, e)
			continue
		}
		c.value(n, e, k.form)
		if k.form >= schemaForm && k.form <= patternMapForm {
			c.branched = c.branched || k.reach == inPlace || k.reach == again
			c.below(e, k, depth)
		}
	}
	c.cross(n)
}

// below checks the subschemas of one keyword.
func (c *checker) below(e schema.Entry, k keyword, depth int) {
	outer := c.inPlace
	c.inPlace = k.reach == inPlace
	c.path = append(c.path, e.Key)
	switch {
	case e.Key == "items" && e.Value.Kind == schema.List:
		c.report(Unsupported, e.Value.Place, "write `prefixItems` for a list with a schema for each place", "`items` is one schema, not a list")
	case k.form == schemaForm:
		c.schema(e.Value, depth+1)
	case k.form == schemasForm && e.Value.Kind == schema.List:
		for i, item := range e.Value.Items {
			c.named(strconv.Itoa(i), item, depth)
		}
	case k.form != schemasForm && e.Value.Kind == schema.Map:
		for _, m := range e.Value.Entries {
			c.named(m.Key, m.Value, depth)
		}
	}
	c.path = c.path[:len(c.path)-1]
	c.inPlace = outer
}

func (c *checker) named(name string, n *schema.Node, depth int) {
	c.path = append(c.path, name)
	c.schema(n, depth+1)
	c.path = c.path[:len(c.path)-1]
}

// unknown judges a key that is no keyword: the specification allows it (JSON
// Schema 2020-12, Core §6.5), but a near miss has no effect its author wants.
func (c *checker) unknown(n *schema.Node, e schema.Entry) {
	if hint, old := replaced[e.Key]; old {
		c.report(Unsupported, e.KeyPlace, hint, "%q is not a keyword of JSON Schema 2020-12", e.Key)
		return
	}
	c.data(e.Value, 1)
	if strings.EqualFold(e.Key, paramHeader) {
		c.paramHeader(n, e)
		return
	}
	if strings.HasPrefix(e.Key, "x-") {
		return
	}
	told := func(d schema.Diagnostic) bool { return d.Code == NotObject.Name && d.Place == e.KeyPlace }
	if near, ok := schema.Nearest(e.Key, keywordNames); ok && !slices.ContainsFunc(c.found, told) {
		c.report(UnknownKeyword, e.KeyPlace, fmt.Sprintf("did you mean %q?", near), "%q is not a keyword of JSON Schema and has no effect", e.Key)
	}
}

// misspelt returns the entry of a schema whose key is no keyword and was most
// likely meant to be one that is not there.
func misspelt(n *schema.Node, keyword string) (schema.Entry, bool) {
	if n.Get(keyword) != nil {
		return schema.Entry{}, false
	}
	for _, e := range n.Entries {
		if _, known := keywords[e.Key]; known || strings.HasPrefix(e.Key, "x-") || replaced[e.Key] != "" {
			continue
		}
		if near, ok := schema.Nearest(e.Key, keywordNames); ok && near == keyword {
			return e, true
		}
	}
	return schema.Entry{}, false
}

// data bounds a value that stands in a schema.
func (c *checker) data(n *schema.Node, depth int) {
	if depth > dataDepth {
		if !c.tooDeep {
			c.tooDeep = true
			c.report(TooDeep, n.Place, "", "values nest deeper than %d", dataDepth)
		}
		return
	}
	switch n.Kind {
	case schema.Number:
		c.numberFits(n)
	case schema.List:
		for _, item := range n.Items {
			c.data(item, depth+1)
		}
	case schema.Map:
		for _, e := range n.Entries {
			c.data(e.Value, depth+1)
		}
	}
}

// cross checks what two keywords of one schema say of each other.
func (c *checker) cross(n *schema.Node) {
	if values := n.Get("enum"); values != nil && values.Kind == schema.List {
		c.enum(n, values)
	}
	if value := n.Get("const"); value != nil {
		c.sameType(n, "const", value)
	}
	if value := n.Get("default"); value != nil {
		c.fits(n, value)
	}
	if names := n.Get("required"); names != nil && names.Kind == schema.List {
		c.declared(n, names)
	}
}

// enum looks for values of another type, and for repetitions.
func (c *checker) enum(n, values *schema.Node) {
	seen := make(map[string]bool, len(values.Items))
	for _, v := range values.Items {
		c.sameType(n, "enum", v)
		key := canonical(v)
		if seen[key] {
			c.report(DuplicateEnum, v.Place, "", "%s is listed twice", show(v))
		}
		seen[key] = true
	}
}

func (c *checker) sameType(n *schema.Node, key string, v *schema.Node) {
	types := typesOf(n)
	if len(types) == 0 || slices.ContainsFunc(types, func(t string) bool { return isOfType(v, t) }) {
		return
	}
	c.report(BadEnum, v.Place, typeHint(types, v), "%s in `%s` is %s where the type is %s", show(v), key, kindOf(v), strings.Join(types, " or "))
}

// declared warns of required names that nothing declares. Where other
// keywords may declare them too, nothing is said.
func (c *checker) declared(n, names *schema.Node) {
	properties := n.Get("properties")
	if c.inPlace || properties == nil || properties.Kind != schema.Map {
		return
	}
	for _, e := range n.Entries {
		switch e.Key {
		case "patternProperties", "allOf", "anyOf", "oneOf", "if", "$ref", "$dynamicRef", "dependentSchemas":
			return
		case "additionalProperties", "unevaluatedProperties":
			if e.Value.Kind != schema.Bool || strings.EqualFold(e.Value.Text, "true") {
				return
			}
		}
	}
	known := make(map[string]bool, len(properties.Entries))
	for _, e := range properties.Entries {
		known[e.Key] = true
	}
	for _, name := range names.Items {
		if name.Kind != schema.String || known[name.Text] {
			continue
		}
		hint := "declare it under `properties`"
		switch meant := meantBy(name.Text, slices.Sorted(maps.Keys(known))); {
		case len(meant) > 1:
			hint = "write a comma between names: " + strings.Join(meant, ", ")
		case len(meant) == 1:
			hint = fmt.Sprintf("did you mean %q?", meant[0])
		}
		c.report(UndeclaredRequired, name.Place, hint, "%q is required but not declared", name.Text)
	}
}

// meantBy returns the declared properties that an undeclared name under
// `required` was most likely meant to be: the nearest one, or several without
// a comma between them.
func meantBy(name string, declared []string) []string {
	words := strings.Fields(name)
	if len(words) > 1 && !slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(declared, w) }) {
		return words
	}
	if near, ok := schema.Nearest(name, declared); ok {
		return []string{near}
	}
	return nil
}
