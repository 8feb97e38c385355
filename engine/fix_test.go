package engine_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/internal/golden"
	"github.com/toolsd/toolsd/schema"
)

// fixSources are the files of a case; the lines of one named *.quoted are Go
// string literals.
func fixSources(t testing.TB, files []txtar.File) []schema.Source {
	t.Helper()
	var sources []schema.Source
	for _, f := range files {
		src := schema.Source{Name: f.Name, Bytes: f.Data}
		if name, ok := strings.CutSuffix(f.Name, ".quoted"); ok {
			src = schema.Source{Name: name}
			for line := range strings.Lines(string(f.Data)) {
				text, err := strconv.Unquote(strings.TrimSpace(line))
				if err != nil {
					t.Fatal(err)
				}
				src.Bytes = append(src.Bytes, text...)
			}
		}
		sources = append(sources, src)
	}
	return sources
}

// mended returns the sources after their fixes.
func mended(sources []schema.Source, m *engine.Mending) []schema.Source {
	after := slices.Clone(sources)
	for _, f := range m.Files {
		after[slices.IndexFunc(after, func(s schema.Source) bool { return s.Name == f.Source.Name })] = f.Source
	}
	return after
}

// Each file of testdata/fix is named for the code that it shows to be mended.
// Wanted are the lines that change, and what is left to say.
func TestFix(t *testing.T) {
	golden.Each(t, "testdata/fix/*.txtar", func(t *testing.T, c golden.Case) string {
		sources := fixSources(t, c.Files)
		m := engine.Fix(sources, engine.Options{})
		after := mended(sources, m)
		var got strings.Builder
		for _, f := range m.Files {
			before := sources[slices.IndexFunc(sources, func(s schema.Source) bool { return s.Name == f.Source.Name })]
			fmt.Fprintf(&got, "%s: %s\n%s", f.Source.Name, strings.Join(codes(f.Fixed), " "), changedLines(before.Bytes, f.Source.Bytes))
		}
		_, left := engine.Check(after, engine.Options{})
		got.WriteString("left:\n")
		for _, d := range left {
			fmt.Fprintf(&got, "%s:%d:%d: %s\n", d.Place.File, d.Place.Line, d.Place.Column, d.Code)
		}
		if again := engine.Fix(after, engine.Options{}); len(again.Files) > 0 {
			t.Errorf("mended again: %s", again.Files[0].Source.Bytes)
		}
		return got.String()
	})
}

// changedLines shows the lines that only one of two files has, in order. White
// space that cannot be seen is shown as Go writes it.
func changedLines(before, after []byte) string {
	a, b := bytes.SplitAfter(before, []byte("\n")), bytes.SplitAfter(after, []byte("\n"))
	// The longest common subsequence, from each pair of lines on.
	common := make([][]int, len(a)+1)
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if common[i][j] = max(common[i+1][j], common[i][j+1]); bytes.Equal(a[i], b[j]) {
				common[i][j] = common[i+1][j+1] + 1
			}
		}
	}
	var out strings.Builder
	write := func(sign string, line []byte) {
		text := string(line)
		if plain := strings.TrimSuffix(text, "\n"); strconv.Quote(plain) == `"`+strings.ReplaceAll(strings.ReplaceAll(plain, `\`, `\\`), `"`, `\"`)+`"` {
			text = strings.TrimRight(plain, " ") + strings.Repeat("␠", len(plain)-len(strings.TrimRight(plain, " ")))
		} else {
			text = strconv.Quote(plain)
		}
		fmt.Fprintf(&out, "%s %s\n", sign, text)
	}
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && j < len(b) && bytes.Equal(a[i], b[j]):
			i, j = i+1, j+1
		case i < len(a) && (j == len(b) || common[i+1][j] >= common[i][j+1]):
			write("-", a[i])
			i++
		default:
			write("+", b[j])
			j++
		}
	}
	return out.String()
}

// How a file ends its lines, whether it has a byte order mark, ends without a
// line break or stands among other documents makes no difference to what is
// mended, and is kept.
func TestFixKeepsTheForm(t *testing.T) {
	files, err := filepath.Glob("testdata/fix/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	const around = "# é\nserver: around\n---\n"
	forms := map[string]func([]byte) []byte{
		"windows":         func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\n"), []byte("\r\n")) },
		"byte order mark": func(b []byte) []byte { return append([]byte("\ufeff"), bytes.TrimPrefix(b, []byte("\ufeff"))...) },
		"no last break":   func(b []byte) []byte { return bytes.TrimSuffix(b, []byte("\n")) },
		"last document":   func(b []byte) []byte { return append([]byte(around), bytes.TrimPrefix(b, []byte("\ufeff"))...) },
		"first document": func(b []byte) []byte {
			return append(bytes.Clone(b), "---\nupstream: around\nbaseUrl: https://example.org\n# end\n"...)
		},
		"windows, no last": func(b []byte) []byte {
			return bytes.TrimSuffix(bytes.ReplaceAll(b, []byte("\n"), []byte("\r\n")), []byte("\r\n"))
		},
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sources := fixSources(t, archive.Files[:1])
		if strings.Contains(string(sources[0].Bytes), "server:") && !strings.Contains(file, "several") {
			continue // a second server would be a fault of its own
		}
		plain := mended(sources, engine.Fix(sources, engine.Options{}))
		for name, form := range forms {
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar")+"/"+name, func(t *testing.T) {
				formed := []schema.Source{{Name: sources[0].Name, Bytes: form(sources[0].Bytes)}}
				got := mended(formed, engine.Fix(formed, engine.Options{}))[0].Bytes
				if diff := cmp.Diff(string(form(plain[0].Bytes)), string(got)); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		}
	}
}
