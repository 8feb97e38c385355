package expression

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/toolsd/toolsd/engine/jsonschema"
	"github.com/toolsd/toolsd/schema"
)

// What the type pass accepts, and was sure of, never ends in a fault of
// types, whatever the arguments are; and its value has the type that was
// worked out.
func TestAcceptedExpressionsHaveNoFaultsOfTypes(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	sure, all := 0, 0
	for name, text := range corpus(t) {
		docs, _ := schema.Split(schema.Source{Name: name, Bytes: text}, schema.Bounds{}.WithDefaults())
		for _, doc := range docs {
			def, found := schema.Parse(doc)
			if def == nil || def.Tool == nil || schema.HasErrors(found) {
				continue
			}
			for _, c := range expressions(t, name, def.Tool) {
				all++
				if c.scope.types[c.expr].sure {
					sure++
					runsWell(t, c.scope, c.expr, r, 100)
				}
			}
		}
	}
	if sure < 120 || all < 150 {
		t.Errorf("%d expressions, of which %d were decided: too few to mean anything", all, sure)
	}
}

// corpus is every tool there is, by file.
func corpus(t *testing.T) map[string][]byte {
	files := map[string][]byte{}
	for _, pattern := range []string{"../../tools.d/*.yaml", "../../examples/*/*.yaml", "testdata/*.txtar", "../httpcall/testdata/*.txtar", "../../cmd/toolsd/testdata/script/*.txtar"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatal("no files", pattern, err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasSuffix(name, ".txtar") {
				files[name] = text
				continue
			}
			for _, part := range txtar.Parse(text).Files {
				if strings.HasSuffix(part.Name, ".yaml") {
					files[name+"/"+part.Name] = part.Data
				}
			}
		}
	}
	return files
}

// A checkedExpr is an accepted expression with the scope that knows its type.
type checkedExpr struct {
	scope *Scope
	expr  *Expr
}

// expressions are the accepted expressions of a tool. Those of the golden
// files here are checked in testScope, as there.
func expressions(t *testing.T, file string, tool *schema.Tool) []checkedExpr {
	scope := testScope()
	scope.Env.AllowMissing = true
	if !strings.HasPrefix(file, "testdata") {
		scope.Names = map[string]*jsonschema.Type{"input": typeOfSchema(tool.InputSchema, jsonschema.Input), "caller": {}}
		if h := tool.HTTP; h != nil {
			text := typeOf(jsonschema.StringKind)
			scope.Names["response"] = &jsonschema.Type{Kind: jsonschema.ObjectKind, Members: map[string]jsonschema.Member{
				"status": present(typeOf(jsonschema.IntKind)), "type": present(text), "headers": present(&jsonschema.Type{Kind: jsonschema.ObjectKind, Rest: text}),
				"body": present(typeOfSchema(h.Settings.Response.Schema, jsonschema.Body)),
			}}
		}
	}
	var out []checkedExpr
	add := func(e *Expr) {
		if e != nil {
			out = append(out, checkedExpr{scope, e})
		}
	}
	if tool.Expr != nil {
		e, _ := scope.Check(tool.Expr)
		add(e)
	}
	nodes := []*schema.Node{tool.Result}
	if h := tool.HTTP; h != nil {
		nodes = append(nodes, h.URL, h.Path, h.JSON, h.Form, h.Text, h.Settings.Query, h.Settings.Headers)
	}
	for _, n := range nodes {
		for _, leaf := range leaves(n) {
			if checked, _ := scope.CheckTemplate(leaf); checked != nil {
				eachSlot(checked, add)
			}
		}
	}
	return out
}

func typeOfSchema(n *schema.Node, role jsonschema.Role) *jsonschema.Type {
	if n == nil {
		return unknownType
	}
	checked, _ := jsonschema.Check(n, role, jsonschema.Bounds{})
	if checked == nil {
		return unknownType
	}
	return checked.Type()
}

