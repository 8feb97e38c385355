package schema

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "write what the golden tests get into their files")

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
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no golden files", err)
	}
	seen := make(map[string]bool)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			src, bounds := goldenSource(t, a)
			_, ds := readAll(src, bounds)
			for _, d := range ds {
				seen[d.Code] = true
			}
			if repeated.Match(a.Comment) {
				ds = ds[len(ds)-1:]
			}
			var got bytes.Buffer
			if err := WriteText(&got, ds, TextOptions{}); err != nil {
				t.Fatal(err)
			}
			if *update {
				a.Files = append(a.Files[:1], txtar.File{Name: "want", Data: got.Bytes()})
				if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if len(a.Files) != 2 || a.Files[1].Name != "want" {
				t.Fatal(`the archive must hold a source and "want"`)
			}
			if diff := cmp.Diff(string(a.Files[1].Data), got.String()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
	for _, c := range Codes {
		if !seen[c.Name] {
			t.Errorf("no golden file shows %q", c.Name)
		}
	}
}

var repeated = regexp.MustCompile(`repeated: (\d+)`)

func goldenSource(t *testing.T, a *txtar.Archive) (Source, Bounds) {
	t.Helper()
	src := Source{Name: a.Files[0].Name, Bytes: a.Files[0].Data}
	if name, ok := strings.CutSuffix(src.Name, ".quoted"); ok {
		src = Source{Name: name, Bytes: unquoteLines(t, src.Bytes)}
	}
	var b Bounds
	if m := regexp.MustCompile(`bounds: (\d+) (\d+)`).FindSubmatch(a.Comment); m != nil {
		b.FileBytes, _ = strconv.Atoi(string(m[1]))
		b.Documents, _ = strconv.Atoi(string(m[2]))
	}
	if m := regexp.MustCompile(`unreadable: (.+)`).FindSubmatch(a.Comment); m != nil {
		src.Bytes, src.Err = nil, fmt.Errorf("reading: %w", &os.PathError{Op: "open", Path: "/secret/place", Err: errors.New(string(m[1]))})
	}
	if m := repeated.FindSubmatch(a.Comment); m != nil {
		n, _ := strconv.Atoi(string(m[1]))
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
