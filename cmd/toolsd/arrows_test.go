package main

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/toolsd/toolsd/"

// order lists the packages from the bottom up: each may import those of the
// rows above its own, never its neighbours.
var order = [][]string{
	{"internal/golden"}, // for tests
	{"schema"},
	{"engine/jsonschema"},
	{"engine/expression"},
	{"engine/httpcall"},
	{"engine"},
	{"engine/mcpserver", "engine/functions", "engine/toolsdir", "engine/reference", "engine/azure", "engine/secretfile"},
	{"cmd/toolsd"},
	{"cmd/toolsd/hosttest"},
}

// owners are the only packages that may import an outside library.
var owners = map[string]string{
	"gopkg.in/yaml.v3":                        "schema",
	"github.com/santhosh-tekuri/jsonschema/":  "engine/jsonschema",
	"github.com/expr-lang/expr":               "engine/expression",
	"github.com/hashicorp/go-retryablehttp":   "engine/httpcall",
	"github.com/sony/gobreaker/":              "engine/httpcall",
	"golang.org/x/sync/semaphore":             "engine/httpcall",
	"golang.org/x/time/rate":                  "engine/httpcall",
	"github.com/modelcontextprotocol/go-sdk/": "engine/mcpserver",
	"github.com/fsnotify/fsnotify":            "engine/toolsdir",
	"github.com/aws/aws-sdk-go-v2/":           "engine/httpcall",
	"github.com/Azure/azure-sdk-for-go/":      "engine/azure",
	"github.com/spf13/cobra":                  "cmd/toolsd",
}

func TestImportsPointOneWay(t *testing.T) {
	rank := map[string]int{}
	for i, row := range order {
		for _, name := range row {
			rank[name] = i
		}
	}
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", module+"...").Output()
	if err != nil {
		t.Fatal(err)
	}
	listed := 0
	for d := json.NewDecoder(strings.NewReader(string(out))); d.More(); listed++ {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		name := strings.TrimPrefix(p.ImportPath, module)
		own, known := rank[name]
		if !known {
			t.Errorf("%s is not in the order; say where it belongs", name)
		}
		for _, imported := range p.Imports {
			if inner, ok := strings.CutPrefix(imported, module); ok && rank[inner] >= own {
				t.Errorf("%s imports %s, against the arrows", name, inner)
			}
			for library, owner := range owners {
				if strings.HasPrefix(imported, library) && name != owner {
					t.Errorf("%s imports %s, which is for %s alone", name, imported, owner)
				}
			}
		}
	}
	if want := len(slices.Concat(order...)); listed != want {
		t.Errorf("%d packages, the order names %d", listed, want)
	}
}
