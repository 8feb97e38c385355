package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/schema"
)

var fence = regexp.MustCompile("(?ms)^```([^\n]*)\n(.*?)^```$")

// blocks returns the fenced blocks of a kind in a document.
func blocks(t *testing.T, file, kind string) []string {
	t.Helper()
	var found []string
	for _, m := range fence.FindAllStringSubmatch(readDocument(t, file), -1) {
		if m[1] == kind {
			found = append(found, m[2])
		}
	}
	return found
}

func readDocument(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", file))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// documents are the README and everything under docs, but for the page of
// diagnostics, half of whose YAML is meant to be wrong: that is checked where
// it is generated.
func documents(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("../../docs/*.md")
	if err != nil || len(names) == 0 {
		t.Fatal("no documents", err)
	}
	all := []string{"README.md"}
	for _, name := range names {
		if base := filepath.Base(name); base != "diagnostics.md" {
			all = append(all, "docs/"+base)
		}
	}
	return all
}

func checkText(name, text string) []schema.Diagnostic {
	_, found := engine.Check([]schema.Source{{Name: name, Bytes: []byte(text)}}, engine.Options{AllowMissingEnv: true})
	return found
}

// lintText checks a text as toolsd check does, lint included.
func lintText(name, text string) []schema.Diagnostic {
	_, found := engine.Check([]schema.Source{{Name: name, Bytes: []byte(text)}}, engine.Options{AllowMissingEnv: true, Lint: true})
	return found
}

// A block marked "yaml" is one or more whole definitions. One marked
// "yaml fragment" is the telling part of a tool: its name and description are
// left out, and it calls an upstream named api. Lint is for whole ones.
func TestYAMLInTheDocumentsIsRight(t *testing.T) {
	const around = "upstream: api\nbaseUrl: https://api.example.com\n---\ntool: fragment\ndescription: Part of a tool.\n"
	for _, file := range documents(t) {
		for _, text := range blocks(t, file, "yaml") {
			if found := lintText("tools.d/hello.yaml", text); len(found) > 0 {
				t.Errorf("%s:\n%s\nhas faults: %+v", file, text, found)
			}
		}
		for _, text := range blocks(t, file, "yaml fragment") {
			if found := checkText("tools.d/hello.yaml", around+text); len(found) > 0 {
				t.Errorf("%s:\n%s\nhas faults: %+v", file, text, found)
			}
		}
	}
	for file, kinds := range map[string][]string{"README.md": {"yaml"}, "docs/language.md": {"yaml", "yaml fragment"}} {
		for _, kind := range kinds {
			if len(blocks(t, file, kind)) == 0 {
				t.Errorf("%s has no block marked %q", file, kind)
			}
		}
	}
}

func TestTheTestsInTheDocumentsPass(t *testing.T) {
	const around = "upstream: api\nbaseUrl: https://api.example.com\n---\ntool: fragment\ndescription: Part of a tool.\n"
	for _, file := range []string{"README.md", "docs/language.md"} {
		count := 0
		for _, kind := range []string{"yaml", "yaml fragment"} {
			for _, text := range blocks(t, file, kind) {
				if kind == "yaml fragment" {
					text = around + text
				}
				r := runTests(t, text)
				count += len(r.Tests)
				for i := range r.Tests {
					if !r.Tests[i].Passed() {
						t.Errorf("%s:\n%s\n%s", file, text, failureText(&r.Tests[i]))
					}
				}
			}
		}
		if count == 0 {
			t.Errorf("%s has no test", file)
		}
	}
}

func TestEveryBlockOfYAMLIsMarkedAsTheTestKnowsIt(t *testing.T) {
	for _, file := range documents(t) {
		for _, m := range fence.FindAllStringSubmatch(readDocument(t, file), -1) {
			if strings.HasPrefix(m[1], "y") && m[1] != "yaml" && m[1] != "yaml fragment" {
				t.Errorf("%s has a block marked %q", file, m[1])
			}
		}
	}
}

var trap = regexp.MustCompile("(?m)^\\| `([a-z]+: [^|]*)` \\| (?:`([a-z]+: [^|]*)`)?")

// What the page for authors says of YAML holds: what is written wrongly is a
// fault of its line, what is to be written instead is none.
func TestTheTrapsOfYAMLAreDiagnostics(t *testing.T) {
	_, table, _ := strings.Cut(readDocument(t, "docs/language.md"), "## YAML, and where it bites")
	rows := trap.FindAllStringSubmatch(table, -1)
	if len(rows) < 6 {
		t.Fatalf("the table has %d rows", len(rows))
	}
	faulty := func(line string) bool {
		return slices.ContainsFunc(checkText("t.yaml", "tool: a\n"+line+"\n"), func(d schema.Diagnostic) bool {
			return d.Place.Line == 2 && d.Code != "unknown-key"
		})
	}
	for _, row := range rows {
		if !faulty(row[1]) {
			t.Errorf("%s is no fault", row[1])
		}
		if row[2] != "" && faulty(row[2]) {
			t.Errorf("%s is a fault", row[2])
		}
	}
}

// The page for authors names each key that they can write and each function
// that they can call.
func TestTheLanguageIsDescribedWhole(t *testing.T) {
	text := readDocument(t, "docs/language.md")
	for _, f := range expression.Functions() {
		if !strings.Contains(text, "`"+f.Signature+"`") {
			t.Errorf("docs/language.md does not list %s", f.Signature)
		}
	}
	for kind, o := range schema.Documents() {
		for _, name := range keysOf(o) {
			if !regexp.MustCompile(`\b` + name + `\b`).MatchString(text) {
				t.Errorf("docs/language.md does not say what %s is in a %s", name, kind)
			}
		}
	}
}

// keysOf lists the keys that are served, those of data left out.
func keysOf(o *schema.Object) []string {
	var names []string
	for _, f := range o.Fields {
		if f.Instead != "" {
			continue
		}
		names = append(names, f.Name)
		of := &f.Type
		if of.Of != nil {
			of = of.Of // the elements of a list
		}
		if of.Object != nil && f.Kind != schema.Data {
			names = append(names, keysOf(of.Object)...)
		}
	}
	return names
}

// The list of examples has a row for each folder, which leads to its tools.
func TestEveryExampleIsListed(t *testing.T) {
	text := readDocument(t, "examples/README.md")
	files, err := filepath.Glob("../../examples/*/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no examples", err)
	}
	for _, file := range files {
		folder := filepath.Base(filepath.Dir(file))
		if row := "| [" + folder + "](" + folder + "/" + filepath.Base(file) + ") |"; !strings.Contains(text, row) {
			t.Errorf("examples/README.md has no row that begins with %s", row)
		}
	}
}

