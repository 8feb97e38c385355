package jsonschema

import (
	"slices"
	"strings"

	"github.com/toolsd/toolsd/schema"
)

// An Object is a schema for objects, as its author wrote it.
type Object struct {
	Place      schema.Place
	Properties []Property
	// Silent says that neither the schema nor one about the same value decides
	// whether there may be other properties than those declared.
	Silent bool
	// Combined says that other schemas speak of the same value, so that
	// `additionalProperties` would refuse what they declare (JSON Schema
	// 2020-12, Core §10.3.2.3) and `unevaluatedProperties` is what decides.
	Combined bool
}

// A Property is one that a schema declares.
type Property struct {
	Name  string
	Place schema.Place // of the name
	// Described says that there is a description of it, its own or that of
	// what it refers to, or that it needs none: it is a constant, forbidden, or
	// declared by a schema around this one for the same value.
	Described bool
}

// Objects lists the schemas for objects of which a value may consist, the
// outermost first. Conditions (`not`, `if`, `contains`) are left out, and so
// is what nothing refers to. It takes schemas that have faults too.
func Objects(root *schema.Node) []Object {
	o := outliner{references: checker{root: root, anchors: map[string]*schema.Node{}}, seen: map[sighting]bool{}}
	o.collectAnchors(root)
	o.visit(sighting{node: root}, nil)
	return o.objects
}

// An outliner goes over a schema in the order in which a value is made.
type outliner struct {
	references checker // which resolves them
	seen       map[sighting]bool
	objects    []Object
}

// A sighting is of a schema; beside says that another one about the same value
// was seen before it.
type sighting struct {
	node   *schema.Node
	beside bool
}

// visit goes over a schema and those below it. known are the properties that
// schemas around it declare for the same value.
func (o *outliner) visit(s sighting, known []string) {
	n := s.node
	if n == nil || n.Kind != schema.Map || o.seen[s] {
		return
	}
	o.seen[s] = true
	properties := n.Get("properties")
	if properties != nil || slices.Contains(typesOf(n), "object") {
		known = o.object(s, properties, known)
	}
	for _, e := range n.Entries {
		switch k := keywords[e.Key]; {
		case k.form == refForm:
			o.visit(sighting{o.leadsTo(e.Value), s.beside || properties != nil}, known)
		case e.Key == "not" || e.Key == "if" || e.Key == "propertyNames":
		case k.reach == inPlace:
			for _, sub := range operands(k.form, e.Value) {
				o.visit(sighting{sub, true}, known)
			}
		case k.reach == parts || e.Key == "patternProperties":
			for _, sub := range operands(k.form, e.Value) {
				o.visit(sighting{node: sub}, nil)
			}
		}
	}
}

// object lists a schema for objects. It returns known with the properties that
// the schema declares itself.
func (o *outliner) object(s sighting, properties *schema.Node, known []string) []string {
	object := Object{
		Place:    s.node.Place,
		Silent:   !s.beside && !o.decides(s.node),
		Combined: slices.ContainsFunc(s.node.Entries, func(e schema.Entry) bool { return keywords[e.Key].reach == inPlace || keywords[e.Key].form == refForm }),
	}
	known = slices.Clip(known)
	if properties != nil {
		for _, e := range properties.Entries {
			described := slices.Contains(known, e.Key) || o.describes(e.Value)
			object.Properties = append(object.Properties, Property{e.Key, e.KeyPlace, described})
		}
		for _, e := range properties.Entries {
			known = append(known, e.Key)
		}
	}
	o.objects = append(o.objects, object)
	return known
}

// describes reports whether a property's schema says what it is for.
func (o *outliner) describes(n *schema.Node) bool {
	return slices.ContainsFunc(o.together(n), func(n *schema.Node) bool {
		text := n.Get("description")
		forbidden := n.Kind == schema.Bool && strings.EqualFold(n.Text, "false")
		_, meant := misspelt(n, "description")
		return forbidden || meant || n.Get("const") != nil || text != nil && strings.TrimSpace(text.Text) != ""
	})
}

// decides reports whether a schema, one that holds beside it, or each of its
// alternatives says whether there may be further properties.
func (o *outliner) decides(n *schema.Node) bool {
	all := o.together(n)
	if slices.ContainsFunc(all, saysFurther) {
		return true
	}
	for _, n := range all {
		for _, key := range []string{"anyOf", "oneOf"} {
			alternatives := n.Get(key)
			if alternatives != nil && len(alternatives.Items) > 0 && !slices.ContainsFunc(alternatives.Items, func(n *schema.Node) bool {
				return !slices.ContainsFunc(o.together(n), saysFurther)
			}) {
				return true
			}
		}
	}
	return false
}

func saysFurther(n *schema.Node) bool {
	return n.Kind == schema.Bool || says(n, "additionalProperties") || says(n, "unevaluatedProperties")
}

// says reports whether a schema has a keyword, be it misspelt, which the
// author was told.
func says(n *schema.Node, keyword string) bool {
	_, meant := misspelt(n, keyword)
	return meant || n.Get(keyword) != nil
}

// together returns a schema with those that hold wherever it does: by
// reference, or under `allOf`.
func (o *outliner) together(n *schema.Node) []*schema.Node {
	all := []*schema.Node{n}
	for i := 0; i < len(all); i++ {
		var more []*schema.Node
		if list := all[i].Get("allOf"); list != nil {
			more = list.Items
		}
		for _, key := range []string{"$ref", "$dynamicRef"} {
			if sub := o.leadsTo(all[i].Get(key)); sub != nil {
				more = append(slices.Clip(more), sub)
			}
		}
		for _, sub := range more {
			if !slices.Contains(all, sub) {
				all = append(all, sub)
			}
		}
	}
	return all
}

// leadsTo returns the schema that a reference leads to, or nil.
func (o *outliner) leadsTo(ref *schema.Node) *schema.Node {
	if ref == nil {
		return nil
	}
	fragment, local := strings.CutPrefix(ref.Text, "#")
	if !local {
		return nil
	}
	return o.references.target(fragment)
}

func (o *outliner) collectAnchors(n *schema.Node) {
	for _, key := range []string{"$anchor", "$dynamicAnchor"} {
		if name := n.Get(key); name != nil {
			o.references.anchors[name.Text] = n
		}
	}
	for _, sub := range subschemas(n) {
		o.collectAnchors(sub)
	}
}
