package toolsdir

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"syscall"

	"github.com/toolsd/toolsd/schema"
)

// A tree looks at a directory. It goes through os.Root for everything, so
// that no link, however it is swapped meanwhile, leads out of the directory;
// the directory itself may be a link. Names are slash-separated and relative.
type tree struct {
	dir    string
	bounds schema.Bounds // without zero fields
	// open is openBelow, but for tests that take permissions away.
	open func(root *os.Root, name string) (*os.File, error)
}

func newTree(dir string, b schema.Bounds) tree {
	return tree{dir: dir, bounds: b.WithDefaults(), open: openBelow}
}

// openBelow opens a file or directory for reading. It does not wait: what was
// a file a moment ago may be a pipe by now.
func openBelow(root *os.Root, name string) (*os.File, error) {
	return root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
}

// glance returns the stamp of one name, and whether it is a directory, which
// has no stamp.
func (t *tree) glance(root *os.Root, name string) (s stamp, isDir bool) {
	info, err := root.Stat(name)
	switch {
	case err == nil && info.IsDir():
		return stamp{}, true
	case err == nil:
		return stampOf(info), false
	}
	at, lerr := root.Lstat(name)
	switch {
	case errors.Is(lerr, fs.ErrNotExist), errors.Is(lerr, syscall.ENOTDIR):
		return stamp{}, false
	case lerr == nil && at.Mode()&fs.ModeSymlink != 0:
		return stamp{there: true, err: linkFault(err)}, false
	}
	return stamp{there: true, err: fault(err)}, false
}

// read reads a file that an earlier look saw as want. The stamp is what it is
// afterwards: when that is another than want, the file changed before or
// while it was read, and content and error mean nothing.
func (t *tree) read(root *os.Root, name string, want stamp) ([]byte, stamp, error) {
	got, isDir := t.glance(root, name)
	switch {
	case isDir || got != want || !got.there:
		return nil, got, nil
	case got.err != nil:
		return nil, got, got.err
	case got.size > int64(t.bounds.FileBytes):
		return nil, got, t.tooLarge()
	}
	f, err := t.open(root, name)
	if err != nil {
		return nil, got, fault(err)
	}
	defer f.Close()
	content, err := readUpTo(f, got.size, t.bounds.FileBytes+1)
	info, statErr := f.Stat()
	switch {
	case err != nil:
		return nil, got, fault(err)
	case statErr != nil:
		return nil, got, fault(statErr)
	case len(content) > t.bounds.FileBytes:
		return nil, stampOf(info), t.tooLarge()
	}
	return content, stampOf(info), nil
}

// readUpTo reads to the end, or a little over limit bytes. size is how long
// the content should be.
func readUpTo(r io.Reader, size int64, limit int) ([]byte, error) {
	content := make([]byte, 0, size+1)
	for len(content) < limit {
		content = slices.Grow(content, 1)
		n, err := r.Read(content[len(content):cap(content)])
		content = content[:len(content)+n]
		if err == io.EOF {
			return content, nil
		}
		if err != nil {
			return nil, err
		}
	}
	return content, nil
}

func (t *tree) tooLarge() error { return limitError{"larger", t.bounds.FileBytes, "bytes"} }

// hidden reports whether files and directories of this name are left out:
// editors, version control and Kubernetes keep theirs under such names.
func hidden(base string) bool { return strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") }

// defines reports whether files of this name hold definitions.
func defines(base string) bool {
	ext := path.Ext(base)
	return !hidden(base) && (ext == ".yaml" || ext == ".yml")
}
