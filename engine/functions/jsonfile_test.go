package functions

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPlainJSON(t *testing.T) {
	for name, test := range map[string]struct{ in, want string }{
		"nothing to do":         {`{"a": [1, {"b": "c"}]}`, `{"a": [1, {"b": "c"}]}`},
		"line comment":          {"{ // a, \"b\"\n}", "{          \n}"},
		"last line comment":     {"{} // end", "{}       "},
		"block comment":         {"{/* a\n b */}", "{    \n     }"},
		"commas before closing": {`{"a":[1, ],"b":2,}`, `{"a":[1  ],"b":2 }`},
		"comma and comment":     {"[1, // one\n]", "[1        \n]"},
		"text stays":            {`{"a": "// no, /* no */ \" ,]", "b": "\\"}`, `{"a": "// no, /* no */ \" ,]", "b": "\\"}`},
		"byte order mark":       {"\ufeff{}", "{}"},
		"comma that is needed":  {"[1, 2]", "[1, 2]"},
		"lonely slash":          {"[1, / ]", "[1, / ]"},
		"open comment":          {"[1, /* ]", "[1, /* ]"},
		"open string":           {`{"a, }`, `{"a, }`},
	} {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(test.want, string(plainJSON([]byte(test.in)))); d != "" {
				t.Error(d)
			}
		})
	}
}

// What is JSON already means the same afterwards, and whatever comes, lines
// and length stay.
func FuzzPlainJSON(f *testing.F) {
	for _, seed := range []string{`{"a": "// \" /*", "b": [1,2,]}`, "/* \n */ [1,]//", `"\`, "[1,/**/]"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var before, after any
		valid := json.Unmarshal(data, &before) == nil
		length, lines := len(data), lineOf(data, int64(len(data)))
		if string(data[:min(3, length)]) == "\ufeff" {
			length -= 3
		}
		got := plainJSON(data)
		if len(got) != length || lineOf(got, int64(len(got))) != lines {
			t.Fatalf("%d bytes in %d lines became %q", length, lines, got)
		}
		if !valid {
			return
		}
		if err := json.Unmarshal(got, &after); err != nil || !cmp.Equal(before, after) {
			t.Fatalf("%q changed its meaning: %v", got, err)
		}
	})
}
