package jsonschema

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	santhosh "github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/toolsd/toolsd/schema"
)

// metaschema is the library's own judge of what a schema may be.
func metaschema(t testing.TB) *santhosh.Schema {
	t.Helper()
	compiler := santhosh.NewCompiler()
	compiler.AssertFormat()
	compiler.UseRegexpEngine(compilePattern)
	s, err := compiler.Compile(dialect)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// accepted holds what Check accepted to its promises: the metaschema accepts
// it, it can be built, registering it does not panic, and its validator ends
// without a panic on any of some values.
func accepted(t testing.TB, meta *santhosh.Schema, s *Schema) {
	t.Helper()
	value, err := readExact(s.JSON())
	if err != nil {
		t.Fatalf("%s: %v", s.JSON(), err)
	}
	if err := meta.Validate(value); err != nil {
		t.Fatalf("%s: the metaschema refuses it: %v", s.JSON(), err)
	}
	if reason := registrationPanics(s); reason != "" {
		t.Fatalf("%s: registering would panic: %s", s.JSON(), reason)
	}
	s.Type()
	v, err := s.Build()
	if err != nil {
		t.Fatalf("%s: checked, but not built: %v", s.JSON(), err)
	}
	for _, text := range []string{``, `null`, `"a"`, `[1, "a", [], {}]`, `{"a": 1, "b": {"a": {"a": {"b": []}}}, "c": "2026-01-01"}`} {
		if _, _, err := v.Decode([]byte(text)); err != nil {
			t.Fatalf("%s: decoding %s: %v", s.JSON(), text, err)
		}
	}
	v.Validate(value)
}

// registrationPanics restates what the MCP SDK panics about when a tool with
// this input schema is registered.
func registrationPanics(s *Schema) string {
	if s.role != Input {
		return ""
	}
	var top map[string]any
	if err := json.Unmarshal(s.JSON(), &top); err != nil {
		return err.Error()
	}
	if top["type"] != "object" {
		return "the type is not object"
	}
	return headersPanic(top, map[string]bool{})
}

func headersPanic(holder map[string]any, seen map[string]bool) string {
	properties, _ := holder["properties"].(map[string]any)
	for name, property := range properties {
		p, ok := property.(map[string]any)
		if !ok {
			continue
		}
		if header, there := p["x-mcp-header"]; there {
			text, _ := header.(string)
			lower := strings.ToLower(text)
			switch {
			case p["type"] != "string" && p["type"] != "integer" && p["type"] != "boolean":
				return name + " is not primitive"
			case text == "" || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r) }):
				return name + " has no header name"
			case seen[lower]:
				return name + " repeats a header"
			}
			seen[lower] = true
		}
		if reason := headersPanic(p, seen); reason != "" {
			return reason
		}
	}
	return ""
}

// A grower makes schemas at random, right and wrong.
type grower struct{ *rand.Rand }

func (g grower) pick(from ...any) any { return from[g.IntN(len(from))] }

func (g grower) schema(depth int) any {
	if depth > 4 || g.IntN(12) == 0 {
		return g.pick(true, false, map[string]any{}, map[string]any{"type": "string"})
	}
	made := map[string]any{}
	if g.IntN(3) > 0 {
		made["type"] = g.pick("string", "object", "integer", "array", []any{"string", "null"})
	}
	for range g.IntN(5) {
		made[keywordNames[g.IntN(len(keywordNames))]] = g.value(depth)
	}
	for range g.IntN(3) {
		name := keywordNames[g.IntN(len(keywordNames))]
		if right, ok := g.right(name, depth); ok {
			made[name] = right
		}
	}
	return made
}

// right is a value that most likely suits a keyword.
func (g grower) right(name string, depth int) (any, bool) {
	switch keywords[name].form {
	case schemaForm:
		return g.schema(depth + 1), true
	case schemasForm:
		return []any{g.schema(depth + 1), g.schema(depth + 1)}, true
	case schemaMapForm:
		return map[string]any{"a": g.schema(depth + 1), "b": g.schema(depth + 1)}, true
	case patternMapForm:
		return map[string]any{"^a": g.schema(depth + 1)}, true
	case refForm:
		return g.pick("#", "#/$defs/a", "#/properties/a", "#a", "#/allOf/0"), true
	case anchorForm:
		return g.pick("a", "b"), true
	case namesForm:
		return []any{"a", "b"}, true
	}
	return nil, false
}

