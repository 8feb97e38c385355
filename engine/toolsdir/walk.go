package toolsdir

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path"
	"slices"
)

// A look is what a walk saw of one name: a file that holds definitions, or,
// where the name ends in "/", a directory that could not be listed. The name
// of the root is "/".
type look struct {
	name  string
	stamp stamp
}

// A walk is one pass over a tree.
type walk struct {
	tree  *tree
	root  *os.Root
	looks []look
	// dirs are the directories that were listed, by name; the root is ".".
	dirs map[string]os.FileInfo
	seen int // files and directories
}

// walk looks at all there is. A root that cannot be walked as a whole, since
// it is not there or holds too much, gives a single look, at "/".
func (t *tree) walk() *walk {
	w := &walk{tree: t, dirs: map[string]os.FileInfo{}}
	root, err := os.OpenRoot(t.dir)
	if err != nil {
		return w.refuse(fault(err))
	}
	defer root.Close()
	w.root = root
	if err := w.list(".", nil); err != nil {
		return w.refuse(err)
	}
	return w
}

func (w *walk) refuse(err error) *walk {
	w.looks = []look{{"/", stamp{there: true, err: err}}}
	return w
}

// list looks at what is in a directory. above are the directories that lead
// to it. The error is for the walk as a whole.
func (w *walk) list(dir string, above []os.FileInfo) error {
	entries, info, err := w.entries(dir, above)
	switch {
	case err != nil && dir == ".":
		return err
	case errors.Is(err, fs.ErrNotExist):
		return nil // it went away after it was seen
	case err != nil:
		w.looks = append(w.looks, look{dir + "/", stamp{there: true, err: err}})
		return nil
	}
	w.dirs[dir] = info
	above = append(slices.Clip(above), info)
	for _, e := range entries {
		if hidden(e.Name()) {
			continue
		}
		if err := w.entry(path.Join(dir, e.Name()), e, above); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) entries(dir string, above []os.FileInfo) ([]os.DirEntry, os.FileInfo, error) {
	f, err := w.tree.open(w.root, dir)
	if err != nil {
		return nil, nil, fault(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, nil, fault(err)
	}
	if slices.ContainsFunc(above, func(a os.FileInfo) bool { return os.SameFile(a, info) }) {
		return nil, nil, ErrCycle
	}
	entries, err := f.ReadDir(-1)
	if err != nil {
		return nil, nil, fault(err)
	}
	slices.SortFunc(entries, func(a, b os.DirEntry) int { return cmp.Compare(a.Name(), b.Name()) })
	return entries, info, nil
}

func (w *walk) entry(name string, e os.DirEntry, above []os.FileInfo) error {
	isFile := defines(e.Name())
	isLink := e.Type()&fs.ModeSymlink != 0
	if !isFile && !isLink && !e.IsDir() {
		return nil
	}
	if w.seen++; w.seen > w.tree.bounds.Definitions {
		return limitError{"more", w.tree.bounds.Definitions, "files and directories"}
	}
	s, isDir, err := w.glance(name, e, isLink)
	switch {
	case err != nil || !isDir && !s.there: // it went away after it was listed
		return nil
	case isDir:
		return w.list(name, above)
	case isFile:
		w.looks = append(w.looks, look{name, s})
	case s.err != nil && s.err != ErrNotRegular && path.Ext(name) == "":
		// A broken link that, by its name, stands for a directory.
		w.looks = append(w.looks, look{name + "/", s})
	}
	return nil
}

// glance is that of the tree, without asking the disk again for what listing
// the directory told already.
func (w *walk) glance(name string, e os.DirEntry, isLink bool) (stamp, bool, error) {
	if isLink {
		s, isDir := w.tree.glance(w.root, name)
		return s, isDir, nil
	}
	if e.IsDir() {
		return stamp{}, true, nil
	}
	info, err := e.Info()
	if err != nil {
		return stamp{}, false, err
	}
	return stampOf(info), false, nil
}
