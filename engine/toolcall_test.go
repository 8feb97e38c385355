package engine_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/toolsd/toolsd/engine"
)

// greeting is a tool that others call.
const greeting = `tool: greet
description: Greets somebody, for a test.
inputSchema:
  type: object
  properties: {name: {type: string}, times: {type: integer, default: 1}}
  required: [name]
  additionalProperties: false
outputSchema: {type: object, properties: {text: {type: string}}, required: [text]}
access: {roles: [guest]}
expr: 'input.name == "nobody" ? fail("Nobody is there.") : {text: repeat("hi " + input.name + " ", input.times), who: caller.id}'
`

func TestAToolStep(t *testing.T) {
	tool := func(name, input, more string) string {
		return "---\ntool: " + name + "\ndescription: Calls another, for a test.\ninputSchema: {type: object, properties: {n: {type: string}}, additionalProperties: false}\nsteps:\n" +
			"  - {id: it, tool: greet, input: {" + input + "}" + more + "}\n"
	}
	e := newEngine(nil)
	publish(t, e, files{"a.yaml": greeting + tool("plain", "name: ann, times: 2", "") +
		tool("typed", `name: "${input.n}"`, "") + "result: '${upper(steps.it.text)}'\n" +
		tool("optional", "name: nobody", ", optional: true") + "result: {it: '${steps.it}', why: '${failed.it}'}\n" +
		tool("fails", "name: nobody", "") +
		tool("each", `name: "${each}"`, `, optional: true, forEach: '["a", "nobody", "b"]'`) + "result: {it: '${map(steps.it, #?.text)}', why: '${failed.it}'}\n" +
		tool("none", `name: "${each}"`, `, forEach: 'input.n == null ? null : [input.n]'`)})
	guest := engine.Caller{ID: "g", Roles: []string{"guest"}}
	for _, test := range []struct {
		who                   engine.Caller
		tool, arguments, want string
		failed                bool
	}{
		{guest, "plain", `{}`, `{"text":"hi ann hi ann ","who":"g"}`, false},
		{guest, "typed", `{"n": "bob"}`, "HI BOB ", false},
		{guest, "typed", `{}`, "The arguments do not fit the input schema of greet.", true},
		{guest, "optional", `{}`, `{"it":null,"why":"Nobody is there."}`, false},
		{guest, "fails", `{}`, "Nobody is there.", true},
		{guest, "each", `{}`, `{"it":["hi a ",null,"hi b "],"why":[null,"Nobody is there.",null]}`, false},
		{guest, "none", `{}`, "[]", false},
		{engine.Local, "plain", `{}`, `There is no tool "greet" that this call may use.`, true},
		{engine.Local, "optional", `{}`, `{"it":null,"why":"There is no tool \"greet\" that this call may use."}`, false},
	} {
		got, failed := call(t, e, test.who, test.tool, test.arguments)
		if first, _, _ := strings.Cut(got, "\n"); !strings.HasPrefix(first, test.want) || failed != test.failed {
			t.Errorf("%s %s: got %s (error %v), want %s", test.tool, test.arguments, got, failed, test.want)
		}
	}
}

