package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCheckWatch shows a fault, mends it, and sees the next report without
// it; then it ends the watch, which is no fault. Nothing is cleared where
// nobody looks.
func TestCheckWatch(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "today.yaml")
	right := "tool: today\ndescription: Tell the date.\ninputSchema: {type: object, additionalProperties: false}\nexpr: string(now())\n"
	if err := os.WriteFile(file, []byte(strings.Replace(right, "now()", "nwo()", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	reports, stdout := io.Pipe()
	var shown bytes.Buffer
	var stderr bytes.Buffer
	w := &world{stdin: strings.NewReader(""), stdout: stdout, stderr: &stderr, getenv: func(string) (string, bool) { return "", false }}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, w, []string{"check", "--watch", "--format", "json", "--tools", dir})
		stdout.Close()
	}()

	d := json.NewDecoder(io.TeeReader(reports, &shown))
	next := func() (codes []string) {
		t.Helper()
		var found []struct{ Code string }
		if err := d.Decode(&found); err != nil {
			t.Fatal(err, stderr.String())
		}
		for _, f := range found {
			codes = append(codes, f.Code)
		}
		return codes
	}
	if codes := next(); len(codes) != 1 || codes[0] != "unknown-function" {
		t.Errorf("found %v at first", codes)
	}
	if err := os.WriteFile(file, []byte(right), 0o644); err != nil {
		t.Fatal(err)
	}
	for len(next()) > 0 { // until the mended file was read
	}
	stop()
	if code := <-ended; code != exitFine {
		t.Errorf("ended with %d: %s", code, stderr.String())
	}
	if strings.Contains(shown.String(), "\x1b") {
		t.Error("a pipe is cleared")
	}
}
