package schema

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/toolsd/toolsd/internal/golden"
)

// readAll reads a source as the engine does: split, then parsed.
func readAll(src Source, b Bounds) ([]*Definition, []Diagnostic) {
	docs, ds := Split(src, b)
	var defs []*Definition
	for _, d := range docs {
		def, found := Parse(d)
		ds = append(ds, found...)
		if def != nil {
			defs = append(defs, def)
		}
	}
	return defs, SortDiagnostics(ds)
}

// TestGolden holds what each archive's first file is told against its file
// "want". In its prose, "bounds: FILE DOCUMENTS" sets bounds, and
// "unreadable: TEXT" makes the file one that cannot be read, and "repeated: N"
// writes its last line so many times, with a count for %d; only the last fault
// is then held against "want". The lines of a file named *.quoted are Go
// string literals.
func TestGolden(t *testing.T) {
	seen := make(map[string]bool)
	golden.Each(t, "testdata/*.txtar", func(t *testing.T, c golden.Case) string {
		src, bounds := goldenSource(t, c)
		_, ds := readAll(src, bounds)
		for _, d := range ds {
			seen[d.Code] = true
		}
		if repeated.MatchString(c.Prose) {
			ds = ds[len(ds)-1:]
		}
		var got strings.Builder
		if err := WriteText(&got, ds, TextOptions{}); err != nil {
			t.Fatal(err)
		}
		return got.String()
	})
	for _, c := range Codes {
		if !seen[c.Name] {
			t.Errorf("no golden file shows %q", c.Name)
		}
	}
}

var repeated = regexp.MustCompile(`repeated: (\d+)`)

func goldenSource(t *testing.T, c golden.Case) (Source, Bounds) {
	t.Helper()
	src := Source{Name: c.Files[0].Name, Bytes: c.Files[0].Data}
	if name, ok := strings.CutSuffix(src.Name, ".quoted"); ok {
		src = Source{Name: name, Bytes: unquoteLines(t, src.Bytes)}
	}
	var b Bounds
	if m := regexp.MustCompile(`bounds: (\d+) (\d+)`).FindStringSubmatch(c.Prose); m != nil {
		b.FileBytes, _ = strconv.Atoi(m[1])
		b.Documents, _ = strconv.Atoi(m[2])
	}
	if m := regexp.MustCompile(`unreadable: (.+)`).FindStringSubmatch(c.Prose); m != nil {
		src.Bytes, src.Err = nil, fmt.Errorf("reading: %w", &os.PathError{Op: "open", Path: "/secret/place", Err: errors.New(m[1])})
	}
	if m := repeated.FindStringSubmatch(c.Prose); m != nil {
		n, _ := strconv.Atoi(m[1])
		from := bytes.LastIndexByte(src.Bytes[:len(src.Bytes)-1], '\n') + 1
		line := string(src.Bytes[from:])
		src.Bytes = slices.Clone(src.Bytes[:from])
		for i := range n {
			src.Bytes = fmt.Appendf(src.Bytes, line, i)
		}
	}
	return src, b
}

func unquoteLines(t *testing.T, b []byte) []byte {
	t.Helper()
	var out []byte
	for line := range strings.Lines(string(b)) {
		s, err := strconv.Unquote(strings.TrimSpace(line))
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		out = append(out, s...)
	}
	return out
}

func TestCodes(t *testing.T) {
	names := make(map[string]bool)
	for _, c := range Codes {
		if !regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`).MatchString(c.Name) || !strings.HasSuffix(c.Meaning, ".") || names[c.Name] {
			t.Errorf("bad code %+v", c)
		}
		names[c.Name] = true
	}
}
