package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A new app has the settings that this repository was tested with under the
// Functions host.
func TestStarterSettings(t *testing.T) {
	for _, name := range []string{"host.json", "local.settings.json"} {
		want, err := os.ReadFile(filepath.Join("..", "..", name))
		if err != nil {
			t.Fatal(err)
		}
		got, err := starter.ReadFile("starter/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("starter/%s is not that of the repository (-want +got):\n%s", name, diff)
		}
	}
}
