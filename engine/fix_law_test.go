package engine_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/schema"
)

// left says of the codes that are never mended why that is so. Every other
// code has a file in testdata/fix that shows it mended.
var left = map[string]string{
	"a name, of which the nearest is a guess": "unknown-key unknown-property unknown-function unknown-upstream unknown-word unknown-type " +
		"unknown-format unknown-keyword not-in-enum no-kind reserved-name bad-name bad-auth-name undeclared-required unknown-tool step-order",
	"something is missing that only the author knows": "missing-field needs-field empty-value env-missing schema-not-object short-description undescribed-parameter open-schema write-unmarked bad-ignore",
	"one of two has to go, or to change": "conflict two-kinds duplicate-key duplicate-name duplicate-enum duplicate-credential unused-value unused-input unexpected-body useless-retry useless-cache " +
		"unsafe-paginate unused-separator duplicate-test tool-cycle write-read-only case-twins unused-ignore",
	"a bracket or quote may have been left out at several places": "unclosed-quote bad-slot bad-indent",
	"it may be meant as it stands, or otherwise": "slot-expected slot-in-test doubled-dollar constant-condition json-as-text slot-in-fixed slot-in-key " +
		"yaml-anchor merge-key number-form bad-duration bad-size bad-status bad-time bad-base64 out-of-range value-in-quotes unquoted-slot text-sliced may-be-absent " +
		"output-mismatch bad-call env-misuse env-not-exposed input-mismatch bad-paginate bad-part bad-token-request bad-url bad-base-url bad-path bad-header forbidden-header bad-pattern " +
		"bad-schema unsupported-dialect unsupported-keyword bad-ref remote-ref endless-ref bad-default enum-type bad-param-header",
	"the file is not read, or is too much": "unreadable-file file-too-large too-many-documents too-many-definitions bad-utf8 too-deep too-many-faults " +
		"expression-too-large schema-too-large schema-too-deep too-many-branches long-description large-schema costly-tool costly-list",
	"it is no fault of writing": "not-served-yet internal-fault test-failed identity-not-allowed bad-certificate secret-in-clear",
}

func TestEachCodeIsMendedOrLeft(t *testing.T) {
	because := map[string]string{}
	for why, names := range left {
		for name := range strings.FieldsSeq(names) {
			if because[name] != "" {
				t.Errorf("%s is left twice", name)
			}
			because[name] = why
		}
	}
	for _, c := range engine.Codes() {
		archive, err := txtar.ParseFile("testdata/fix/" + c.Name + ".txtar")
		if because[c.Name] != "" {
			delete(because, c.Name)
			if err == nil {
				t.Errorf("%s is said to be left, and has a file that mends it", c.Name)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s is neither mended nor left: %v", c.Name, err)
			continue
		}
		m := engine.Fix(fixSources(t, archive.Files[:1]), engine.Options{})
		if len(m.Files) == 0 || !slices.Contains(codes(m.Files[0].Fixed), c.Name) {
			t.Errorf("the file of %s does not mend it", c.Name)
		}
	}
	for name := range because {
		t.Errorf("there is no code %s", name)
	}
}

// Mending takes nothing back, whatever there is to mend: no error is new, what
// is counted as gone is gone, what is mended stays so, and sources are not
// written to. A variable that is missing is no fault of the file.
func FuzzFix(f *testing.F) {
	for _, pattern := range []string{"../schema/testdata/*.txtar", "testdata/fix/*.txtar", "expression/testdata/*.txtar", "reference/codes/*.txtar"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			f.Fatal(pattern, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			if archive := txtar.Parse(text); len(archive.Files) > 0 {
				f.Add(archive.Files[0].Data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		before := []schema.Source{{Name: "f.yaml", Bytes: b}}
		written := string(b)
		m := engine.Fix(before, engine.Options{})
		after := mended(before, m)
		if string(b) != written {
			t.Fatal("the source was written to")
		}
		_, were := engine.Check(before, engine.Options{AllowMissingEnv: true})
		_, are := engine.Check(after, engine.Options{AllowMissingEnv: true})
		counts := map[string]int{}
		errors := 0
		for _, d := range were {
			counts[d.Code]++
			if d.Severity == schema.Error {
				errors++
			}
		}
		for _, d := range are {
			counts[d.Code]--
			if d.Severity != schema.Error {
				continue
			}
			if errors--; counts[d.Code] < 0 {
				t.Errorf("%s is new in\n%s\nwhich was\n%s", d.Code, after[0].Bytes, b)
			}
		}
		if mends := len(m.Files) > 0; mends != (m.Gone > 0) || errors < 0 {
			t.Errorf("%d gone, mended: %v", m.Gone, mends)
		}
		if again := engine.Fix(after, engine.Options{}); len(again.Files) > 0 {
			t.Errorf("mended again to\n%s\nfrom\n%s\nfrom\n%s", again.Files[0].Source.Bytes, after[0].Bytes, b)
		}
	})
}
