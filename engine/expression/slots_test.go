package expression

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPieces(t *testing.T) {
	tests := map[string][]string{ // slots are shown as <…>
		"":                          nil,
		"plain":                     {"plain"},
		"${x}":                      {"<x>"},
		"a${x}b${y}":                {"a", "<x>", "b", "<y>"},
		"${x}${y}":                  {"<x>", "<y>"},
		"$${x}":                     {"${x}"},
		"$$${x}":                    {"$", "<x>"},
		"$$$${x}":                   {"$${x}"},
		"$":                         {"$"},
		"$$":                        {"$$"},
		"$x {y} $ {z}":              {"$x {y} $ {z}"},
		`${"}"}`:                    {`<"}">`},
		`${'\'}'}`:                  {`<'\'}'>`},
		"${`}``}`}":                 {"<`}``}`>"},
		"${ {a: {b: 1}} }":          {"< {a: {b: 1}} >"},
		"${x /* } */}":              {"<x /* } */>"},
		"${x // }\n}":               {"<x // }\n>"},
		"${map(xs, {{a: .b}})} end": {"<map(xs, {{a: .b}})>", " end"},
		"a ${x":                     {"a ", "<x!"},
		`a ${"x}`:                   {"a ", `<"x}!`},
		"ä${ö}ü":                    {"ä", "<ö>", "ü"},
	}
	for text, want := range tests {
		var got []string
		for _, p := range pieces(text) {
			switch {
			case p.open:
				got = append(got, "<"+p.text+"!")
			case p.slot:
				got = append(got, "<"+p.text+">")
			default:
				got = append(got, p.text)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

// The pieces cover the text without gaps; a literal is its stretch with each
// pair of dollars before a brace halved; what is in a slot is balanced.
func FuzzSlots(f *testing.F) {
	for _, seed := range []string{"", "${x}", "a$${x}$$${y}", "${\"}\"}", "${{}", "$${${x}}", "${`", "${/*", "$$$"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at := 0
		for _, p := range pieces(text) {
			if p.start != at || p.end <= p.start {
				t.Fatalf("a piece at %d–%d follows one that ends at %d", p.start, p.end, at)
			}
			at = p.end
			source := text[p.start:p.end]
			switch {
			case p.open:
				if source != "${"+p.text {
					t.Fatalf("open slot %q of %q", p.text, source)
				}
				if _, ok := closing(p.text, 0); ok {
					t.Fatalf("open slot %q has an end", source)
				}
			case p.slot:
				if source != "${"+p.text+"}" {
					t.Fatalf("slot %q of %q", p.text, source)
				}
				if end, ok := closing(p.text+"}", 0); !ok || end != len(p.text) {
					t.Fatalf("slot %q is not balanced", p.text)
				}
			default:
				// Written as a literal again, the text means itself.
				again := pieces(doubled(p.text))
				if len(again) != 1 || again[0].slot || again[0].text != p.text {
					t.Fatalf("literal %q reads again as %v", p.text, again)
				}
			}
		}
		if at != len(text) {
			t.Fatalf("the pieces end at %d of %d", at, len(text))
		}
	})
}

// doubled writes a text as a literal: dollars before a brace are doubled.
func doubled(text string) string {
	var out strings.Builder
	for i := 0; i < len(text); {
		run := i
		for run < len(text) && text[run] == '$' {
			run++
		}
		if run < len(text) && text[run] == '{' {
			out.WriteString(text[i:run])
		}
		if run == i {
			run++
		}
		out.WriteString(text[i:run])
		i = run
	}
	return out.String()
}
