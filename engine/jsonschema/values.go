package jsonschema

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/toolsd/toolsd/schema"
)

const dialect = "https://json-schema.org/draft/2020-12/schema"

// anchorName is what Core §8.2.2 allows.
var anchorName = regexp.MustCompile(`^[A-Za-z_][-A-Za-z0-9._]*$`)

// value checks that the value of a keyword is what it must be. Subschemas
// are left to the walk.
func (c *checker) value(n *schema.Node, e schema.Entry, f form) {
	v := e.Value
	switch f {
	case anyForm:
		c.data(v, 1)
	case listForm:
		if c.want(e, v.Kind == schema.List, "a list") {
			c.data(v, 1)
		}
	case enumForm:
		if c.want(e, v.Kind == schema.List && len(v.Items) > 0, "a list of at least one value") {
			c.data(v, 1)
		}
	case textForm:
		c.want(e, v.Kind == schema.String, "text")
	case boolForm:
		c.want(e, v.Kind == schema.Bool, boolean)
	case numberForm, positiveForm, countForm:
		c.number(e, f)
	case namesForm:
		c.names(e.Key, v)
	case nameListsForm:
		if c.want(e, v.Kind == schema.Map, "a mapping of property names to lists of names") {
			for _, m := range v.Entries {
				c.names(e.Key, m.Value)
			}
		}
	case typeForm:
		c.types(v)
	case schemasForm:
		c.want(e, v.Kind == schema.List && len(v.Items) > 0, "a list of at least one schema")
	case schemaMapForm:
		c.want(e, v.Kind == schema.Map, "a mapping of names to schemas")
	case patternMapForm:
		if c.want(e, v.Kind == schema.Map, "a mapping of regular expressions to schemas") {
			for _, m := range v.Entries {
				c.pattern(m.Key, m.KeyPlace, nil)
			}
		}
	case patternForm:
		if c.want(e, v.Kind == schema.String, "a regular expression as text") {
			c.pattern(v.Text, v.Place, v)
		}
	case formatForm:
		if c.want(e, v.Kind == schema.String, "the name of a format") {
			c.format(v)
		}
	case refForm:
		if c.want(e, v.Kind == schema.String, "a reference such as \"#/$defs/name\"") {
			c.ref(n, v)
		}
	case anchorForm:
		if c.want(e, v.Kind == schema.String && anchorName.MatchString(v.Text), "a name of letters, digits, `-`, `_` and `.`") {
			c.anchor(n, v)
		}
	case idForm:
		c.id(e)
	case dialectForm:
		c.dialect(e)
	case vocabularyForm:
		if c.want(e, v.Kind == schema.Map, "a mapping of URIs to true or false") {
			for _, m := range v.Entries {
				c.want(schema.Entry{Key: e.Key, Value: m.Value}, isURI(m.Key, true) && m.Value.Kind == schema.Bool, "a mapping of URIs to true or false")
			}
		}
	}
}

const boolean = "true or false"

// want reports a keyword whose value is something else, and whether it was right.
func (c *checker) want(e schema.Entry, ok bool, wanted string) bool {
	if !ok {
		hint := ""
		if wanted == boolean {
			hint, _ = e.Value.MeantBoolean()
		}
		c.report(BadKeyword, e.Value.Place, hint, "`%s` must be %s, not %s", e.Key, wanted, show(e.Value))
	}
	return ok
}

// number checks a bound; its number must be one that can be worked with.
func (c *checker) number(e schema.Entry, f form) {
	v := e.Value
	wanted := map[form]string{numberForm: "a number", positiveForm: "a number above 0", countForm: "a whole number from 0"}[f]
	if v.Kind == schema.Bool && strings.HasPrefix(e.Key, "exclusive") {
		c.report(BadKeyword, v.Place, fmt.Sprintf("write the bound itself: `%s: 10`", e.Key), "`%s` is a number since JSON Schema 2019-09", e.Key)
		return
	}
	if v.Kind == schema.String {
		if _, ok := rational(v.Text); ok {
			c.report(BadKeyword, v.Place, "take the quotes away", "`%s` must be %s, not the text %s", e.Key, wanted, show(v))
			return
		}
	}
	if !c.want(e, v.Kind == schema.Number, wanted) || !c.numberFits(v) {
		return
	}
	r, _ := rational(v.Text)
	switch f {
	case positiveForm:
		c.want(e, r.Sign() > 0, wanted)
	case countForm:
		c.want(e, r.Sign() >= 0 && r.IsInt() && r.Num().IsInt64(), wanted)
	}
}

