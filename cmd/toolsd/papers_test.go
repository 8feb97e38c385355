package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/toolsd/toolsd/engine/reference"
)

// TestGeneratedPages holds the pages that are made of tables against these
// tables; -update writes them.
func TestGeneratedPages(t *testing.T) {
	diagnostics, err := reference.DiagnosticsPage()
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string][]byte{
		"reference.md":   reference.LanguagePage(boundsOfServe()),
		"diagnostics.md": diagnostics,
	} {
		file := filepath.Join("..", "..", "docs", name)
		if *update {
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("docs/%s is not that of the tables; go test ./cmd/toolsd -run Pages -update writes it:\n%s", name, diff)
		}
	}
}

// boundsOfServe are the flags of serve that limit something.
func boundsOfServe() []reference.Bound {
	var bounds []reference.Bound
	flags := serveCommand(&world{getenv: func(string) (string, bool) { return "", false }}).Flags()
	for _, m := range regexp.MustCompile(`--(max-[a-z-]+|call-timeout|session-idle) `).FindAllStringSubmatch(flags.FlagUsages(), -1) {
		f := flags.Lookup(m[1])
		bounds = append(bounds, reference.Bound{Flag: "--" + f.Name, Default: readable(f.Name, f.DefValue), Of: f.Usage})
	}
	return bounds
}

// readable writes a default for people: bytes in binary units, numbers with
// separators.
func readable(name, value string) string {
	n, err := strconv.Atoi(value)
	switch {
	case err != nil:
		return strings.NewReplacer("h0m0s", "h", "m0s", "m").Replace(value)
	case strings.HasSuffix(name, "-bytes") && n%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", n>>20)
	case strings.HasSuffix(name, "-bytes") && n%(1<<10) == 0:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	text := strconv.Itoa(n)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}
