package engine_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/toolsd/toolsd/engine"
)

// tested is a tool that answers with a text, and a test that wants another.
func tested(name, text, wanted string) string {
	return answers(name, text) + "tests:\n  - expect: {text: " + wanted + "}\n"
}

func TestVerifyKeepsTheLastVersionWhoseTestsPass(t *testing.T) {
	e := engine.New(engine.Options{Verify: true})
	publish(t, e, files{"a.yaml": tested("a", "one", "one") + "---\n" + answers("b", "one")})

	change := e.Publish(files{"a.yaml": "# moved\n" + tested("a", "two", "one") + "---\n" + answers("b", "two")}.sources())
	if got, _ := call(t, e, engine.Local, "a", `{}`); got != "one" {
		t.Errorf("a answers %q, want what it answered when its test passed", got)
	}
	if got, _ := call(t, e, engine.Local, "b", `{}`); got != "two" {
		t.Errorf("b answers %q, want its new answer", got)
	}
	want := `a.yaml:7:5: the test "test 1" fails: the text is not what is expected at (the whole): expected "one", got "two" [test-failed]
  7 |   - expect: {text: one}
    |     ^
  hint: toolsd test shows all that differs
`
	if diff := cmp.Diff(want, text(change.Diagnostics)); diff != "" {
		t.Error(diff)
	}
	if !slices.Equal(change.Stale, []string{"tool a"}) {
		t.Errorf("stale: %v", change.Stale)
	}

	again := e.Publish(files{"a.yaml": "# moved\n# again\n" + tested("a", "two", "one") + "---\n" + answers("b", "two")}.sources())
	if got, _ := call(t, e, engine.Local, "a", `{}`); got != "one" || len(again.Diagnostics) != 1 || again.Diagnostics[0].Place.Line != 8 {
		t.Errorf("after the failing text moved a answers %q, diagnostics:\n%s", got, text(again.Diagnostics))
	}

	mended := publish(t, e, files{"a.yaml": tested("a", "two", "two") + "---\n" + answers("b", "two")})
	if got, _ := call(t, e, engine.Local, "a", `{}`); got != "two" || len(mended.Stale) > 0 {
		t.Errorf("the mended tool answers %q, stale: %v", got, mended.Stale)
	}
}

func TestVerifyAtStart(t *testing.T) {
	f := files{"a.yaml": tested("a", "two", "one"), "b.yaml": tested("b", "one", "one")}
	verifying := engine.New(engine.Options{Verify: true})
	verifying.Publish(f.sources())
	if diff := cmp.Diff([]string{"b"}, names(verifying.Catalog())); diff != "" {
		t.Error(diff)
	}
	lenient := newEngine(nil)
	publish(t, lenient, f)
	if diff := cmp.Diff([]string{"a", "b"}, names(lenient.Catalog())); diff != "" {
		t.Error(diff)
	}
}

func TestVerifyAgainWhenTheUpstreamChanges(t *testing.T) {
	upstream := "upstream: shop\nbaseUrl: https://shop.example\nheaders: {X-Version: one}\n"
	tool := `tool: a
description: Calls the shop, for a test.
inputSchema: {type: object, additionalProperties: false}
http: {upstream: shop, path: /a}
tests:
  - http:
      - request: {headers: {X-Version: one}}
        response: {json: {}}
`
	e := engine.New(engine.Options{Verify: true})
	publish(t, e, files{"a.yaml": tool, "shop.yaml": upstream})
	for range 2 {
		change := e.Publish(files{"a.yaml": tool, "shop.yaml": strings.Replace(upstream, "one", "two", 1)}.sources())
		if diff := cmp.Diff([]string{"test-failed"}, codes(change.Diagnostics)); diff != "" {
			t.Error(diff)
		}
		if e.Catalog().Tool("a") == nil || !e.Catalog().Tool("a").Stale() {
			t.Error("the tool is not served as it last was good")
		}
	}
	publish(t, e, files{"a.yaml": tool, "shop.yaml": upstream})
	if e.Catalog().Tool("a").Stale() {
		t.Error("the tool is still stale")
	}
}
