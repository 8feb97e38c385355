package schema

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAt looks for a word of the text of result in the source.
func TestAt(t *testing.T) {
	for _, c := range []struct {
		name, src    string
		line, column int // of "word"; 0: the start of the scalar is wanted
	}{
		{"plain", "result: é a word\n", 5, 13},
		{"plain in a list", "result: [[x, é word]]\n", 5, 16},
		{"single quoted", "result: 'it''s é''s word'\n", 5, 21},
		{"double quoted", "result: \"a\\n\\x41\\u00e9\\U0001F600\\L word\"\n", 5, 36},
		{"literal", "result: |\n  é a\n\n    b word\n", 8, 7},
		{"literal with indicator", "result: |2-\n     a\n   word\n", 7, 4},
		{"literal after a blank line", "result: |+\n\n  word\n\n", 7, 3},
		{"literal of Windows", "result: |\r\n  a\r\n  word\r\n", 7, 3},
		{"literal in a list", "result:\n  - |\n    word\n", 7, 5},
		{"folded", "result: >\n  a\n  word\n", 5, 9},
		{"plain of two lines", "result: a\n  word\n", 5, 9},
		{"quoted of two lines", "result: 'a\n  word'\n", 5, 9},
	} {
		t.Run(c.name, func(t *testing.T) {
			def, ds := parseOne(t, tool+c.src)
			if len(ds) > 0 {
				t.Fatal(ds)
			}
			n := def.Tool.Result
			for n.Kind == List {
				n = n.Items[len(n.Items)-1]
			}
			got := n.At(strings.Index(n.Text, "word"), len("word"))
			if got.Line != c.line || got.Column != c.column {
				t.Errorf("%q is at %d:%d, want %d:%d", n.Text, got.Line, got.Column, c.line, c.column)
			}
			if got != n.Place && got.Length != len("word") {
				t.Errorf("its length is %d", got.Length)
			}
		})
	}
}

func TestJSON(t *testing.T) {
	def, ds := parseOne(t, tool+`result:
  n: [1, -1.50, +2, .5, -.5, 3., 1.e3, 1e+30, 12345678901234567890123]
  t: [yes, on, 2022-11-28, 12:30, 0b, +, ".5", "\u2028\x07\t<é>\""]
  b: [true, False, ~, null, '']
`)
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	want := `{"n":[1,-1.50,2,0.5,-0.5,3.0,1.0e3,1e+30,12345678901234567890123],` +
		`"t":["yes","on","2022-11-28","12:30","0b","+",".5","` + "\u2028" + `\u0007\t<é>\""],"b":[true,false,null,null,""]}`
	if diff := cmp.Diff(want, string(def.Tool.Result.JSON())); diff != "" {
		t.Error(diff)
	}
}

func TestNearest(t *testing.T) {
	words := []string{"description", "readOnlyHint", "url", "GET", "title"}
	for word, want := range map[string]string{
		"descripton": "description", "get": "GET", "ulr": "url", "titel": "title", "readonly": "readOnlyHint",
		"Description": "description", "author": "", "x": "", "": "", "foo": "",
	} {
		if got, ok := Nearest(word, words); got != want || ok != (want != "") {
			t.Errorf("nearest to %q is %q, want %q", word, got, want)
		}
	}
}

func TestUnits(t *testing.T) {
	for s, want := range map[string]int64{"10": 10, "64KB": 64_000, "256KiB": 256 << 10, "4 MiB": 4 << 20, "1GB": 1e9, "7B": 7, "KB": 0, "-1": 0, "1.5MB": 0, "0": 0, "9999999999999999": 0, "1TB": 0, "": 0} {
		if got, _ := parseSize(s); got != want {
			t.Errorf("size %q is %d, want %d", s, got, want)
		}
	}
	for s, want := range map[string]StatusRange{"200": {200, 200}, "4xx": {400, 499}, "5XX": {500, 599}, "200-204": {200, 204}} {
		if got, ok := parseStatus(s); got != want || !ok {
			t.Errorf("status %q is %v", s, got)
		}
	}
	for _, s := range []string{"", "10", "-1s", "0s", "1.5s", "1 s", "s", "1us", "1d"} {
		if d, ok := parseDuration(s); ok {
			t.Errorf("duration %q is %v", s, d)
		}
	}
}