// One failed call is one line of the log and one reference, however deep it
// failed.
func TestAFailureInAnotherToolIsToldOnce(t *testing.T) {
	var log bytes.Buffer
	e := engine.New(engine.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	publish(t, e, files{"a.yaml": "tool: inner\ndescription: Fails, for a test.\ninputSchema: {type: object}\nexpr: '[1][5]'\n---\n" + stepping("outer", "  - {id: x, tool: inner}\n")})
	r, err := e.Call(engine.WithCallID(context.Background(), "c-1"), "outer", nil)
	const want = "The tool outer failed because of a fault in its definition. Calling it again with the same arguments will not help; its operator can find the reason in the log. (call c-1)"
	if err != nil || r.Content[0].Text != want {
		t.Errorf("%v, %v", r, err)
	}
	if line := log.String(); strings.Count(line, "\n") != 1 || !strings.Contains(line, "step x: a.yaml:4:") {
		t.Errorf("the log: %s", line)
	}
}

func TestToolsDoNotCallEachOtherWithoutEnd(t *testing.T) {
	var chain strings.Builder
	for n := range 10 {
		chain.WriteString(stepping(fmt.Sprintf("t%d", n), fmt.Sprintf("  - {tool: t%d}\n", n+1)) + "---\n")
	}
	e := newEngine(nil)
	publish(t, e, files{"a.yaml": chain.String() + answers("t10", "the end")})
	if got, failed := call(t, e, engine.Local, "t2", `{}`); failed || got != "the end" {
		t.Errorf("eight deep: %s", got)
	}
	if got, failed := call(t, e, engine.Local, "t1", `{}`); !failed || !strings.HasPrefix(got, "The tool t1 failed because of a fault in its definition.") {
		t.Errorf("nine deep: %s", got)
	}
}

func TestAStepRunsForAHundredElementsAtMost(t *testing.T) {
	e := newEngine(nil)
	publish(t, e, files{"a.yaml": `tool: a
description: Counts, for a test.
inputSchema: {type: object, properties: {n: {type: integer}}, required: [n], additionalProperties: false}
steps:
  - {forEach: "1..input.n", optional: true, expr: each}
`})
	if got, failed := call(t, e, engine.Local, "a", `{"n": 100}`); failed || !strings.HasPrefix(got, "[1,2,3,4,") || !strings.HasSuffix(got, ",100]") {
		t.Errorf("a hundred: %s", got)
	}
	const want = "This would be done for 101 elements, and 100 are the most. Ask for less at once."
	if got, failed := call(t, e, engine.Local, "a", `{"n": 101}`); !failed || got != want {
		t.Errorf("one more: %s", got)
	}
}

// What a tool stands on may go, come back and change; its callers follow.
func TestCallersFollowWhatTheyCall(t *testing.T) {
	caller := stepping("b", "  - {id: a, tool: a}\n") + "result: '${upper(steps.a.text)}'\n"
	callee := func(schema, value string) string {
		return "tool: a\ndescription: Is called, for a test.\ninputSchema: {type: object, additionalProperties: false}\n" +
			"outputSchema: {type: object, properties: {" + schema + "}, required: [text]}\nexpr: '{text: " + value + "}'\n"
	}
	good := callee("text: {type: string}", `"one"`)
	e := newEngine(nil)
	publish(t, e, files{"a.yaml": good, "b.yaml": caller})
	answer := func() string {
		if e.Catalog().Tool("b") == nil {
			return "not served"
		}
		got, _ := call(t, e, engine.Local, "b", `{}`)
		return got
	}
	for _, step := range []struct {
		what  string
		next  files
		want  string
		codes []string
	}{
		{"at first", files{"a.yaml": good, "b.yaml": caller}, "ONE", nil},
		{"another body", files{"a.yaml": callee("text: {type: string}", `"two"`), "b.yaml": caller}, "TWO", nil},
		{"gone", files{"b.yaml": caller}, "not served", []string{"unknown-tool"}},
		{"back", files{"a.yaml": good, "b.yaml": caller}, "ONE", nil},
		{"broken", files{"a.yaml": strings.Replace(good, "expr", "exrp", 1), "b.yaml": caller}, "ONE", []string{"unknown-key"}},
		{"of another type", files{"a.yaml": callee("text: {type: integer}", "3"), "b.yaml": caller}, "not served", []string{"bad-call"}},
		{"mended", files{"a.yaml": good, "b.yaml": caller}, "ONE", nil},
		{"renamed", files{"a.yaml": strings.Replace(good, "tool: a", "tool: aa", 1), "b.yaml": caller}, "not served", []string{"unknown-tool"}},
		{"back again", files{"a.yaml": good, "b.yaml": caller}, "ONE", nil},
	} {
		change := e.Publish(step.next.sources())
		if diff := cmp.Diff(step.codes, codes(change.Diagnostics)); diff != "" {
			t.Errorf("%s:\n%s", step.what, text(change.Diagnostics))
		}
		if got := answer(); got != step.want {
			t.Errorf("%s: %s, want %s", step.what, got, step.want)
		}
	}
}

// A reload that makes a circle changes nothing of what is served.
func TestAReloadThatMakesACircle(t *testing.T) {
	a, leaf := stepping("a", "  - {tool: b}\n"), answers("b", "leaf")
	circular := stepping("b", "  - {tool: c}\n")
	c := stepping("c", "  - {tool: a}\n")
	e := newEngine(nil)
	publish(t, e, files{"a.yaml": a, "b.yaml": leaf})
	change := e.Publish(files{"a.yaml": a, "b.yaml": circular, "c.yaml": c}.sources())
	if diff := cmp.Diff([]string{"tool-cycle", "tool-cycle", "tool-cycle"}, codes(change.Diagnostics)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"tool a", "tool b", "tool c"}, change.Stale); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"a", "b"}, names(e.Catalog())); diff != "" {
		t.Error(diff)
	}
	if got, failed := call(t, e, engine.Local, "a", `{}`); failed || got != "leaf" {
		t.Errorf("got %s", got)
	}
	// A text that was good last may not meet a newer one in a circle either.
	change = e.Publish(files{"a.yaml": strings.Replace(a, "steps:", "stesp:", 1), "b.yaml": stepping("b", "  - {tool: a}\n")}.sources())
	if got, failed := call(t, e, engine.Local, "a", `{}`); failed || got != "leaf" {
		t.Errorf("stale: got %s\n%s", got, change)
	}
	publish(t, e, files{"a.yaml": answers("a", "new leaf"), "b.yaml": stepping("b", "  - {tool: a}\n")})
	if got, failed := call(t, e, engine.Local, "b", `{}`); failed || got != "new leaf" {
		t.Errorf("turned round: got %s", got)
	}
}

