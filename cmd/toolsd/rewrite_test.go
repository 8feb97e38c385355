package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/toolsd/toolsd/schema"
)

// A file is written only if it still holds what was read, and nothing else is
// left beside it.
func TestRewrite(t *testing.T) {
	tests := []struct {
		name   string
		change func(path string) error
		want   string // of the file; empty when it is gone
		fault  string
	}{
		{"as it was read", func(string) error { return nil }, "next", ""},
		{"changed", func(path string) error { return os.WriteFile(path, []byte("other"), 0o644) }, "other", "a.yaml was changed in the meantime"},
		{"gone", os.Remove, "", "no such file"},
		{"read-only", func(path string) error { return os.Chmod(path, 0o444) }, "read", "the file is read-only"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := toolsFlags{dir: t.TempDir()}
			path := filepath.Join(f.dir, "a.yaml")
			if err := os.WriteFile(path, []byte("read"), 0o640); err != nil {
				t.Fatal(err)
			}
			name := f.name() + "/a.yaml"
			read := []schema.Source{{Name: name, Bytes: []byte("read")}}
			if err := tt.change(path); err != nil {
				t.Fatal(err)
			}
			err := f.rewrite(schema.Source{Name: name, Bytes: []byte("next")}, read)
			if (err == nil) != (tt.fault == "") || err != nil && (!strings.Contains(err.Error(), tt.fault) || !strings.Contains(err.Error(), name)) {
				t.Errorf("the error is %v", err)
			}
			left, err := os.ReadDir(f.dir)
			if err != nil {
				t.Fatal(err)
			}
			if got, _ := os.ReadFile(path); string(got) != tt.want || len(left) != min(len(tt.want), 1) {
				t.Errorf("the file holds %q, beside %v", got, left)
			}
		})
	}
}
