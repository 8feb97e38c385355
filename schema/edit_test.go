package schema

import (
	"cmp"
	"slices"
	"strings"
	"testing"
)

func TestSplice(t *testing.T) {
	at := func(line, column int) Position { return Position{line, column} }
	tests := []struct {
		name, src string
		edits     []Edit
		want      string
	}{
		{"nothing", "a\nb", nil, "a\nb"},
		{"in any order", "ab\ncd\n", []Edit{{at(2, 1), at(2, 2), "x"}, {at(1, 2), at(1, 3), ""}}, "a\nxd\n"},
		{"columns are characters", "é\u2028b\n", []Edit{{at(1, 3), at(1, 4), "x"}}, "é\u2028x\n"},
		{"what is not UTF-8 has columns too", "\xff\xfeb", []Edit{{at(1, 3), at(1, 4), "x"}}, "\xff\xfex"},
		{"an insertion before a replacement", "ab", []Edit{{at(1, 1), at(1, 2), "x"}, {at(1, 1), at(1, 1), "y"}}, "yxb"},
		{"a line away", "a\nb\nc", []Edit{{at(2, 1), at(3, 1), ""}}, "a\nc"},
		{"the last line away", "a\nb", []Edit{{at(2, 1), at(3, 1), ""}}, "a\n"},
		{"behind the end", "a", []Edit{{at(1, 9), at(1, 9), "b"}, {at(7, 1), at(7, 1), "c"}}, "abc"},
		{"an empty file", "", []Edit{{at(1, 1), at(1, 1), "a"}}, "a"},
		{"a byte order mark has no column", "\ufeffab", []Edit{{at(1, 1), at(1, 2), "x"}}, "\ufeffxb"},
		{"windows", "a\r\nb\r\n", []Edit{{at(1, 2), at(1, 2), "\nx"}}, "a\r\nx\r\nb\r\n"},
		{"windows, on a last line without a break", "a\r\nb", []Edit{{at(2, 2), at(2, 2), "\nx"}}, "a\r\nb\r\nx"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			src := []byte(tt.src)
			if got := string(Splice(src, tt.edits)); got != tt.want || string(src) != tt.src {
				t.Errorf("%q became %q, not %q", tt.src, got, tt.want)
			}
		})
	}
}

// The first of fixes that overlap counts; equal edits are made once.
func TestMend(t *testing.T) {
	edit := func(from, to int, text string) Edit { return Edit{Position{1, from}, Position{1, to}, text} }
	tests := []struct {
		name    string
		fixes   [][]Edit
		want    string
		applied int
	}{
		{"none", [][]Edit{nil}, "abcdef", 0},
		{"apart and side by side", [][]Edit{{edit(5, 6, "x")}, {edit(1, 3, "y")}, {edit(3, 5, "z")}}, "yzxf", 3},
		{"overlapping", [][]Edit{{edit(1, 3, "x")}, {edit(2, 4, "y"), edit(5, 6, "z")}}, "xcdef", 1},
		{"equal", [][]Edit{{edit(1, 2, "x"), edit(3, 4, "y")}, {edit(3, 4, "y"), edit(5, 6, "z")}}, "xbydzf", 2},
		{"two insertions at one place", [][]Edit{{edit(2, 2, "x")}, {edit(2, 2, "y")}}, "axbcdef", 1},
		{"one within another", [][]Edit{{edit(1, 6, "x")}, {edit(3, 3, "y")}}, "xf", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var ds []Diagnostic
			for _, fix := range tt.fixes {
				ds = append(ds, Diagnostic{Fix: fix})
			}
			got, applied := Mend([]byte("abcdef"), ds)
			if string(got) != tt.want || len(applied) != tt.applied {
				t.Errorf("became %q with %d applied", got, len(applied))
			}
		})
	}
}

// FuzzSplice holds that the fix of each diagnostic replaces what stands at its
// positions, counted by lines and characters, and leaves every other byte of
// the file as it was.
func FuzzSplice(f *testing.F) {
	addGolden(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		_, ds := readAll(Source{Name: "f.yaml", Bytes: b}, Bounds{})
		for _, d := range ds {
			want, rest := "", string(b)
			for _, e := range slices.Backward(slices.SortedFunc(slices.Values(d.Fix), compareEdits)) {
				from, to := byteAt(t, string(b), e.From), byteAt(t, string(b), e.To)
				if from > to || to > len(rest) {
					t.Fatalf("%s has the edits %+v", d.Code, d.Fix)
				}
				want = e.Text + rest[to:] + want
				rest = rest[:from]
			}
			got := string(Splice(b, d.Fix))
			if strings.ReplaceAll(got, "\r\n", "\n") != strings.ReplaceAll(rest+want, "\r\n", "\n") {
				t.Errorf("%s: %q became %q, not %q", d.Code, b, got, rest+want)
			}
		}
	})
}

// byteAt finds a position by going through the file a character at a time.
func byteAt(t *testing.T, s string, p Position) int {
	t.Helper()
	now := Position{1, 1}
	start := len(s) - len(strings.TrimPrefix(s, "\ufeff"))
	for i, r := range s[start:] {
		if now == p {
			return start + i
		}
		now.Column++
		if r == '\n' {
			if now.Line == p.Line {
				t.Fatalf("%+v is outside of its line", p)
			}
			now = Position{now.Line + 1, 1}
		}
	}
	if c := cmp.Compare(now.Line, p.Line); c < 0 && p.Column > 1 || c == 0 && now.Column < p.Column {
		t.Fatalf("%+v is outside of the file", p)
	}
	return len(s)
}
