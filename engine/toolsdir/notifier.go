package toolsdir

import (
	"errors"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fsnotify/fsnotify"
)

// A notifier turns events of the file system into hints where to look. It is
// there for speed alone: what it misses, a walk finds. The zero notifier
// gives no hints.
type notifier struct {
	root   string // absolute
	log    *slog.Logger
	events *fsnotify.Watcher // nil: none
	// dirs are the watched directories by name, "." being the root.
	dirs map[string]os.FileInfo
	told bool
}

// A hint says where something may have changed: a name, or, when that is
// empty, anywhere.
type hint struct{ name string }

func newNotifier(root string, log *slog.Logger) *notifier {
	n := &notifier{root: root, log: log, dirs: map[string]os.FileInfo{}}
	events, err := fsnotify.NewWatcher()
	if err != nil {
		n.tell(err)
		return n
	}
	n.events = events
	n.add(filepath.Dir(root))
	return n
}

// listening reports whether events can be expected.
func (n *notifier) listening() bool { return n.events != nil && !n.told }

func (n *notifier) channels() (<-chan fsnotify.Event, <-chan error) {
	if n.events == nil {
		return nil, nil
	}
	return n.events.Events, n.events.Errors
}

// close ends the events; walks go on without.
func (n *notifier) close() {
	if n.events == nil {
		return
	}
	if err := n.events.Close(); err != nil {
		n.tell(err)
	}
	n.events = nil
}

// follow watches these directories, and where the root itself comes and goes,
// from now on. It reports whether one of them is another than before.
func (n *notifier) follow(dirs map[string]os.FileInfo) (more bool) {
	if n.events == nil {
		return false
	}
	watched := map[string]bool{}
	for _, p := range n.events.WatchList() {
		watched[p] = true
	}
	for dir, was := range n.dirs {
		now, still := dirs[dir]
		if still && os.SameFile(was, now) {
			continue
		}
		delete(n.dirs, dir)
		if watched[n.path(dir)] && n.events.Remove(n.path(dir)) == nil {
			delete(watched, n.path(dir))
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(dirs)) {
		if n.dirs[dir] != nil && watched[n.path(dir)] {
			continue
		}
		if n.add(n.path(dir)) {
			more = more || n.dirs[dir] == nil
			n.dirs[dir] = dirs[dir]
		}
	}
	if parent := filepath.Dir(n.root); !watched[parent] {
		n.add(parent)
	}
	return more
}

func (n *notifier) path(dir string) string { return filepath.Join(n.root, filepath.FromSlash(dir)) }

func (n *notifier) add(dir string) bool {
	err := n.events.Add(dir)
	if err != nil {
		n.tell(err)
	}
	return err == nil
}

// fault takes an error of the events; a queue that ran over is none to speak of.
func (n *notifier) fault(err error) {
	if err != nil && !errors.Is(err, fsnotify.ErrEventOverflow) {
		n.tell(err)
	}
}

// tell says once that events cannot be relied on.
func (n *notifier) tell(err error) {
	if !n.told && !errors.Is(err, fs.ErrNotExist) {
		n.told = true
		n.log.Warn("file events are not available for all of the tools; changes are found by looking", "cause", err)
	}
}

// hint judges an event; ok is false when it cannot concern a definition.
func (n *notifier) hint(e fsnotify.Event) (h hint, ok bool) {
	if e.Name == n.root {
		return hint{}, true
	}
	below, inside := strings.CutPrefix(e.Name, n.root+string(filepath.Separator))
	if !inside {
		return hint{}, false
	}
	name := filepath.ToSlash(below)
	switch {
	case defines(path.Base(name)):
		return hint{name}, true
	case e.Op == fsnotify.Write:
		return hint{}, false
	case n.dirs[name] != nil:
		return hint{}, true
	}
	// Directories and links decide about more than their own name; Kubernetes
	// swaps a hidden one.
	info, err := os.Lstat(e.Name)
	if err != nil || !info.IsDir() && info.Mode()&fs.ModeSymlink == 0 {
		return hint{}, false
	}
	return hint{}, info.Mode()&fs.ModeSymlink != 0 || !hidden(path.Base(name))
}