// leaves are the scalars of a node, so that a fault in one of them does not
// hide the others.
func leaves(n *schema.Node) []*schema.Node {
	if n == nil {
		return nil
	}
	var out []*schema.Node
	for _, item := range n.Items {
		out = append(out, leaves(item)...)
	}
	for _, e := range n.Entries {
		out = append(out, leaves(e.Value)...)
	}
	if n.Kind == schema.String {
		out = append(out, n)
	}
	return out
}

func eachSlot(t *Template, f func(*Expr)) {
	if t.Form == Slot {
		f(t.Slot)
	}
	for _, p := range t.Pieces {
		if p.IsSlot {
			f(p.Slot)
		}
	}
}

// The same for whatever can be thought of.
func FuzzTypes(f *testing.F) {
	for _, seed := range []string{
		`input.remark ?? "a"`, `input.box?.k == "x" and input.box.remark != null`, `map(filter(input.boxes, .remark != null), upper(.remark))`,
		`let n = input.rank; n != null ? n + 1 : input.qty`, `{a: [input.qty, 2.5]}.a[0] * 2`, `sortBy(input.items, .size)[0]?.name`,
		`input.state in ["open", "all"] ? input.tags : keys(input.sizes)`, `merge({a: 1}, {b: input.on}).a + 1`, `sum(map(input.items, .size)) / 2`,
		`reduce(input.tags, #acc + #, "")`, `min(input.qty, 3) ?? 0`, `input.qty % 2 == 0 or not input.on`, `"remark" in input ? input.remark : join(input.tags)`,
		`input.price ** 2 - (input.flag == true ? 1 : 0)`, `groupBy(input.items, .name)[input.name]`, `take(input.items, 2) | map(#index)`,
		`values({a: 1, b: input.qty})`, `find(input.items, .size > 1)?.name ?? fail("no")`, `(input.on ? {a: 1} : {b: 2}).a`, `input.tags[0:1]`, `-input.qty..3`,
	} {
		f.Add(seed, uint64(1))
	}
	f.Fuzz(func(t *testing.T, text string, seed uint64) {
		s := testScope()
		e, _ := s.Check(textNode(text))
		if e == nil || !s.types[e].sure {
			return
		}
		runsWell(t, s, e, rand.New(rand.NewPCG(seed, 3)), 10)
	})
}

// What the examples of a run are worth is of the type that is worked out.
func TestTypesOfExamples(t *testing.T) {
	for text, want := range map[string]string{
		`1 + 2.5`: "number", `[1, "a"][0]`: "integer or text", `input.remark ?? 1`: "integer or text", `input.remark`: "text", `{a: 1}`: "object", `null`: "null",
		`input.on ? 1 : fail("x")`: "integer", `round(1)`: "integer", `round(1.5)`: "number", `sum([1])`: "integer", `first(input.items).name`: "text", `map(input.items, .size)`: "list", `response.x`: "value",
		`input.sizes.s`: "integer", `env.TOKEN`: "text", `max(1, 2)`: "number", `let x = [{a: 1}]; x[0].a`: "integer", `if input.on { 1 } else { "a" }`: "integer or text",
	} {
		s := testScope()
		e, ds := s.Check(textNode(text))
		if e == nil {
			t.Errorf("%s: %v", text, ds)
			continue
		}
		if got := wordFor(s.Type(e)); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

func TestCheckList(t *testing.T) {
	for text, ok := range map[string]bool{"input.tags": true, "input.any": true, "null": true, "[1]": true, "input.box?.k": false, "{a: 1}.a": false, "input.on ? [1] : 2": true} {
		if e, _ := testScope().CheckList(textNode(text)); (e != nil) != ok {
			t.Errorf("%s: accepted is %v", text, e != nil)
		}
	}
}

func TestInputsThatAreUsed(t *testing.T) {
	s := testScope()
	s.Inputs = map[string]bool{}
	s.Check(textNode(`input.qty + input["price"] + len(input.box?.k ?? "")`))
	if len(s.Inputs) != 3 || !s.Inputs["qty"] || !s.Inputs["price"] || !s.Inputs["box"] {
		t.Errorf("got %v", s.Inputs)
	}
	s.Check(textNode(`get(input, "x")`))
	if !s.Inputs[""] {
		t.Error("the whole is not used")
	}
}
