package engine

import (
	"context"
	"strings"
	"testing"

	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/schema"
)

// A fault of this program costs one definition, or one call, and no more.
func TestPanics(t *testing.T) {
	bodies["expr"] = func(c *checker, p *parts, written *schema.Tool) (body, []schema.Diagnostic) {
		if strings.Contains(written.Expr.Text, "check") {
			panic("checking failed")
		}
		b, found := checkExpr(c, p, written)
		if strings.Contains(written.Expr.Text, "build") {
			return panicking{b}, found
		}
		return b, found
	}
	defer func() { bodies["expr"] = checkExpr }()
	tool := func(name, expr string) string {
		return "tool: " + name + "\ndescription: A tool for this test.\ninputSchema: {type: object, additionalProperties: false}\nexpr: '\"" + expr + "\"'\n"
	}
	boom := false
	e := New(Options{Env: func(string) (string, bool) {
		if boom {
			panic("looking up failed")
		}
		return "x", true
	}})
	guarded := tool("guarded", "fine") + "access: {when: env.X == \"x\"}\n"
	publish := func(texts ...string) Change {
		return e.Publish([]schema.Source{{Name: "a.yaml", Bytes: []byte(strings.Join(texts, "---\n"))}})
	}
	if change := publish(guarded, tool("fine", "fine")); schema.HasErrors(change.Diagnostics) {
		t.Fatal(change.Diagnostics)
	}
	if _, err := e.Call(context.Background(), "guarded", nil); err != nil {
		t.Fatal(err)
	}
	boom = true
	change := publish(guarded+"# edited\n", tool("fine", "fine"), tool("checked", "check"), tool("built", "build"))
	faults := 0
	for _, d := range change.Diagnostics {
		if d.Code == internalFault.Name {
			faults++
		}
	}
	if faults != 2 {
		t.Errorf("%d internal faults, want 2: %v", faults, change.Diagnostics)
	}
	for name, want := range map[string]string{"fine": "fine", "built": "The tool built failed because of a fault in its definition."} {
		for range 2 {
			r, err := e.Call(context.Background(), name, nil)
			if err != nil || !strings.HasPrefix(r.Content[0].Text, want) {
				t.Errorf("%s: %v, %v", name, r, err)
			}
		}
	}
	if _, err := e.Call(context.Background(), "guarded", nil); err != nil {
		t.Errorf("the rule that was there still admits: %v", err)
	}
	_, found := Check([]schema.Source{{Name: "a.yaml", Bytes: []byte(tool("built", "build"))}}, Options{})
	if len(found) != 1 || found[0].Code != internalFault.Name {
		t.Errorf("check says %v", found)
	}
	r, err := e.Call(WithObserver(context.Background(), panickingObserver{}), "fine", nil)
	if err != nil || !r.IsError {
		t.Errorf("a panic in a call: %v, %v", r, err)
	}
	rule := guard{&accessRule{when: nil, scopes: nil}, {when: func() (*expression.Program, error) { panic("building failed") }}}
	if rule.admits(context.Background(), Local) {
		t.Error("a rule whose condition panics admits")
	}
}

type panicking struct{ body }

func (panicking) build(Bounds) (runner, error) { panic("building failed") }

type panickingObserver struct{}

func (panickingObserver) Arguments(any)               { panic("observing failed") }
func (panickingObserver) Step(string, StepStage, any) {}
func (panickingObserver) Value(any)                   {}
