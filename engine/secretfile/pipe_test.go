//go:build unix

package secretfile

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A pipe that nobody writes to is no file, also when it takes a file's place
// after the look at it.
func TestPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "KEY")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := readOpened(path); !errors.Is(err, errNoFile) {
		t.Errorf("opened: %v", err)
	}
	f := New(func(string) (string, bool) { return path, true }, Options{})
	if got, ok := f.Lookup("KEY"); ok {
		t.Errorf("KEY = %q", got)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(path, path); err != nil { // which leads to itself
		t.Fatal(err)
	}
	if f.Refresh() {
		t.Error("a link that leads nowhere is a change")
	}
}
