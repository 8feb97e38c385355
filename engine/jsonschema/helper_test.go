package jsonschema

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/toolsd/toolsd/schema"
)

// node reads a schema written as YAML, as the author of a tool would.
func node(t testing.TB, yaml string) *schema.Node {
	t.Helper()
	text := aroundSchema(yaml)
	def, found := schema.Parse(schema.Document{File: "t.yaml", Line: 1, Text: []byte(text)})
	if def == nil || schema.HasErrors(found) || def.Tool.InputSchema == nil {
		t.Fatalf("the YAML itself is faulty: %v\n%s", found, text)
	}
	return def.Tool.InputSchema
}

// aroundSchema is a tool with an input schema that is written in YAML.
func aroundSchema(yaml string) string {
	return "tool: t\ndescription: d\ninputSchema:\n  " + strings.ReplaceAll(strings.TrimSpace(yaml), "\n", "\n  ") + "\nexpr: '1'\n"
}

// Of a schema in aroundSchema.
const (
	linesBefore = 3
	indentation = 2
)

// nodeOf makes a node of JSON, without places.
func nodeOf(text string) (*schema.Node, error) {
	value, err := readExact([]byte(text))
	if err != nil {
		return nil, err
	}
	return nodeOfValue(value), nil
}

func nodeOfValue(value any) *schema.Node {
	switch value := value.(type) {
	case nil:
		return &schema.Node{Kind: schema.Null, Text: "null"}
	case bool:
		return &schema.Node{Kind: schema.Bool, Text: fmt.Sprint(value)}
	case json.Number:
		return &schema.Node{Kind: schema.Number, Text: value.String()}
	case string:
		return &schema.Node{Kind: schema.String, Style: schema.DoubleQuoted, Text: value}
	case []any:
		n := &schema.Node{Kind: schema.List}
		for _, item := range value {
			n.Items = append(n.Items, nodeOfValue(item))
		}
		return n
	}
	n := &schema.Node{Kind: schema.Map}
	object := value.(map[string]any)
	keys := make([]string, 0, len(object))
	for key := range object {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		n.Entries = append(n.Entries, schema.Entry{Key: key, Value: nodeOfValue(object[key])})
	}
	return n
}

// checked is a schema written as JSON or YAML that must be right.
func checked(t testing.TB, yaml string, role Role) *Schema {
	t.Helper()
	s, found := Check(node(t, yaml), role, Bounds{})
	if s == nil {
		t.Fatalf("refused: %v", found)
	}
	return s
}

func validator(t testing.TB, yaml string, role Role) *Validator {
	t.Helper()
	v, err := checked(t, yaml, role).Build()
	if err != nil {
		t.Fatal(err)
	}
	return v
}
