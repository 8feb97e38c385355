package expression

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/toolsd/toolsd/schema"
)

// number, list and object make nodes of templates.
func numberNode(text string) *schema.Node { return &schema.Node{Kind: schema.Number, Text: text} }

func listNode(items ...*schema.Node) *schema.Node {
	return &schema.Node{Kind: schema.List, Items: items}
}

func objectNode(entries ...schema.Entry) *schema.Node {
	return &schema.Node{Kind: schema.Map, Entries: entries}
}

func member(key string, value *schema.Node) schema.Entry {
	return schema.Entry{Key: key, Value: value}
}

func renderer(t testing.TB, n *schema.Node) *Renderer {
	t.Helper()
	template, ds := testScope().CheckTemplate(n)
	if template == nil {
		t.Fatalf("check: %v", ds)
	}
	r, err := BuildTemplate(template, testScope(), Bounds{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRender(t *testing.T) {
	template := objectNode(
		member("number", numberNode("1.10")),
		member("null", &schema.Node{Kind: schema.Null, Text: "null"}),
		member("yes", &schema.Node{Kind: schema.Bool, Text: "true"}),
		member("big", numberNode("12345678901234567890")),
		member("qty", textNode("${input.qty}")),
		member("block", &schema.Node{Kind: schema.String, Style: schema.Literal, Text: "${input.tags}\n"}),
		member("sent", textNode("${input.sent}")),
		member("absent", textNode("${input.absent}")),
		member("deep", textNode("${input.deep?.er}")),
		member("computed", textNode("${input.qty > 1 ? null : 2}")),
		member("joined", textNode("${input.qty} of ${input.tags} at $$${input.price}")),
		member("list", listNode(textNode("${input.tags}"), textNode("${input.absent}"), textNode("x"))),
	)
	scope := testScope()
	scope.Names["input"] = nil // anything
	checked, ds := scope.CheckTemplate(template)
	if checked == nil {
		t.Fatal(ds)
	}
	again := testScope()
	again.Names["input"] = nil
	r, err := BuildTemplate(checked, again, Bounds{})
	if err != nil {
		t.Fatal(err)
	}
	vars := Vars{"input": map[string]any{"qty": 3, "tags": []any{"a", "b"}, "price": 2.5, "sent": nil}}
	common := func(more map[string]any) map[string]any {
		out := map[string]any{
			"number": 1.1, "null": nil, "yes": true, "big": json.Number("12345678901234567890"),
			"qty": 3, "block": []any{"a", "b"}, "joined": `3 of ["a","b"] at $2.5`,
			"list": []any{[]any{"a", "b"}, nil, "x"},
		}
		for key, value := range more {
			out[key] = value
		}
		return out
	}
	text := func(none any, more map[string]any) map[string]any {
		out := map[string]any{
			"number": "1.10", "null": none, "yes": "true", "big": "12345678901234567890",
			"qty": "3", "block": `["a","b"]`, "joined": `3 of ["a","b"] at $2.5`,
			"list": []any{`["a","b"]`, none, "x"},
		}
		for key, value := range more {
			out[key] = value
		}
		return out
	}
	tests := map[Mode]any{
		InResult:  common(map[string]any{"sent": nil, "computed": nil}),
		InJSON:    common(map[string]any{"sent": nil}),
		InProse:   text("", map[string]any{"sent": "", "absent": "", "deep": "", "computed": ""}),
		InRequest: text(nil, nil),
	}
	for mode, want := range tests {
		got, err := Render(t.Context(), r, vars, mode)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("mode %d: %s", mode, diff)
		}
	}
}

func TestRenderNullInText(t *testing.T) {
	r := renderer(t, textNode("a ${input.free.x} b"))
	for mode, want := range map[Mode]string{InResult: "a  b", InProse: "a  b"} {
		got, err := Render(t.Context(), r, testVars(), mode)
		if err != nil || got != want {
			t.Errorf("mode %d: got %q, %v", mode, got, err)
		}
	}
	for _, mode := range []Mode{InJSON, InRequest} {
		_, err := Render(t.Context(), r, testVars(), mode)
		var failure *Failure
		if !errors.As(err, &failure) || failure.Message != "The argument free.x is needed for this call." {
			t.Errorf("mode %d: got %v", mode, err)
		}
	}
}

// Values never change the structure around them.
func TestRenderKeepsShape(t *testing.T) {
	r := renderer(t, objectNode(member("role", textNode("user")), member("text", textNode("say ${input.name}")), member("raw", textNode("${input.name}"))))
	for _, nasty := range []any{`x", "role": "admin`, "}", "${input.qty}", "\n", "$${x}", []any{"a"}, map[string]any{"role": "admin"}} {
		got, err := Render(t.Context(), r, Vars{"input": map[string]any{"name": nasty}}, InJSON)
		if err != nil {
			t.Fatal(err)
		}
		joined, err := Text(nasty)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]any{"role": "user", "text": "say " + joined, "raw": nasty}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%v: %s", nasty, diff)
		}
	}
}
