package engine

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/toolsd/toolsd/schema"
)

func TestPieces(t *testing.T) {
	for text, want := range map[string]string{
		`{"minLength":100}`:          `{"|min|Length|":|100|}`,
		"HTTPServer 2 x":             "HTTPServer| |2| |x",
		"Beträge, größer":            "Beträge|,| |größer",
		"天気は，晴れ":                     "天気は|，|晴れ",
		"a\n\n  b\xff\xfec":          "a|\n\n  |b|\xff\xfe|c",
		"e\u0301tat":                 "e\u0301tat",
		"YYYY-MM-DDThh":              "YYYY|-|MM|-|DDThh",
		"$defs/a_b":                  "$|defs|/|a|_|b",
		"":                           "",
		strings.Repeat("aB", 3):      "a|Ba|Ba|B",
		"x" + strings.Repeat("1", 4): "x|1111",
	} {
		var got []string
		for rest := []byte(text); len(rest) > 0; {
			p := pieceOf(rest)
			got = append(got, string(rest[:p.bytes]))
			rest = rest[p.bytes:]
		}
		if diff := cmp.Diff(want, strings.Join(got, "|")); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestEstimate(t *testing.T) {
	for text, want := range map[string]Tokens{
		"":                         0,
		"a b c":                    3,
		"incomprehensibilities":    3,
		"1234567":                  3,
		`"},{"`:                    2,
		"größtmöglich":             3,
		"天気予報":                     3,
		"\n\n":                     1,
		`{"type":"object"}`:        5,
		strings.Repeat("word ", 9): 9,
	} {
		if got := estimateTokens([]byte(text)); got != want {
			t.Errorf("%q costs %d, want %d", text, int(got), int(want))
		}
	}
	for n, want := range map[Tokens]string{0: "0", 7: "7", 99: "99", 101: "100", 145: "150", 2345: "2,300", 12_999: "13,000", 1_234_567: "1,200,000"} {
		if got := n.String(); got != want {
			t.Errorf("%d is written %s, want %s", int(n), got, want)
		}
	}
}

// Each part that clients are told of counts.
func TestEntry(t *testing.T) {
	a := Advertised{
		Name: "n", Title: "t", Description: "a < b", InputSchema: []byte(`{"type":"object"}`), OutputSchema: []byte(`{"a":1}`),
		Annotations: schema.Annotations{Title: "x", DestructiveHint: new(false), IdempotentHint: new(true)},
		Icons:       []byte(`[{"src":"i"}]`), Meta: []byte(`{"m":1}`),
	}
	want := `{"name":"n","title":"t","description":"a < b","inputSchema":{"type":"object"},"outputSchema":{"a":1},` +
		`"annotations":{"title":"x","readOnlyHint":false,"destructiveHint":false,"idempotentHint":true},"icons":[{"src":"i"}],"_meta":{"m":1}}`
	if diff := cmp.Diff(want, string(a.entry())); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	bare := Advertised{Name: "n", Description: "d", InputSchema: []byte(`{}`)}
	if diff := cmp.Diff(`{"name":"n","description":"d","inputSchema":{}}`, string(bare.entry())); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
