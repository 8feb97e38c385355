package engine_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/engine/httpcall"
	"github.com/toolsd/toolsd/internal/golden"
	"github.com/toolsd/toolsd/schema"
)

// The corpus holds files as authors and models write them. A file of "faulty"
// is named after a code and holds cases of the mistake that the code is for:
// each case is a file of good documents and one that has the mistake, named
// STYLE-POSITION.yaml after the YAML style in which the mistake is written and
// the place of its document in the file; a word behind these tells cases of
// one style and position apart. In the prose, a line
//
//	law: structural   says that the mistake shows in the tree of the YAML,
//	law: textual      that it shows in its text alone, and
//	law: semantic     that it takes more than the field table to see it;
//	unset: A B        names environment variables that are not set, and
//	bound: NAME N     sets a bound.
//
// A file of "valid" has nothing wrong with it.

// notInTheCorpus are codes that the text of a file cannot show by itself.
var notInTheCorpus = map[string]string{
	"costly-list":     "its text would be many tools; TestLintOfSize shows it",
	"costly-tool":     "its text would be a large tool; TestLintOfSize shows it",
	"internal-fault":  "it takes a fault of this program",
	"large-schema":    "its text would be a large schema; TestLintOfSize shows it",
	"test-failed":     "it takes an engine that verifies",
	"too-many-faults": "its text would be a thousand diagnostics",
	"unreadable-file": "there is no text",
}

var caseName = regexp.MustCompile(`^(plain|quoted|block|flow)-(only|first|middle|last)(-[a-z0-9-]+)?\.yaml$`)

func TestFaultyCorpus(t *testing.T) {
	shown := map[string]map[string]bool{} // by archive, the faulty documents
	cases := 0
	golden.Cases(t, "testdata/corpus/faulty/*.txtar", func(t *testing.T, code string, c golden.Case) string {
		file := c.Files[0]
		name := caseName.FindStringSubmatch(file.Name)
		if name == nil {
			t.Fatal("the file is not named STYLE-POSITION.yaml")
		}
		src := schema.Source{Name: file.Name, Bytes: file.Data}
		catalog, found := engine.Check([]schema.Source{src}, corpusOptions(t, c.Prose))
		cases++

		documents, _ := schema.Split(src, schema.Bounds{})
		faulty := make([]int, len(found))
		for i, d := range found {
			if d.Code != code {
				t.Errorf("a case of %s gives %s", code, d.Code)
			}
			faulty[i] = documentAt(documents, d.Place.Line)
		}
		if len(found) == 0 {
			t.Error("there is no diagnostic")
		}
		for i, d := range found {
			if i > 0 && !slices.ContainsFunc(d.Related, func(r schema.Related) bool { return r.Place == found[0].Place }) {
				t.Error("a second diagnostic does not name the first as another place of the same mistake")
			}
		}
		if len(found) > 0 {
			at := faulty[len(faulty)-1]
			if position := positionOf(at, len(documents)); position != name[2] {
				t.Errorf("the fault is in the %s document", position)
			}
			if shown[code] == nil {
				shown[code] = map[string]bool{}
			}
			text := string(bytes.TrimSpace(documents[at].Text))
			if shown[code][text] {
				t.Error("another case has the same document")
			}
			shown[code][text] = true
		}
		served(t, catalog, documents, found)
		got := text(found)
		if strings.Contains(got, secretMark) {
			t.Error("a diagnostic holds the value of a variable, or a credential of the file")
		}
		if t.Failed() {
			t.Logf("what is said of it:\n%s", got)
		}
		return got
	})
	if cases < 200 {
		t.Errorf("%d cases", cases)
	}
	for _, c := range engine.Codes() {
		if len(shown[c.Name]) == 0 && notInTheCorpus[c.Name] == "" {
			t.Errorf("no file of the corpus shows %s", c.Name)
		}
		delete(shown, c.Name)
	}
	for code := range shown {
		t.Errorf("%s is no code", code)
	}
}

// documentAt returns the index of the document that holds a line.
func documentAt(documents []schema.Document, line int) int {
	at := 0
	for i, d := range documents {
		if d.Line <= line {
			at = i
		}
	}
	return at
}

func positionOf(at, documents int) string {
	switch {
	case documents == 1:
		return "only"
	case at == 0:
		return "first"
	case at == documents-1:
		return "last"
	}
	return "middle"
}

// served fails the test when a tool is not in the catalog although no error
// concerns it: none stands in its document or in that of its upstream, and the
// file was read that far.
func served(t *testing.T, catalog *engine.Catalog, documents []schema.Document, found []schema.Diagnostic) {
	t.Helper()
	broken := map[int]bool{}
	read := len(documents)
	for _, d := range found {
		at := documentAt(documents, d.Place.Line)
		broken[at] = broken[at] || d.Severity == schema.Error
		switch d.Code {
		case "file-too-large", "too-many-documents", "too-many-definitions":
			read = at
		}
	}
	lost := map[string]bool{}
	var good []*schema.Definition
	for i, document := range documents[:read] {
		def, _ := schema.Parse(document)
		switch {
		case def == nil:
		case broken[i] && def.Kind == schema.KindUpstream:
			lost[def.Name] = true
		case !broken[i] && def.Kind == schema.KindTool:
			good = append(good, def)
		}
	}
	for _, def := range good {
		if h := def.Tool.HTTP; h != nil && lost[h.Upstream] {
			continue
		}
		if catalog.Tool(def.Name) == nil {
			t.Errorf("%s is not served", def.Name)
		}
	}
}

