package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/schema"
)

// outputs are what the documents show of what the program prints, by document:
// each makes it anew.
var outputs = map[string][]func(*testing.T) string{
	"README.md": {func(t *testing.T) string {
		broken := strings.Replace(blocks(t, "README.md", "yaml")[0], "input.name", "input.nmae", 1)
		var shown strings.Builder
		if err := schema.WriteText(&shown, checkText("tools.d/hello.yaml", broken), schema.TextOptions{}); err != nil {
			t.Fatal(err)
		}
		return shown.String()
	}},
	"docs/language.md": {func(t *testing.T) string {
		all := blocks(t, "docs/language.md", "yaml")
		i := slices.IndexFunc(all, func(text string) bool { return strings.HasPrefix(text, "upstream: stock") })
		if i < 0 {
			t.Fatal("the page has no upstream named stock")
		}
		failing := &runTests(t, strings.Replace(all[i], "left: 3", "left: 4", 1)).Tests[0]
		return point(failing.Place) + ": " + failing.Tool + ": " + failing.Name + "\n" + failureText(failing)
	}},
}

// runTests runs the tests in a file of the page for authors.
func runTests(t *testing.T, text string) *engine.TestRun {
	t.Helper()
	r, err := engine.Test(t.Context(), []schema.Source{{Name: "tools.d/stock.yaml", Bytes: []byte(text)}}, engine.Options{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A block without a kind is output, and each is what the program prints.
func TestOutputInTheDocumentsIsWhatIsPrinted(t *testing.T) {
	for _, file := range append(documents(t), "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "cmd/toolsd/starter/README.md") {
		shown := blocks(t, file, "")
		var printed []string
		for _, output := range outputs[file] {
			printed = append(printed, output(t))
			if last := printed[len(printed)-1]; !slices.Contains(shown, last) {
				t.Errorf("%s does not show:\n%s", file, last)
			}
		}
		for _, block := range shown {
			if !slices.Contains(printed, block) {
				t.Errorf("%s shows what no test prints:\n%s", file, block)
			}
		}
	}
}