// numberFits bounds the length and the exponent of a number.
func (c *checker) numberFits(n *schema.Node) bool {
	if _, ok := rational(n.Text); ok {
		return true
	}
	c.report(TooLarge, n.Place, "", "a number has at most %d characters and an exponent of at most %d", maxNumberLength, maxExponent)
	return false
}

// names checks a list of different texts.
func (c *checker) names(key string, v *schema.Node) {
	if v.Kind == schema.Bool && key == "required" {
		c.report(BadKeyword, v.Place, "list the names beside `properties`: `required: [name]`", "`required` is a list of names, not %s", v.Text)
		return
	}
	if !c.want(schema.Entry{Key: key, Value: v}, v.Kind == schema.List, "a list of property names") {
		return
	}
	seen := make(map[string]bool, len(v.Items))
	for _, name := range v.Items {
		switch {
		case name.Kind != schema.String:
			c.want(schema.Entry{Key: key, Value: name}, false, "a list of property names")
		case seen[name.Text]:
			c.report(BadKeyword, name.Place, "", "`%s` lists %s twice", key, show(name))
		}
		seen[name.Text] = true
	}
}

// types checks the value of `type`.
func (c *checker) types(v *schema.Node) {
	if v.Kind != schema.List {
		c.typeName(v)
		return
	}
	c.want(schema.Entry{Key: "type", Value: v}, len(v.Items) > 0, "a type or a list of at least one type")
	seen := make(map[string]bool, len(typeNames))
	for _, t := range v.Items {
		if !c.typeName(t) {
			continue
		}
		if seen[t.Text] {
			c.report(BadKeyword, t.Place, "", "`type` lists %s twice", t.Text)
		}
		seen[t.Text] = true
	}
}

func (c *checker) typeName(v *schema.Node) bool {
	switch {
	case v.Kind == schema.Null:
		c.report(UnknownType, v.Place, `quote it: "null"`, "`type` holds null, not the name of the type")
		return false
	case v.Kind != schema.String:
		c.report(BadKeyword, v.Place, "the types are: "+strings.Join(typeNames, ", "), "`type` must be the name of a type, not %s", kindOf(v))
		return false
	case slices.Contains(typeNames, v.Text):
		return true
	}
	hint := "the types are: " + strings.Join(typeNames, ", ")
	if name, ok := otherTypeNames[strings.ToLower(v.Text)]; ok {
		hint = fmt.Sprintf("JSON Schema calls it %q", name)
	} else if near, ok := schema.Nearest(v.Text, typeNames); ok {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	c.report(UnknownType, v.Place, hint, "unknown type %q", v.Text)
	return false
}

// pattern checks a regular expression; n is its node, if it has one, so that
// the faulty part can be marked.
func (c *checker) pattern(text string, at schema.Place, n *schema.Node) {
	fault := checkPattern(text)
	if fault == nil {
		return
	}
	if n != nil && fault.length > 0 {
		at = n.At(fault.offset, fault.length)
	}
	c.report(BadPattern, at, fault.hint, "regular expression: %s", fault.reason)
}

func (c *checker) format(v *schema.Node) {
	if _, ok := formats[v.Text]; ok {
		return
	}
	hint := "known are: " + strings.Join(formatNames, ", ")
	if near, ok := schema.Nearest(v.Text, formatNames); ok {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	c.report(UnknownFormat, v.Place, hint, "the format %q is not checked", v.Text)
}

// id allows `$id` at the top alone, where it changes nothing: deeper it would
// move the base of every reference below it.
func (c *checker) id(e schema.Entry) {
	text, _ := strings.CutSuffix(e.Value.Text, "#")
	if !c.want(e, e.Value.Kind == schema.String && !strings.Contains(text, "#") && isURI(text, false), "a URI without a fragment") {
		return
	}
	if len(c.path) > 0 {
		c.report(Unsupported, e.KeyPlace, "take it away and refer to `#/$defs/…`", "`$id` is only supported at the top of a schema")
	}
}

func (c *checker) dialect(e schema.Entry) {
	switch {
	case len(c.path) > 0:
		c.report(Unsupported, e.KeyPlace, "take it away", "`$schema` belongs at the top of a schema")
	case e.Value.Kind != schema.String || strings.TrimSuffix(e.Value.Text, "#") != dialect:
		c.report(BadDialect, e.Value.Place, "take the line away, or write "+dialect, "only JSON Schema 2020-12 is supported, not %s", show(e.Value))
	}
}