// corpusOptions returns the conditions under which a file of the corpus is
// checked, as its prose has them.
func corpusOptions(t *testing.T, prose string) engine.Options {
	t.Helper()
	var unset []string
	o := engine.Options{Lint: true, Identities: &httpcall.IdentityFence{}}
	bounds := map[string]*int{
		"file-bytes": &o.Bounds.Source.FileBytes, "documents": &o.Bounds.Source.Documents, "definitions": &o.Bounds.Source.Definitions,
		"schema-bytes": &o.Bounds.Schema.Bytes, "schema-depth": &o.Bounds.Schema.Depth, "schema-branches": &o.Bounds.Schema.Branches,
	}
	for line := range strings.Lines(prose) {
		words := strings.Fields(line)
		switch {
		case len(words) > 1 && words[0] == "unset:":
			unset = append(unset, words[1:]...)
		case len(words) == 3 && words[0] == "bound:":
			n, err := strconv.Atoi(words[2])
			if err != nil || bounds[words[1]] == nil {
				t.Fatalf("no bound: %s", line)
			}
			*bounds[words[1]] = n
		}
	}
	o.Env = func(name string) (string, bool) {
		if slices.Contains(unset, name) {
			return "", false
		}
		return corpusValue(name), true
	}
	return o
}

// secretMark is in the value of every variable but those of certificates, and
// in every credential that stands in a file in clear.
const secretMark = "planted"

// corpusValue is what a variable holds: a certificate or a key where it is
// called so, else a text that may be a host name too.
func corpusValue(name string) string {
	if pem, ok := corpusCertificates()[name]; ok {
		return pem
	}
	return secretMark + "-" + strings.ToLower(strings.ReplaceAll(name, "_", "-")) + ".example.com"
}

func TestValidCorpus(t *testing.T) {
	files, err := filepath.Glob("testdata/corpus/valid/*.yaml")
	if err != nil || len(files) < 60 {
		t.Fatalf("%d valid files: %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			sources := []schema.Source{{Name: filepath.Base(file), Bytes: data}}
			catalog, found := engine.Check(sources, corpusOptions(t, ""))
			if len(found) > 0 {
				t.Errorf("there is nothing wrong with it:\n%s", text(found))
			}
			documents, _ := schema.Split(sources[0], schema.Bounds{})
			if len(documents) == 0 {
				t.Error("it defines nothing")
			}
			served(t, catalog, documents, found)
			run, err := engine.Test(t.Context(), sources, engine.Options{}, nil)
			if err != nil {
				t.Fatal(err)
			}
			run.Untested = nil
			for i := range run.Tests {
				if !run.Tests[i].Passed() {
					t.Errorf("a test fails:\n%s", outcome(run))
					break
				}
			}
		})
	}
}

// A slip of one character or of a line's indentation is told once, nearly
// always: what follows from it is no further mistake.
func TestSlipsAreToldOnce(t *testing.T) {
	data, err := os.ReadFile("testdata/corpus/valid/all-kinds.yaml")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(data), "\n")
	slips, echoed := 0, 0
	for i, line := range lines {
		for _, slip := range slipsOf(line) {
			text := strings.Join(slices.Concat(lines[:i], []string{slip}, lines[i+1:]), "")
			documents, _ := schema.Split(schema.Source{Bytes: []byte(text)}, schema.Bounds{})
			found := 0
			for _, d := range documents {
				if d.Line <= i+1 && i+1 < d.Line+bytes.Count(d.Text, []byte("\n")) {
					_, ds := schema.Parse(d)
					found = len(ds)
				}
			}
			slips++
			if found > 1 {
				echoed++
			}
		}
	}
	if slips < 2000 || echoed*40 > slips {
		t.Errorf("%d of %d slips are told more than once", echoed, slips)
	}
}

// slipsOf returns a line as it is after a slip: indented a little more or
// less, or without one of the characters by which YAML divides.
func slipsOf(line string) []string {
	slips := []string{" " + line, "  " + line, "\t" + strings.TrimLeft(line, " ")}
	for _, less := range []string{" ", "  "} {
		if strings.HasPrefix(line, less) {
			slips = append(slips, line[len(less):])
		}
	}
	for _, c := range []string{"}", "]", `"`, "'", ":", ",", " "} {
		if i := strings.Index(line, c); i >= 0 {
			slips = append(slips, line[:i]+line[i+1:])
		}
		if i := strings.LastIndex(line, c); i >= 0 {
			slips = append(slips, line[:i]+line[i+1:])
		}
	}
	return slips
}
