package expression

import (
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/toolsd/toolsd/engine/jsonschema"
)

// ruleNames are all rules of types, sorted.
func ruleNames() []string {
	return slices.Sorted(maps.Keys(allRules()))
}

func allRules() map[string]bool {
	all := map[string]bool{}
	for name := range operatorTypes {
		all[name] = true
	}
	for name := range functionRules {
		all[name] = true
	}
	for name := range syntaxRules {
		all[name] = true
	}
	return all
}

// Each rule changes what some golden file says: none is there in vain, and
// none can be lost unnoticed.
func TestEveryRuleCounts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	type golden struct{ tool, want []byte }
	var goldens []golden
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		goldens = append(goldens, golden{archive.Files[0].Data, archive.Files[1].Data})
	}
	for _, rule := range ruleNames() {
		if !slices.ContainsFunc(goldens, func(g golden) bool {
			return shown(t, g.tool, checkTool(t, g.tool, rule)) != string(g.want)
		}) {
			t.Errorf("without the rule %q all golden files are the same", rule)
		}
	}
}

// The parts of the table do not share names, which are turned off by name.
func TestRulesHaveDifferentNames(t *testing.T) {
	if got, want := len(allRules()), len(operatorTypes)+len(functionRules)+len(syntaxRules); got != want {
		t.Errorf("%d rules have %d names", want, got)
	}
}

func TestApply(t *testing.T) {
	text, integer, float := ruleTypes["text"], ruleTypes["int"], ruleTypes["float"]
	for _, test := range []struct {
		rule string
		args []*jsonschema.Type
		want string
		how  fit
	}{
		{"int, int -> int; number, number -> float", []*jsonschema.Type{integer, integer}, "integer", yes},
		{"int, int -> int; number, number -> float", []*jsonschema.Type{integer, float}, "number", yes},
		{"int, int -> int; number, number -> float", []*jsonschema.Type{integer, ruleTypes["number"]}, "number", yes},
		{"int, int -> int; number, number -> float", []*jsonschema.Type{integer, unknownType}, "number", maybe},
		{"int, int -> int; number, number -> float", []*jsonschema.Type{integer, text}, "value", no},
		{"int, int -> int; number, number -> float", []*jsonschema.Type{integer, jsonschema.Union(text, integer)}, "integer", maybe},
		{"[text], int? -> elem", []*jsonschema.Type{listWith(text)}, "text", yes},
		{"[text], int? -> elem", []*jsonschema.Type{listWith(integer)}, "value", no},
		{"[text], int? -> elem", []*jsonschema.Type{listWith(text.OrNull())}, "text", maybe},
		{"[text], int? -> elem", []*jsonschema.Type{listWith(text), text}, "value", no},
		{"text|bytes… -> text", []*jsonschema.Type{text, text, integer}, "value", no},
		{"any -> same", []*jsonschema.Type{{Kind: jsonschema.BoolKind, Literals: []any{true}}}, "boolean", yes},
	} {
		got, how, _ := parseRule(test.rule).apply(test.args)
		if wordFor(got) != test.want || how != test.how {
			t.Errorf("%s: got %s, %d; want %s, %d", test.rule, wordFor(got), how, test.want, test.how)
		}
	}
}
