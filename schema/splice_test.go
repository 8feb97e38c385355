package schema

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const head = "tool: a\ndescription: A tool.\ninputSchema: {type: object}\nexpr: '1'\n"

// parsed reads one tool that has no fault.
func parsed(t testing.TB, text string) *Tool {
	t.Helper()
	defs, found := readAll(Source{Name: "a.yaml", Bytes: []byte(text)}, Bounds{})
	if len(found) > 0 || len(defs) == 0 {
		t.Fatalf("faults in:\n%s\n%+v", text, found)
	}
	return defs[len(defs)-1].Tool
}

func TestReplaceHTTP(t *testing.T) {
	exchanges := []any{Members{{"request", Members{{"path", "/n"}}}, {"response", Members{}}}}
	const written = "- request:\n+path: /n\n.response: {}\n"
	at := func(column int) string {
		pad := strings.Repeat(" ", column)
		return pad + "  " + strings.NewReplacer("+", pad+"      ", ".", pad+"    ").Replace(written)
	}
	tests := []struct{ name, before, after string }{
		{
			"between keys",
			"tests:\n  - name: x\n    http:\n      - request: {}\n        response: {}\n\n    # why\n    expect: {isError: true} # end\n",
			"tests:\n  - name: x\n    http:\n" + at(4) + "\n    # why\n    expect: {isError: true} # end\n",
		},
		{"a comment behind the key", "tests:\n  - http:   # é\n      - {request: {}, response: {}}\n", "tests:\n  - http:   # é\n" + at(4)},
		{"first key, on the line of the dash", "tests:\n-   http: [] # gone\n    name: é\n", "tests:\n-   http:\n" + at(4) + "    name: é\n"},
		{"last key, before another test", "tests:\n  - name: x\n    http: []\n  # two\n  - name: y\n", "tests:\n  - name: x\n    http:\n" + at(4) + "  # two\n  - name: y\n"},
		{"last key, before another key", "tests:\n  - name: x\n    http: []\n\n# tags\ntags: [a]\n", "tests:\n  - name: x\n    http:\n" + at(4) + "\n# tags\ntags: [a]\n"},
		{"at the end, without a line break", "tests:\n  - name: x\n    http: []", "tests:\n  - name: x\n    http:\n" + at(4)},
		{"where there was none", "tests:\n  - name: x\n    expect: {}\n", "tests:\n  - name: x\n    http:\n" + at(4) + "    expect: {}\n"},
		{"where there was none, at the end", "tests:\n  - name: x", "tests:\n  - name: x\n    http:\n" + at(4)},
		{"where only an expectation was", "tests:\n  - expect: {}\n# end\n", "tests:\n  - expect: {}\n    http:\n" + at(4) + "# end\n"},
		{"a list as far in as its key", "tests:\n- name: x\n  http:\n  - request: {}\n    response: {}\n  now: 2026-01-01T00:00:00Z\n", "tests:\n- name: x\n  http:\n" + at(2) + "  now: 2026-01-01T00:00:00Z\n"},
		{"a block that looks like a comment", "tests:\n  - http:\n      - request: {}\n        response:\n          text: |\n            # a\n", "tests:\n  - http:\n" + at(4)},
		{"windows", "tests:\r\n  - http: []\r\n    name: x\r\n", strings.ReplaceAll("tests:\n  - http:\n"+at(4)+"    name: x\n", "\n", "\r\n")},
	}
	for _, tt := range tests {
		for _, around := range []struct{ before, after string }{{head, ""}, {"# é\nserver: s\n---\n" + head, "---\n# the end\n"}} {
			if around.after != "" && !strings.HasSuffix(tt.before, "\n") {
				continue
			}
			t.Run(tt.name, func(t *testing.T) {
				src := around.before + tt.before + around.after
				test := parsed(t, src).Tests[0]
				got := string(test.ReplaceHTTP([]byte(src), exchanges))
				if diff := cmp.Diff(around.before+tt.after+around.after, got); !test.Replaceable() || diff != "" {
					t.Errorf("replaceable: %v\n%s", test.Replaceable(), diff)
				}
				if again := parsed(t, got).Tests[0]; len(again.HTTP) != 1 || again.Name != test.Name {
					t.Errorf("what was written is read as %+v", again)
				}
			})
		}
	}
}

func TestTestsInBracesAreNotReplaceable(t *testing.T) {
	for _, text := range []string{"tests: [{name: x}]\n", "tests:\n  - {name: x}\n", "tests:\n  - {\n    name: x,\n    http: []\n    }\n"} {
		if test := parsed(t, head+text).Tests[0]; test.Replaceable() {
			t.Errorf("%s is taken for a block", text)
		}
	}
}

func TestAppendYAMLKeepsWithinBounds(t *testing.T) {
	var v any = "x"
	for range 500 {
		v = []any{map[string]any{"a": v}}
	}
	if n := len(AppendYAML(nil, v, 0)); n > 10_000 {
		t.Errorf("500 lists in each other take %d bytes", n)
	}
}

// FuzzAppendYAML: what is written is read as the same value.
func FuzzAppendYAML(f *testing.F) {
	for _, seed := range []string{
		`null`, `"yes: no # x"`, `"\u0007\u2028\u0085\ufeff😀é"`, `["1", "true", "null", "~", "", " a", "a ", "-", "- a", "a: b", "a #b", "/a b", "2026-01-01", "0x1", ".5", "1e5", "+1", "a\nb\n"]`,
		`{"a": {"": [], "b": {}}, "k:": [[1, [2]], {"c": [{"d": null, "e": [3]}]}], "${x}": "${y}", "<<": 1, "0": -0.5e-10}`,
	} {
		f.Add([]byte(seed))
		f.Add([]byte(strings.Repeat(`[{"a": `, 20) + seed + strings.Repeat(`, "b": [1]}]`, 20)))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var v any
		d := json.NewDecoder(strings.NewReader(string(text)))
		d.UseNumber()
		if d.Decode(&v) != nil {
			return // the law is about values
		}
		src := head + "meta:" + string(AppendYAML(nil, map[string]any{"v": v}, 0))
		tool := parsed(t, src)
		var got map[string]any
		d = json.NewDecoder(strings.NewReader(string(tool.Meta.JSON())))
		d.UseNumber()
		if err := d.Decode(&got); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(v, got["v"]) {
			t.Errorf("%#v was written as\n%s\nand read as %#v", v, src, got["v"])
		}
	})
}
