package schema

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var rendered = []Diagnostic{
	{
		Place: Place{File: "a,b:c%.yaml", Line: 3, Column: 5, Length: 2}, Code: "one", Message: "fact \x1b[31m\u202e",
		Hint: "do\nthis", Snippet: "abc\tdé\x07", Related: []Related{{Place: Place{File: "b.yaml", Line: 1, Column: 1}, Message: "here"}},
	},
	{Place: Place{File: "dir/"}, Severity: Warning, Code: "two", Message: "no line", Fix: []Edit{{From: Position{1, 2}, To: Position{3, 4}, Text: "\n"}}},
}

func TestWriteText(t *testing.T) {
	var b bytes.Buffer
	if err := WriteText(&b, rendered, TextOptions{}); err != nil {
		t.Fatal(err)
	}
	want := `a,b:c%.yaml:3:5: fact �[31m� [one]
  3 | abc dé�
    |     ^^
  hint: do this
  b.yaml:1:1: here
dir/: warning: no line [two]
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
	b.Reset()
	if err := WriteText(&b, rendered, TextOptions{Color: true}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "\x1b[31m^^\x1b[0m") || strings.Contains(b.String(), "fact \x1b") {
		t.Errorf("%q", b.String())
	}
}

func TestWriteJSON(t *testing.T) {
	var b bytes.Buffer
	if err := WriteJSON(&b, rendered); err != nil {
		t.Fatal(err)
	}
	want := `[
  {
    "file": "a,b:c%.yaml",
    "line": 3,
    "column": 5,
    "endColumn": 7,
    "severity": "error",
    "code": "one",
    "message": "fact \u001b[31m` + "\u202e" + `",
    "hint": "do\nthis",
    "related": [
      {
        "file": "b.yaml",
        "line": 1,
        "column": 1,
        "endColumn": 1,
        "message": "here"
      }
    ]
  },
  {
    "file": "dir/",
    "line": 0,
    "column": 0,
    "endColumn": 0,
    "severity": "warning",
    "code": "two",
    "message": "no line",
    "fix": [
      {
        "line": 1,
        "column": 2,
        "endLine": 3,
        "endColumn": 4,
        "text": "\n"
      }
    ]
  }
]
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
	b.Reset()
	if err := WriteJSON(&b, nil); err != nil || b.String() != "[]\n" {
		t.Errorf("nothing is %q, %v", b.String(), err)
	}
}

func TestWriteGitHub(t *testing.T) {
	var b bytes.Buffer
	if err := WriteGitHub(&b, rendered); err != nil {
		t.Fatal(err)
	}
	want := "::error file=a%2Cb%3Ac%25.yaml,line=3,col=5,endColumn=6,title=one::fact \x1b[31m\u202e%0Ahint: do%0Athis\n" +
		"::warning file=dir/,title=two::no line\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}
