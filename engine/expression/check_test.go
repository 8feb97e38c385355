package expression

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/toolsd/toolsd/engine/jsonschema"
)

// Nested comparisons share their middles, which makes a small text a large
// tree; without a bound the test would not end.
func TestCheckIsBounded(t *testing.T) {
	for _, text := range []string{
		strings.Repeat("1 < (", 100) + "1" + strings.Repeat(") < 1", 100),
		strings.Repeat("(", 100) + "1" + strings.Repeat(" ?: 1)", 100),
		strings.Repeat("-", 60_000) + "1",
		strings.Repeat("not ", 15_000) + "true",
		"1" + strings.Repeat(" + 1", 15_000),
		strings.Repeat("[", 60_000),
		strings.Repeat("true ? 1 : ", 5_000) + "1",
		strings.Repeat("x", maxBytes+1),
		"input" + strings.Repeat(".a", 9_000),
		"input.remark == null" + strings.Repeat(` or input.remark == "a"`, 1_600),
		"input.flag == true" + strings.Repeat(` and input.box?.k != null`, 1_200),
		strings.Repeat(`input.state == "open" ? {a: 1} : `, 1_000) + "1",
		"input.any" + strings.Repeat(" ?? {a: [1]}", 2_000),
		"[{a: 1}" + strings.Repeat(", {a: [1]}", 1_900) + "]",
		`"x" in ["a"` + strings.Repeat(`, "b"`, 4_000) + "]",
		doubling(200),
	} {
		e, ds := testScope().Check(textNode(text))
		if e == nil {
			if len(ds) == 0 {
				t.Errorf("%.20s…: refused without a diagnostic", text)
			}
			continue
		}
		if _, err := e.Build(testScope(), Bounds{}); err != nil {
			t.Errorf("%.20s…: %v", text, err)
		}
	}
}

// doubling is an expression whose type holds itself many times over.
func doubling(times int) string {
	text := "let v0 = {a: 1}; "
	for i := range times {
		text += fmt.Sprintf("let v%d = {a: v%d, b: [v%d, v%d]}; ", i+1, i, i, i)
	}
	return text + fmt.Sprintf("v%d == v%d ? v%d : v%d", times, times-1, times, times-2)
}

// What is worked out of one expression may be in scope of another.
func TestTypesOfResultsAreBounded(t *testing.T) {
	s := testScope()
	e, ds := s.Check(textNode(doubling(100)))
	if e == nil {
		t.Fatal(ds)
	}
	next := testScope()
	next.Names["result"] = s.Type(e)
	if e, ds := next.CheckCondition(textNode("result.a.a.a == null and result.b[0].b[1].b != null")); e == nil {
		t.Error(ds)
	}
	if found := s.ExprMisfits(e, endless()); len(found) == 0 || len(found) > 3*maxFaults {
		t.Errorf("%d misfits", len(found))
	}
}

// endless wants an object of which each part is such an object.
func endless() *jsonschema.Type {
	want := typeOf(jsonschema.ObjectKind)
	want.Members = map[string]jsonschema.Member{"a": {Type: want}, "b": {Type: listWith(want)}, "c": {Type: want, Required: true}}
	return want
}

func TestUsedEnvironment(t *testing.T) {
	s := testScope()
	s.Env.AllowMissing = true
	e, ds := s.Check(textNode(`env.TOKEN + (env.EMPTY ?? "x") + string(env.NONE)`))
	if e == nil {
		t.Fatal(ds)
	}
	if diff := cmp.Diff([]string{"EMPTY", "NONE", "TOKEN"}, slices.Sorted(maps.Keys(s.Env.Used))); diff != "" {
		t.Error(diff)
	}
	clear(s.Env.Used)
	if _, ds := s.CheckTemplate(textNode("env.TOKEN")); len(ds) != 1 || len(s.Env.Used) != 0 {
		t.Errorf("a text that only looks like an expression uses %v", s.Env.Used)
	}
	p, err := e.Build(s, Bounds{})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := p.Run(t.Context(), nil); err != nil || got != "s3cretx" {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestExprSaysWhatItUses(t *testing.T) {
	e, ds := testScope().Check(textNode(`json({a: input.qty, b: map(response.body, .x), c: env.TOKEN})`))
	if e == nil {
		t.Fatal(ds)
	}
	if diff := cmp.Diff([]string{"input", "response"}, e.Names()); diff != "" || e.Quotes() != "json" {
		t.Error(diff, e.Quotes())
	}
}

func TestCondition(t *testing.T) {
	for text, ok := range map[string]bool{"input.on": true, "input.any": true, "null": true, "input.qty": false, `"true"`: false} {
		if e, _ := testScope().CheckCondition(textNode(text)); (e != nil) != ok {
			t.Errorf("%s: accepted is %v", text, e != nil)
		}
	}
	for text, want := range map[string]bool{"input.on": true, "input.free.x": false, "input.qty > 3": false} {
		if got, err := build(t, text).Holds(t.Context(), testVars()); err != nil || got != want {
			t.Errorf("%s: got %v, %v", text, got, err)
		}
	}
	if _, err := build(t, "input.any").Holds(t.Context(), testVars()); err == nil {
		t.Error("a number holds")
	}
}
