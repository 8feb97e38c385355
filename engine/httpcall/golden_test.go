package httpcall

import (
	"strings"
	"testing"

	"github.com/toolsd/toolsd/internal/golden"
	"github.com/toolsd/toolsd/schema"
)

// Each file of testdata holds a source with its faults and the whole text
// that its author is shown.
func TestDiagnostics(t *testing.T) {
	var all strings.Builder
	golden.Each(t, "testdata/*.txtar", func(t *testing.T, c golden.Case) string {
		source := c.Files[0].Data
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
		return got.String()
	})
	for _, c := range Codes {
		if !strings.Contains(all.String(), "["+c.Name+"]") {
			t.Errorf("no golden file shows %s", c.Name)
		}
	}
}
