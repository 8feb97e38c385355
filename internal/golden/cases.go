package golden

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

// Cases is Each for archives that hold several cases of one file: each is a
// file whose name ends in .yaml, and what is wanted of it stands right behind
// it, in a file of the same name that ends in .txt. get is told the name of
// the archive, without its directory and ending.
func Cases(t *testing.T, pattern string, get func(t *testing.T, archive string, c Case) string) {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("no golden files match %s: %v", pattern, err)
	}
	for _, name := range names {
		base := strings.TrimSuffix(filepath.Base(name), ".txtar")
		t.Run(base, func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var next []txtar.File
			for i, f := range archive.Files {
				title, isCase := strings.CutSuffix(f.Name, ".yaml")
				if !isCase {
					if i == 0 || strings.TrimSuffix(archive.Files[i-1].Name, ".yaml")+".txt" != f.Name {
						t.Errorf("%s does not stand behind its case", f.Name)
					}
					continue
				}
				t.Run(title, func(t *testing.T) {
					got := get(t, base, Case{Prose: string(archive.Comment), Files: []txtar.File{f}})
					next = append(next, f, txtar.File{Name: title + ".txt", Data: []byte(got)})
					if *update {
						return
					}
					if i+1 == len(archive.Files) || archive.Files[i+1].Name != title+".txt" {
						t.Fatalf("%s.txt is missing; -update writes it", title)
					}
					if diff := cmp.Diff(string(archive.Files[i+1].Data), got); diff != "" {
						t.Errorf("(-want +got):\n%s", diff)
					}
				})
			}
			if !*update || t.Failed() {
				return
			}
			old := txtar.Format(archive)
			archive.Files = next
			if written := txtar.Format(archive); !bytes.Equal(old, written) {
				if err := os.WriteFile(name, written, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}
