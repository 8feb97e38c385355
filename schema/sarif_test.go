package schema

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/toolsd/toolsd/internal/golden"
)

// A diagnostic with a related place, one of a whole file, one with a fix, and a
// rule that nothing breaks; -update writes what comes out.
func TestWriteSARIF(t *testing.T) {
	const file = "testdata/sarif.json"
	found := []Diagnostic{
		{Place: Place{File: "tools.d/a file.yaml", Line: 6, Column: 7, Length: 5}, Code: "conflict", Message: `"a" and "b" exclude each other`, Hint: "keep one of them",
			Snippet: "b: <1>", Related: []Related{{Place: Place{File: "tools.d/a file.yaml", Line: 4, Column: 1, Length: 1}, Message: "a stands here"}}},
		{Place: Place{File: "/srv/b.yaml"}, Severity: Warning, Code: "kind-first", Message: "not the first key"},
		{Place: Place{File: "c.yaml", Line: 2, Column: 7, Length: 2}, Code: "yaml-tag", Message: "a tag",
			Fix: []Edit{{From: Position{2, 7}, To: Position{2, 9}, Text: "'!x'"}, {From: Position{3, 1}, To: Position{4, 1}}}},
	}
	var got bytes.Buffer
	if err := WriteSARIF(&got, found, SARIFTool{Version: "1.2.3", Rules: []Code{codeKindFirst, codeConflict, codeTag}}); err != nil {
		t.Fatal(err)
	}
	if golden.Update() {
		if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	var log struct {
		Runs []struct{ Results []struct{ RuleIndex int } }
	}
	if err := json.Unmarshal(got.Bytes(), &log); err != nil {
		t.Fatal(err)
	}
	if results := log.Runs[0].Results; results[0].RuleIndex != 1 || results[1].RuleIndex != 0 {
		t.Errorf("the rules are %v", results)
	}
}
