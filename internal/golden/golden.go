// Package golden holds what tests get against files that say what is wanted.
//
// A golden file is a txtar archive: prose that says why the case is there, the
// files of the case, and last of all a file named "want". With -update, what
// was got is written there instead of being held against it.
package golden

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "write what the golden tests get into their files")

// Update reports whether files are to be written instead of compared.
func Update() bool { return *update }

// A Case is what a golden file holds beside what is wanted.
type Case struct {
	Prose string
	Files []txtar.File
}

// Each runs a subtest for every archive that matches a pattern, of which there
// must be one, and holds what get returns for it against its "want".
func Each(t *testing.T, pattern string, get func(*testing.T, Case) string) {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("no golden files match %s: %v", pattern, err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			last := len(archive.Files) - 1
			if last < 1 || archive.Files[last].Name != "want" {
				t.Fatal(`a golden file holds the files of its case and then "want"`)
			}
			got := get(t, Case{Prose: string(archive.Comment), Files: archive.Files[:last]})
			if *update {
				archive.Files[last].Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(archive.Files[last].Data), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
