package jsonschema

import (
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/toolsd/toolsd/schema"
)

// form is what the value of a keyword must be.
type form uint8

const (
	anyForm form = iota
	textForm
	boolForm
	numberForm
	positiveForm
	countForm     // a whole number from 0
	listForm      // of anything
	namesForm     // a list of different texts
	nameListsForm // a mapping of names to namesForm
	typeForm
	enumForm
	schemaForm
	schemasForm   // a list of at least one schema
	schemaMapForm // a mapping of names to schemas
	patternMapForm
	patternForm
	formatForm
	refForm
	anchorForm
	idForm
	dialectForm
	vocabularyForm
)

// reach is which values the subschemas of a keyword are about.
type reach uint8

const (
	nowhere reach = iota // none, until something refers to them
	inPlace              // the value itself
	parts                // elements or members, each of them once
	again                // elements or members that another keyword may have seen too
)

type keyword struct {
	form  form
	reach reach
}

// keywords are those of JSON Schema 2020-12 (Core and Validation), and
// `definitions`, which its metaschema keeps.
var keywords = map[string]keyword{
	"$id": {form: idForm}, "$schema": {form: dialectForm}, "$vocabulary": {form: vocabularyForm},
	"$comment": {form: textForm}, "$anchor": {form: anchorForm}, "$dynamicAnchor": {form: anchorForm},
	"$ref": {form: refForm}, "$dynamicRef": {form: refForm},
	"$defs": {form: schemaMapForm}, "definitions": {form: schemaMapForm},

	"allOf": {schemasForm, inPlace}, "anyOf": {schemasForm, inPlace}, "oneOf": {schemasForm, inPlace},
	"not": {schemaForm, inPlace}, "if": {schemaForm, inPlace}, "then": {schemaForm, inPlace}, "else": {schemaForm, inPlace},
	"dependentSchemas": {schemaMapForm, inPlace},
	"properties":       {schemaMapForm, parts}, "patternProperties": {patternMapForm, again},
	"additionalProperties": {schemaForm, parts}, "unevaluatedProperties": {schemaForm, parts}, "propertyNames": {schemaForm, parts},
	"prefixItems": {schemasForm, parts}, "items": {schemaForm, parts}, "unevaluatedItems": {schemaForm, parts}, "contains": {schemaForm, again},

	"type": {form: typeForm}, "enum": {form: enumForm}, "const": {},
	"multipleOf": {form: positiveForm}, "maximum": {form: numberForm}, "exclusiveMaximum": {form: numberForm},
	"minimum": {form: numberForm}, "exclusiveMinimum": {form: numberForm},
	"maxLength": {form: countForm}, "minLength": {form: countForm}, "pattern": {form: patternForm},
	"maxItems": {form: countForm}, "minItems": {form: countForm}, "uniqueItems": {form: boolForm},
	"maxContains": {form: countForm}, "minContains": {form: countForm},
	"maxProperties": {form: countForm}, "minProperties": {form: countForm},
	"required": {form: namesForm}, "dependentRequired": {form: nameListsForm},

	"title": {form: textForm}, "description": {form: textForm}, "default": {},
	"deprecated": {form: boolForm}, "readOnly": {form: boolForm}, "writeOnly": {form: boolForm}, "examples": {form: listForm},
	"format": {form: formatForm}, "contentEncoding": {form: textForm}, "contentMediaType": {form: textForm}, "contentSchema": {form: schemaForm},
}

// keywordNames are the names of keywords, sorted.
var keywordNames = slices.Sorted(maps.Keys(keywords))

// replaced are keywords of older versions that would be ignored or misread,
// with what 2020-12 has instead.
var replaced = map[string]string{
	"dependencies":     "write `dependentRequired` or `dependentSchemas`",
	"additionalItems":  "write the schema of the further elements as `items`, beside `prefixItems`",
	"$recursiveRef":    "write `$ref: \"#\"`, or `$dynamicRef`",
	"$recursiveAnchor": "write `$dynamicAnchor`, or leave it out beside `$ref: \"#\"`",
}

// typeNames are JSON Schema's types, in the order of the specification.
var typeNames = []string{"null", "boolean", "object", "array", "number", "string", "integer"}

// otherTypeNames are what other languages call them.
var otherTypeNames = map[string]string{
	"int": "integer", "int32": "integer", "int64": "integer", "long": "integer",
	"float": "number", "double": "number", "decimal": "number",
	"str": "string", "text": "string", "enum": "string", "date": "string", "datetime": "string",
	"bool": "boolean", "list": "array", "dict": "object", "map": "object", "nil": "null", "none": "null",
}

// subschemas yields the subschemas of a schema that are mappings or booleans,
// by how they are reached, in the author's order.
func subschemas(n *schema.Node) iter.Seq2[reach, *schema.Node] {
	return func(yield func(reach, *schema.Node) bool) {
		for _, e := range n.Entries {
			k, ok := keywords[e.Key]
			if !ok {
				continue
			}
			for _, sub := range operands(k.form, e.Value) {
				if !yield(k.reach, sub) {
					return
				}
			}
		}
	}
}

// operands are the schemas in the value of a keyword.
func operands(f form, value *schema.Node) []*schema.Node {
	switch {
	case f == schemaForm && isSchema(value):
		return []*schema.Node{value}
	case f == schemasForm && value.Kind == schema.List:
		return slices.DeleteFunc(slices.Clone(value.Items), func(n *schema.Node) bool { return !isSchema(n) })
	case (f == schemaMapForm || f == patternMapForm) && value.Kind == schema.Map:
		var subs []*schema.Node
		for _, e := range value.Entries {
			if isSchema(e.Value) {
				subs = append(subs, e.Value)
			}
		}
		return subs
	}
	return nil
}

func isSchema(n *schema.Node) bool { return n.Kind == schema.Map || n.Kind == schema.Bool }

// pointerToken escapes a name for a JSON pointer (RFC 6901 §3).
func pointerToken(name string) string {
	if !strings.ContainsAny(name, "~/") {
		return name
	}
	return strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1")
}

// pointerName undoes pointerToken.
func pointerName(token string) string {
	if !strings.Contains(token, "~") {
		return token
	}
	return strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
}
