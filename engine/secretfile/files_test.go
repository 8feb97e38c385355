package secretfile

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestLookup(t *testing.T) {
	dir, elsewhere := t.TempDir(), t.TempDir()
	put(t, filepath.Join(dir, "PLAIN"), "a value\n")
	put(t, filepath.Join(dir, "PEM"), "-----BEGIN\nx\n-----END\n\n")
	put(t, filepath.Join(dir, "DOS"), "a value\r\n")
	put(t, filepath.Join(dir, "BOTH"), "of the directory")
	put(t, filepath.Join(elsewhere, "named"), "of the name")
	put(t, filepath.Join(dir, "LARGE"), strings.Repeat("x", MaxBytes+1))
	put(t, filepath.Join(dir, "FULL"), strings.Repeat("x", MaxBytes))
	put(t, filepath.Join(dir, "..data"), "hidden")
	if err := os.Mkdir(filepath.Join(dir, "FOLDER"), 0o700); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"BOTH_FILE": filepath.Join(elsewhere, "named"), "GONE_FILE": filepath.Join(elsewhere, "gone"), "EMPTY_FILE": ""}
	f := New(func(name string) (string, bool) { v, ok := env[name]; return v, ok }, Options{Dir: dir})
	for _, tt := range []struct {
		name, want string
		ok         bool
	}{
		{"PLAIN", "a value", true},
		{"PEM", "-----BEGIN\nx\n-----END\n", true},
		{"DOS", "a value", true},
		{"BOTH", "of the name", true},
		{"GONE", "", false},
		{"EMPTY", "", false},
		{"MISSING", "", false},
		{"LARGE", "", false},
		{"FULL", strings.Repeat("x", MaxBytes), true},
		{"FOLDER", "", false},
		{"..data", "", false},
		{"../" + filepath.Base(elsewhere) + "/named", "", false},
	} {
		if got, ok := f.Lookup(tt.name); got != tt.want || ok != tt.ok {
			t.Errorf("%s = %.20q, %v, want %.20q, %v", tt.name, got, ok, tt.want, tt.ok)
		}
	}
	none := New(func(string) (string, bool) { return "", false }, Options{})
	if got, ok := none.Lookup("PLAIN"); ok {
		t.Errorf("without a directory: %q", got)
	}
}

func TestRefresh(t *testing.T) {
	dir := t.TempDir()
	var log bytes.Buffer
	f := New(func(string) (string, bool) { return "", false }, Options{Dir: dir, Log: slog.New(slog.NewTextHandler(&log, nil))})
	path := filepath.Join(dir, "KEY")
	mount := func(generation, text string) { // as Kubernetes does: files behind a link that is moved
		t.Helper()
		data := filepath.Join(dir, "..data")
		if err := os.Mkdir(filepath.Join(dir, generation), 0o700); err != nil {
			t.Fatal(err)
		}
		put(t, filepath.Join(dir, generation, "KEY"), text)
		if err := os.Symlink(generation, data+"_tmp"); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(data+"_tmp", data); err != nil {
			t.Fatal(err)
		}
	}
	step := func(what string, changed bool, want string) {
		t.Helper()
		if got := f.Refresh(); got != changed {
			t.Errorf("%s: changed = %v, want %v", what, got, changed)
		}
		if got, _ := f.Lookup("KEY"); got != want {
			t.Errorf("%s: KEY = %q, want %q", what, got, want)
		}
	}
	if _, ok := f.Lookup("KEY"); ok {
		t.Error("KEY is there")
	}
	step("nothing happened", false, "")
	mount("..1", "one")
	if err := os.Symlink("..data/KEY", path); err != nil {
		t.Fatal(err)
	}
	if got, _ := f.Lookup("KEY"); got != "" {
		t.Errorf("before a look: %q", got)
	}
	step("mounted", true, "one")
	mount("..2", "two")
	step("moved", true, "two")
	mount("..3", "two")
	step("moved to the same", false, "two")
	if log.Len() > 0 {
		t.Errorf("log: %s", &log)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	step("removed", true, "")
	step("still removed", false, "")
	if got := strings.Count(log.String(), "the variable is missing"); got != 1 {
		t.Errorf("told %d times: %s", got, &log)
	}
	if strings.Contains(log.String(), "two") {
		t.Errorf("the log holds the secret: %s", &log)
	}
}

func TestWatch(t *testing.T) {
	path := filepath.Join(t.TempDir(), "KEY")
	put(t, path, "one")
	synctest.Test(t, func(t *testing.T) {
		f := New(func(string) (string, bool) { return path, true }, Options{})
		if got, _ := f.Lookup("KEY"); got != "one" {
			t.Fatalf("KEY = %q", got)
		}
		ctx, stop := context.WithCancel(t.Context())
		changes := make(chan time.Duration, 1)
		began := time.Now()
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			f.Watch(ctx, 3*time.Second, func() { changes <- time.Since(began) })
		}()
		time.Sleep(4 * time.Second)
		put(t, path, "two")
		if at := <-changes; at != 6*time.Second {
			t.Errorf("noticed after %s", at)
		}
		stop()
		<-ended
	})
}

// A file that is emptied and then written is never a variable without a value.
func TestFileThatIsWrittenInPlace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "KEY")
	f := New(func(string) (string, bool) { return path, true }, Options{})
	put(t, path, "one")
	for _, step := range []struct {
		written, want string
		changed       bool
	}{
		{"one", "one", false},
		{"", "one", false},
		{"two", "two", true},
		{"", "two", false},
		{"", "", true},
		{"", "", false},
	} {
		put(t, path, step.written)
		f.Lookup("KEY")
		if changed := f.Refresh(); changed != step.changed {
			t.Errorf("%q: changed = %v", step.written, changed)
		}
		if got, ok := f.Lookup("KEY"); got != step.want || !ok {
			t.Errorf("%q: KEY = %q, %v", step.written, got, ok)
		}
	}
}
