package httpcall

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/toolsd/toolsd/schema"
)

var update = flag.Bool("update", false, "write what comes out into the golden files")

// Each file of testdata holds a source with its faults and the whole text
// that its author is shown.
func TestDiagnostics(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no golden files", err)
	}
	var all strings.Builder
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			source := archive.Files[0].Data
			found := check(t, string(source), environ{"HOST": "example.com", "TOKEN": "planted-token"}).found
			schema.Snippets(found, schema.Source{Name: "tools.d/test.yaml", Bytes: source})
			var got strings.Builder
			if err := schema.WriteText(&got, schema.SortDiagnostics(found), schema.TextOptions{}); err != nil {
				t.Fatal(err)
			}
			all.WriteString(got.String())
			if strings.Contains(got.String(), "planted-token") {
				t.Error("a diagnostic holds a secret")
			}
			if *update {
				archive.Files[1].Data = []byte(got.String())
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(archive.Files[1].Data), got.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	for _, c := range Codes {
		if !strings.Contains(all.String(), "["+c.Name+"]") {
			t.Errorf("no golden file shows %s", c.Name)
		}
	}
}
