package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/schema"
)

var fence = regexp.MustCompile("(?ms)^```(\\w*)\n(.*?)^```$")

// blocks returns the fenced blocks of a kind in a document.
func blocks(t *testing.T, file, kind string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", file))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, m := range fence.FindAllStringSubmatch(string(text), -1) {
		if m[1] == kind {
			found = append(found, m[2])
		}
	}
	return found
}

func checkText(name, text string) []schema.Diagnostic {
	_, found := engine.Check([]schema.Source{{Name: name, Bytes: []byte(text)}}, engine.Options{AllowMissingEnv: true})
	return found
}

func TestYAMLInTheReadmeIsRight(t *testing.T) {
	examples := blocks(t, "README.md", "yaml")
	if len(examples) == 0 {
		t.Fatal("there is no YAML in the README")
	}
	for _, text := range examples {
		if found := checkText("tools.d/hello.yaml", text); len(found) > 0 {
			t.Errorf("%s\nhas faults: %+v", text, found)
		}
	}
}

func TestTheFaultInTheReadmeIsWhatIsShown(t *testing.T) {
	broken := strings.Replace(blocks(t, "README.md", "yaml")[0], "input.name", "input.nmae", 1)
	var shown strings.Builder
	if err := schema.WriteText(&shown, checkText("tools.d/hello.yaml", broken), schema.TextOptions{}); err != nil {
		t.Fatal(err)
	}
	for _, block := range blocks(t, "README.md", "") {
		if block == shown.String() {
			return
		}
	}
	t.Errorf("the README does not show:\n%s", shown.String())
}

func TestShippedToolsAreRight(t *testing.T) {
	for _, dir := range []string{"tools.d", "examples"} {
		tools := toolsFlags{dir: filepath.Join("..", "..", dir), allowMissingEnv: true}
		sources, err := tools.read()
		if err != nil {
			t.Fatal(err)
		}
		catalog, found := engine.Check(sources, tools.options(environment{getenv: func(string) (string, bool) { return "", false }}, nil))
		for _, d := range found {
			t.Errorf("%s: %+v", dir, d)
		}
		if len(catalog.Tools()) == 0 {
			t.Errorf("%s has no tools", dir)
		}
	}
}
