package reference

import (
	"slices"
	"testing"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/schema"
)

// Each code is explained; what is shown before gives it, what is shown after
// does not, has no other error either, and passes its tests.
func TestEachCodeIsExplained(t *testing.T) {
	known := map[string]bool{}
	shown := 0
	for _, c := range engine.Codes() {
		known[c.Name+".txtar"] = true
		t.Run(c.Name, func(t *testing.T) {
			e, ok := Explain(c.Name)
			if !ok || e.Code != c {
				t.Fatalf("explains %+v", e.Code)
			}
			has := func(d schema.Diagnostic) bool { return d.Code == c.Name }
			switch {
			case e.Why == "" && e.Before == "":
				t.Fatal("is not explained: write codes/" + c.Name + ".txtar")
			case (e.Before == "") != (e.After == ""):
				t.Fatal("before.yaml and after.yaml go together")
			case e.Before == "":
				return
			case !slices.ContainsFunc(e.Shown, has):
				t.Errorf("before.yaml gives %v", e.Shown)
			}
			shown++
			lint := engine.NeedsLint(c.Name)
			if found := check(e.After, world(lint)); schema.HasErrors(found) || slices.ContainsFunc(found, has) || lint && len(found) > 0 {
				t.Errorf("after.yaml gives %v", found)
			}
			run, err := engine.Test(t.Context(), []schema.Source{{Name: exampleFile, Bytes: []byte(e.After)}}, engine.Options{}, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, test := range run.Tests {
				if !test.Passed() {
					t.Errorf("after.yaml: %s: %+v", test.Name, test.Failures)
				}
			}
		})
	}
	files, err := codes.ReadDir("codes")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !known[f.Name()] {
			t.Errorf("codes/%s explains nothing that there is", f.Name())
		}
	}
	if shown < 80 {
		t.Errorf("%d codes have an example", shown)
	}
}

func TestExplainOfNothing(t *testing.T) {
	if e, ok := Explain("no-such-code"); ok || e.Why != "" || e.Before != "" {
		t.Errorf("explains %+v", e)
	}
}