// What guards an upstream holds for every one that steps use.
func TestEachUpstreamOfStepsIsGuarded(t *testing.T) {
	upstream := func(name, more string) string {
		return "upstream: " + name + "\nbaseUrl: https://" + name + ".example\n" + more + "---\n"
	}
	tool := stepping("a", "  - {http: {upstream: one, path: /}}\n  - {http: {upstream: two, path: /}}\n")
	e := newEngine(nil)
	publish(t, e, files{"u.yaml": upstream("one", "") + upstream("two", "allowPrivate: true\n"), "a.yaml": tool})
	before := e.Catalog().Tool("a")
	change := e.Publish(files{"u.yaml": upstream("one", "") + upstream("two", "timeout: 10\n"), "a.yaml": tool}.sources())
	if after := e.Catalog().Tool("a"); after == before || len(change.Changed) != 1 {
		t.Errorf("a newer source of the second upstream withdraws its freedom, and the tool stays as it was: %s", change)
	}
	change = e.Publish(files{"u.yaml": upstream("one", ""), "a.yaml": tool}.sources())
	if e.Catalog().Tool("a") != nil || !strings.Contains(text(change.Diagnostics), "unknown-upstream") {
		t.Errorf("without the second upstream: %s", text(change.Diagnostics))
	}
}

func TestStepsGiveBytes(t *testing.T) {
	e := calling(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/png")
		_, _ = w.Write([]byte{0xff, 0xd8})
	}, stepping("last", "  - {http: {upstream: api, path: /}}\n")+"---\n"+
		stepping("named", "  - {id: logo, http: {upstream: api, path: /}}\n  - {expr: 1}\nresult: ${steps.logo.bytes}\n"))
	for _, name := range []string{"last", "named"} {
		r, err := e.Call(t.Context(), name, nil)
		if err != nil || r.Content[0].Type != engine.Image || r.Content[0].MIMEType != "image/png" {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}
