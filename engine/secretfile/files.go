// Package secretfile finds the values of variables in files, as container
// platforms mount secrets, and notices when they change.
package secretfile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"
)

// MaxBytes is the most that a file may hold.
const MaxBytes = 64 << 10

// Options of Files. The zero value of each field is usable.
type Options struct {
	// Dir holds a file for each variable, by its name; "" is none.
	Dir string
	// Log is told once of each file that cannot be read; nil discards.
	Log *slog.Logger
}

// Files are variables that stand in files. A variable NAME is the content of
// the file that NAME_FILE names, else of the file NAME in a directory, without
// its last line break. A file that is not there, or that is too large or not a
// regular file, is a variable that is missing.
//
// What a file held when it was looked up first holds until Refresh, so that
// all who look in between see the same. Files is safe for concurrent use.
type Files struct {
	lookup func(string) (string, bool)
	dir    string
	log    *slog.Logger

	mu    sync.Mutex
	known map[string]content // by path
}

// A content is what a file held when it was last read.
type content struct {
	text     string
	emptied  bool   // it was found empty once, and may be about to be written
	fault    string // why it could not be read; "" when it could
	expected bool   // it was named, or was there before
}

// New returns the files that the variables of lookup name.
func New(lookup func(string) (string, bool), o Options) *Files {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Files{lookup: lookup, dir: o.Dir, log: o.Log, known: map[string]content{}}
}

var variable = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// Lookup returns the value of a variable; false when no file has one.
func (f *Files) Lookup(name string) (string, bool) {
	if !variable.MatchString(name) {
		return "", false
	}
	path, named := f.lookup(name + "_FILE")
	if !named || path == "" {
		if f.dir == "" {
			return "", false
		}
		path, named = filepath.Join(f.dir, name), false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	c, ok := f.known[path]
	if !ok {
		c = f.read(path, content{expected: named})
		f.known[path] = c
	}
	return c.text, c.fault == ""
}

// Refresh reads the files that were looked up once more, and reports whether
// one holds something else than before.
func (f *Files) Refresh() (changed bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for path, before := range f.known {
		after := f.read(path, before)
		changed = changed || after.text != before.text || (after.fault == "") != (before.fault == "")
		f.known[path] = after
	}
	return changed
}

// Watch calls changed after each change, until the context is done. Files are
// looked at every so often: the events of file systems are lost on network
// mounts, and mounted secrets are replaced by moving a link above them.
func (f *Files) Watch(ctx context.Context, every time.Duration, changed func()) {
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			if f.Refresh() {
				changed()
			}
		}
	}
}

// read reads a file anew, and tells of a fault that it did not have before.
// That a file is not there is none where nothing said that it would be. One
// that has become empty counts as such at the second look: most programs empty
// a file before they write it.
func (f *Files) read(path string, before content) content {
	c := content{expected: before.expected}
	text, err := readFile(path)
	if err == nil && text == "" && before.text != "" && !before.emptied {
		before.emptied = true
		return before
	}
	if err == nil {
		c.text, c.expected = text, true
		return c
	}
	c.fault = err.Error()
	if c.fault != before.fault && (c.expected || !errors.Is(err, os.ErrNotExist)) {
		f.log.Warn("a secret cannot be read from its file; the variable is missing", "file", path, "cause", c.fault)
	}
	return c
}

var errNoFile = errors.New("it is not a regular file")

// readFile reads a regular file. It looks before it opens, since to open a
// device may do something, and looks again at what it opened, which need not
// be the same; a pipe that was put there meanwhile does not hold it up.
func readFile(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", errNoFile
	}
	return readOpened(path)
}

func readOpened(path string) (string, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return "", err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", errNoFile
	}
	data, err := io.ReadAll(io.LimitReader(file, MaxBytes+1))
	if err != nil {
		return "", err
	}
	if len(data) > MaxBytes {
		return "", fmt.Errorf("it holds more than %d KiB", MaxBytes>>10)
	}
	return strings.TrimSuffix(strings.TrimSuffix(string(data), "\n"), "\r"), nil
}