// The contents of the page for authors name its sections in their order, and
// links within the page lead to one.
func TestTheContentsOfTheLanguageAreComplete(t *testing.T) {
	text := readDocument(t, "docs/language.md")
	anchor := strings.NewReplacer(" ", "-", ",", "")
	contents, _, _ := strings.Cut(text, "\n## ")
	var sections []string
	for _, m := range regexp.MustCompile(`(?m)^###? (.+)$`).FindAllStringSubmatch(text, -1) {
		sections = append(sections, "["+m[1]+"](#"+anchor.Replace(strings.ToLower(m[1]))+")")
	}
	link := regexp.MustCompile(`\[[^]]+\](\(#[^)]*\))`)
	if diff := cmp.Diff(sections, link.FindAllString(contents, -1)); diff != "" {
		t.Errorf("the contents are not the sections (-sections +contents):\n%s", diff)
	}
	for _, m := range link.FindAllStringSubmatch(text, -1) {
		if !slices.ContainsFunc(sections, func(section string) bool { return strings.HasSuffix(section, m[1]) }) {
			t.Errorf("%s leads nowhere", m[0])
		}
	}
}

// What is shipped gives no diagnostic at all, lint included.
func TestShippedToolsAreRight(t *testing.T) {
	for _, dir := range []string{"tools.d", "examples"} {
		var stdout, stderr bytes.Buffer
		w := &world{stdout: &stdout, stderr: &stderr, getenv: func(string) (string, bool) { return "", false }}
		code := run(t.Context(), w, []string{"check", "--strict", "--allow-missing-env", "--tools", filepath.Join("..", "..", dir)})
		if code != exitFine || stdout.Len() > 0 || !strings.Contains(stderr.String(), ": 0 errors, 0 warnings; ") {
			t.Errorf("%s: %d\n%s%s", dir, code, stdout.String(), stderr.String())
		}
	}
}
