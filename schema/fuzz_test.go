package schema

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/txtar"
)

func addGolden(f *testing.F) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(txtar.Parse(b).Files[0].Data)
	}
	f.Add([]byte("tool: a\nexpr: \"é\\u00e9\\n\" \nresult: |2-\n   x\n\n    y\nmeta: 'it''s'\n"))
}

// FuzzParse holds that whatever is read, nothing panics, every place lies
// inside its file, every snippet is the line of its place, and every node is
// valid JSON.
func FuzzParse(f *testing.F) {
	addGolden(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		defs, ds := readAll(Source{Name: "f.yaml", Bytes: b}, Bounds{})
		lines := strings.Split(strings.TrimPrefix(string(b), "\uFEFF"), "\n")
		for _, d := range ds {
			checkPlace(t, lines, d.Place)
			if want := strings.TrimSuffix(lines[d.Place.Line-1], "\r"); d.Snippet != want {
				t.Errorf("%s at %+v has snippet %q, want %q", d.Code, d.Place, d.Snippet, want)
			}
			for _, r := range d.Related {
				checkPlace(t, lines, r.Place)
			}
			if strings.Contains(d.Message, "\n") || d.Message == "" {
				t.Errorf("message %q", d.Message)
			}
		}
		for _, def := range defs {
			checkPlace(t, lines, def.Place)
			if def.Tool == nil {
				continue
			}
			for _, n := range []*Node{def.Tool.InputSchema, def.Tool.Meta, def.Tool.Result, def.Tool.Expr} {
				if n != nil {
					checkNode(t, lines, n)
				}
			}
		}
		if err := WriteText(&bytes.Buffer{}, ds, TextOptions{}); err != nil {
			t.Error(err)
		}
	})
}

func checkPlace(t *testing.T, lines []string, p Place) {
	t.Helper()
	if p.Line < 1 || p.Line > len(lines) {
		t.Fatalf("%+v is not a line of %d", p, len(lines))
	}
	end := 1 + utf8.RuneCountInString(strings.TrimSuffix(lines[p.Line-1], "\r"))
	if p.Column < 1 || p.Length < 0 || p.Column+p.Length > end {
		t.Fatalf("%+v is outside of line %q", p, lines[p.Line-1])
	}
}

func checkNode(t *testing.T, lines []string, n *Node) {
	t.Helper()
	checkPlace(t, lines, n.Place)
	for i := 0; i <= len(n.Text) && i < 100; i++ {
		checkPlace(t, lines, n.At(i, 1))
		checkPlace(t, lines, n.At(i, len(n.Text)))
	}
	if b := n.JSON(); !json.Valid(b) {
		t.Fatalf("not JSON: %s", b)
	}
	for _, item := range n.Items {
		checkNode(t, lines, item)
	}
	for _, e := range n.Entries {
		checkPlace(t, lines, e.KeyPlace)
		checkNode(t, lines, e.Value)
	}
}

// FuzzSplit holds that the documents are parts of the source, in order, each
// at its line, and that nothing but separators, comments and blank lines is
// left out.
func FuzzSplit(f *testing.F) {
	addGolden(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		docs, _ := Split(Source{Name: "f.yaml", Bytes: b}, Bounds{Documents: 100_000})
		rest := strings.TrimPrefix(string(b), "\uFEFF")
		line := 1
		for _, d := range docs {
			for line < d.Line {
				skipped, after, ok := strings.Cut(rest, "\n")
				more, sep := separator([]byte(strings.TrimRight(skipped, "\r")))
				if !ok || !blankOrComment([]byte(skipped)) && (!sep || more) {
					t.Fatalf("left out line %d: %q", line, skipped)
				}
				rest = after
				line++
			}
			after, ok := strings.CutPrefix(rest, string(d.Text))
			if !ok || len(d.Text) == 0 {
				t.Fatalf("document of line %d is not there", d.Line)
			}
			rest = after
			line += bytes.Count(d.Text, newline)
		}
	})
}