func (g grower) value(depth int) any {
	return g.pick(nil, true, "a", "#", "#/$defs/a", "a b", "\\", "%zz", "(?=", "date", json.Number("1"), json.Number("-1"), json.Number("1.5"), json.Number("1e30"),
		[]any{}, []any{"a"}, []any{"a", "a"}, []any{json.Number("1")}, map[string]any{}, map[string]any{"a": true}, map[string]any{"(": []any{}},
		map[string]any{"a": []any{"b"}}, map[string]any{"http://a": true}, g.schema(depth+2), "http://[::1]/", "https://example.com/a#b")
}

func TestAcceptedSchemasAreRight(t *testing.T) {
	meta := metaschema(t)
	right := 0
	for seed := range uint64(40_000) {
		g := grower{rand.New(rand.NewPCG(seed, 1))}
		n := nodeOfValue(g.schema(0))
		if n.Kind != schema.Map {
			continue
		}
		role := Role(g.IntN(3))
		s, found := Check(n, role, Bounds{})
		if s == nil {
			if !schema.HasErrors(found) {
				t.Fatalf("seed %d: refused without an error", seed)
			}
			continue
		}
		right++
		accepted(t, meta, s)
	}
	if right < 1000 {
		t.Errorf("only %d schemas were accepted: the test sees too little", right)
	}
}

func FuzzCheck(f *testing.F) {
	for _, text := range []string{
		`{"type":"object","properties":{"a":{"type":"string","x-mcp-header":"A","pattern":"^\\s$"}},"required":["a"]}`,
		`{"type":"object","$defs":{"a":{"anyOf":[{"type":"null"},{"$ref":"#/$defs/a"}]}},"properties":{"a":{"$ref":"#/$defs/a","default":1}}}`,
		`{"type":"object","anyOf":[{"properties":{"a":{"$ref":"#"}}},{"properties":{"a":{"$dynamicRef":"#x"}},"$dynamicAnchor":"x"}]}`,
		`{"type":"object","propertyNames":{"format":"regex"},"dependentSchemas":{"a":{"not":false}},"contains":{"$ref":"#"},"items":{"$ref":"#"}}`,
	} {
		f.Add(text, uint8(0))
	}
	meta := metaschema(f)
	f.Fuzz(func(t *testing.T, text string, role uint8) {
		n, err := nodeOf(text)
		if err != nil {
			return
		}
		s, found := Check(n, Role(role%3), Bounds{})
		if (s == nil) != schema.HasErrors(found) {
			t.Fatalf("the schema is %v beside %v", s, found)
		}
		if s != nil {
			accepted(t, meta, s)
		}
	})
}

func FuzzDecode(f *testing.F) {
	for _, text := range []string{`{"city":"x","days":3,"big":9223372036854775807}`, `{"city":"","tags":["a","a"],"big":1e18}`, `{"a":1,"a":2}`, `[`, `{"city":"x","tree":{"n":1.0,"sub":[{"n":9007199254740993}]}}`} {
		f.Add([]byte(text))
	}
	v := validator(f, `
type: object
properties:
  city: {type: string, minLength: 1}
  days: {type: integer, minimum: 1, maximum: 14, default: 3}
  tags: {type: array, items: {type: string}, uniqueItems: true}
  big: {type: integer}
  ratio: {type: number, multipleOf: 0.1}
  at: {type: string, format: date-time}
  limit: {anyOf: [{type: integer}, {type: "null"}]}
  tree: {$ref: '#/$defs/tree'}
required: [city]
additionalProperties: false
$defs: {tree: {type: object, properties: {n: {type: integer, default: 0}, sub: {type: array, items: {$ref: '#/$defs/tree'}}}}}`, Input)
	f.Fuzz(func(t *testing.T, text []byte) {
		value, found, err := v.Decode(text)
		if err != nil || found != nil {
			if value != nil {
				t.Fatalf("a value beside %v, %v", found, err)
			}
			return
		}
		if again := v.Validate(value); again != nil {
			t.Fatalf("%s no longer fits: %v", text, again)
		}
		big, there := value.(map[string]any)["big"]
		if !there {
			return
		}
		var raw map[string]json.RawMessage
		if err := json.Unmarshal(text, &raw); err != nil {
			t.Fatal(err)
		}
		if decimalOf(string(raw["big"])) != decimalOf(fmt.Sprint(big)) {
			t.Fatalf("%s became %v", raw["big"], big)
		}
	})
}
