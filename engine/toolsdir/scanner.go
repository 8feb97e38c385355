package toolsdir

import (
	"bytes"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/toolsd/toolsd/schema"
)

// A file is what is known of one name.
type file struct {
	// seen is what the latest look saw, and since when looks have seen it.
	seen  stamp
	since time.Time
	// read is the stamp under which source was read; has says that it was,
	// and doubted that it is to be read again under the same stamp.
	read    stamp
	source  schema.Source
	has     bool
	doubted bool
}

// current reports whether the source is what the latest look saw.
func (f *file) current() bool { return f.has && f.seen == f.read && !f.doubted }

// A scanner keeps what was last read of a directory in step with the disk. A
// file is read once two looks a settle apart have seen it in the same state,
// and so is its absence believed. It has no clock and starts nothing; it is
// not safe for concurrent use.
type scanner struct {
	tree
	name   string
	settle time.Duration

	files map[string]*file
	// unsettled are the files whose latest look differs from what was read.
	unsettled map[string]*file
	// dirs are the directories of the latest walk.
	dirs map[string]os.FileInfo
	// order are the names of the latest walk; verify goes round it from next.
	order []look
	next  int

	walked time.Time // when the latest walk was made; zero before the first
	stray  bool      // something was seen that only a walk can sort out
	// changed says that sources differ from those that were last taken, since
	// changedAt.
	changed   bool
	changedAt time.Time
}

func newScanner(t tree, name string, settle time.Duration) *scanner {
	return &scanner{tree: t, name: name, settle: settle, files: map[string]*file{}, unsettled: map[string]*file{}}
}

// walk looks at everything.
func (s *scanner) walk(now time.Time) {
	w := s.tree.walk()
	s.dirs, s.order, s.stray = w.dirs, w.looks, false
	found := make(map[string]bool, len(w.looks))
	var unlisted []string
	for _, l := range w.looks {
		found[l.name] = true
		if strings.HasSuffix(l.name, "/") {
			unlisted = append(unlisted, l.name)
		}
		s.observe(l, now)
	}
	for name, f := range s.files {
		switch {
		case found[name]:
			if f.has && f.source.Err != nil && f.seen.readable() {
				s.doubt(name, f, now) // permissions can come back without a trace
			}
		case below(name, unlisted):
			s.keep(name, f)
		default:
			s.observe(look{name: name}, now)
		}
	}
	if s.walked.IsZero() {
		s.mark(now)
	}
	s.walked = now
}

// below reports whether a name lies in one of the directories.
func below(name string, dirs []string) bool {
	return slices.ContainsFunc(dirs, func(dir string) bool {
		return dir == "/" || strings.HasPrefix(name, dir)
	})
}

// observe notes a look.
func (s *scanner) observe(l look, now time.Time) {
	f := s.files[l.name]
	switch {
	case f == nil && !l.stamp.there:
		return
	case f == nil:
		f = &file{}
		s.files[l.name] = f
	case l.stamp == f.seen:
		return
	}
	f.seen, f.since = l.stamp, now
	if s.walked.IsZero() {
		f.since = l.stamp.lastChange(now)
	}
	if f.has || f.seen.there {
		s.unsettled[l.name] = f
	} else {
		s.forget(l.name)
	}
}

// keep leaves a file as it was last read: nothing can be known of it now.
func (s *scanner) keep(name string, f *file) {
	if !f.has {
		s.forget(name)
		return
	}
	f.seen, f.doubted = f.read, false
	delete(s.unsettled, name)
}

// doubt has a file read again although its stamp is that of its source.
func (s *scanner) doubt(name string, f *file, now time.Time) {
	if f.current() {
		f.doubted, f.since = true, now
		s.unsettled[name] = f
	}
}

func (s *scanner) forget(name string) {
	delete(s.files, name)
	delete(s.unsettled, name)
}

// lookAt looks at some names alone.
func (s *scanner) lookAt(names []string, now time.Time) {
	root, err := os.OpenRoot(s.dir)
	if err != nil {
		s.stray = true
		return
	}
	defer root.Close()
	for _, name := range names {
		seen, isDir := s.glance(root, name)
		s.stray = s.stray || isDir
		s.observe(look{name, seen}, now)
	}
}

// take reads what has settled.
func (s *scanner) take(now time.Time) {
	if len(s.unsettled) == 0 || now.Before(s.settlesAt()) {
		return
	}
	root, err := os.OpenRoot(s.dir)
	if err != nil {
		root = nil
	} else {
		defer root.Close()
	}
	for _, name := range slices.Sorted(maps.Keys(s.unsettled)) {
		f := s.unsettled[name]
		switch {
		case now.Sub(f.since) < s.settle:
		case strings.HasSuffix(name, "/") && s.walked.Sub(f.since) >= s.settle:
			s.settled(name, f, nil, f.seen.err, now)
		case strings.HasSuffix(name, "/") || root == nil:
			s.stray = true
		default:
			s.takeFile(root, name, f, now)
		}
	}
}

func (s *scanner) takeFile(root *os.Root, name string, f *file, now time.Time) {
	content, got, err := s.read(root, name, f.seen)
	if got != f.seen {
		s.observe(look{name, got}, now)
		return
	}
	s.settled(name, f, content, err, now)
}

// settled makes what was read of a file its source; a source whose content
// is what it was stays the one it was.
func (s *scanner) settled(name string, f *file, content []byte, err error, now time.Time) {
	delete(s.unsettled, name)
	f.read, f.doubted = f.seen, false
	if !f.seen.there {
		delete(s.files, name)
		s.mark(now)
		return
	}
	if f.has && sameFault(err, f.source.Err) && bytes.Equal(content, f.source.Bytes) {
		return
	}
	f.source = schema.Source{Name: s.name + "/" + strings.TrimPrefix(name, "/"), Bytes: content, Err: err}
	f.has = true
	s.mark(now)
}

func sameFault(a, b error) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Error() == b.Error()
}

func (s *scanner) mark(now time.Time) {
	if !s.changed {
		s.changed, s.changedAt = true, now
	}
}

// settlesAt is when the next unsettled file may have settled; zero when all have.
func (s *scanner) settlesAt() time.Time {
	var first time.Time
	for _, f := range s.unsettled {
		if at := f.since.Add(s.settle); first.IsZero() || at.Before(first) {
			first = at
		}
	}
	return first
}

// sources returns everything that was read, sorted by name.
func (s *scanner) sources() []schema.Source {
	all := make([]schema.Source, 0, len(s.files))
	for _, f := range s.files {
		if f.has {
			all = append(all, f.source)
		}
	}
	slices.SortFunc(all, func(a, b schema.Source) int { return strings.Compare(a.Name, b.Name) })
	return all
}
