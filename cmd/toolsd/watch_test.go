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

// A watching is a command with --watch and --format json over a directory
// with one tool, which tells the date.
type watching struct {
	t       *testing.T
	file    string
	reports *json.Decoder
	shown   bytes.Buffer // on standard output
	stderr  bytes.Buffer
	stop    context.CancelFunc
	ended   chan int
}

const dated = `tool: today
description: Tell the date of today.
inputSchema: {type: object, additionalProperties: false}
expr: now().Format("2006-01-02")
tests:
  - name: new year
    expect: {text: 2026-01-01}
`

// watches starts a command while the tool has a fault: wrong stands in it for
// right.
func watches(t *testing.T, command, right, wrong string, env map[string]string) *watching {
	dir := t.TempDir()
	wg := &watching{t: t, file: filepath.Join(dir, "today.yaml"), ended: make(chan int, 1)}
	wg.save(strings.Replace(dated, right, wrong, 1))
	reports, stdout := io.Pipe()
	wg.reports = json.NewDecoder(io.TeeReader(reports, &wg.shown))
	w := &world{stdin: strings.NewReader(""), stdout: stdout, stderr: &wg.stderr, getenv: func(name string) (string, bool) { v, ok := env[name]; return v, ok }}
	ctx, stop := context.WithCancel(t.Context())
	t.Cleanup(stop)
	wg.stop = stop
	go func() {
		wg.ended <- run(ctx, w, []string{command, "--watch", "--format", "json", "--tools", dir})
		stdout.Close()
	}()
	return wg
}

func (wg *watching) save(text string) {
	wg.t.Helper()
	if err := os.WriteFile(wg.file, []byte(text), 0o644); err != nil {
		wg.t.Fatal(err)
	}
}

// next reads the next report.
func (wg *watching) next(report any) {
	wg.t.Helper()
	if err := wg.reports.Decode(report); err != nil {
		wg.t.Fatal(err)
	}
}

// end ends the watch, which is no fault. Nothing is cleared where nobody
// looks.
func (wg *watching) end() {
	wg.t.Helper()
	wg.stop()
	if code := <-wg.ended; code != exitFine {
		wg.t.Errorf("ended with %d: %s", code, wg.stderr.String())
	}
	if strings.Contains(wg.shown.String(), "\x1b") {
		wg.t.Error("a pipe is cleared")
	}
}

// TestCheckWatch shows a fault, mends it, and sees the next report without it.
func TestCheckWatch(t *testing.T) {
	wg := watches(t, "check", "now()", "nwo()", nil)
	var found []struct{ Code string }
	if wg.next(&found); len(found) != 1 || found[0].Code != "unknown-function" {
		t.Errorf("found %v at first", found)
	}
	wg.save(dated)
	for len(found) > 0 { // until the mended file was read
		found = nil
		wg.next(&found)
	}
	wg.end()
}

// A secret that is put into its file is noticed without any other change.
func TestCheckWatchSeesSecretFiles(t *testing.T) {
	secrets := t.TempDir()
	wg := watches(t, "check", dated, `upstream: up
baseUrl: https://api.example.com
auth: {bearer: "${env.SECRET}"}
`, map[string]string{"TOOLSD_SECRETS": secrets})
	var found []struct{ Code string }
	if wg.next(&found); len(found) != 1 || found[0].Code != "env-missing" {
		t.Errorf("found %v at first", found)
	}
	write(t, filepath.Join(secrets, "SECRET"), "swordfish")
	for len(found) > 0 {
		found = nil
		wg.next(&found)
	}
	wg.end()
}

// TestTestWatch shows a test that fails, mends it, breaks the tool itself, and
// mends that: the watch outlives both.
func TestTestWatch(t *testing.T) {
	wg := watches(t, "test", "text: 2026", "text: 2025", nil)
	type report struct {
		Passed, Failed int
		Errors         []struct{ Code string }
	}
	var r report
	if wg.next(&r); r.Passed != 0 || r.Failed != 1 {
		t.Errorf("at first %+v", r)
	}
	until := func(text string, done func() bool) {
		t.Helper()
		wg.save(text)
		for {
			r = report{}
			if wg.next(&r); done() { // the saved file was read
				return
			}
		}
	}
	until(dated, func() bool { return r.Passed == 1 && r.Failed == 0 })
	until(strings.Replace(dated, "now()", "nwo()", 1), func() bool { return len(r.Errors) == 1 && r.Errors[0].Code == "unknown-function" })
	until(dated, func() bool { return r.Passed == 1 })
	wg.end()
}
