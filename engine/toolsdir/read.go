// Package toolsdir reads the sources of definitions from a directory, and
// notices when they change.
//
// Sources are the files *.yaml and *.yml at any depth. Names that begin with
// "." or "_" are left out, as are the directories of such names. Links are
// followed where they stay inside the directory, as in a mounted ConfigMap;
// the directory itself may be a link to anywhere. Pipes, sockets and devices
// are never opened.
//
// No file is read while it is being written: it counts as saved when two
// looks, a settle time apart, see the same size, times and inode. It may
// vanish and come back within that time, as in many editors, without having
// been away.
package toolsdir

import (
	"fmt"
	"time"

	"github.com/toolsd/toolsd/schema"
)

const (
	defaultSettle = 40 * time.Millisecond
	// readPatience is how long Read waits for files that are being written.
	readPatience = time.Second
)

// Read returns the sources in a directory, sorted by name. Their names are
// name, a slash, and the slash-separated path below root. A file, or a
// directory below root, that cannot be read is a source with Err set, which
// names no path of the machine; a file still being written after a second has
// ErrChanging. The error is for root itself: it cannot be listed, or holds
// more files and directories than b allows definitions.
//
// Read waits only where a file changed within the last 40 ms.
func Read(root, name string, b schema.Bounds) ([]schema.Source, error) {
	s := newScanner(newTree(root, b), name, defaultSettle)
	start := time.Now()
	s.walk(start)
	if f := s.files["/"]; f != nil {
		return nil, fmt.Errorf("%s: %w", name, f.seen.err)
	}
	for {
		now := time.Now()
		s.take(now)
		if len(s.unsettled) == 0 || now.Sub(start) > readPatience {
			break
		}
		if s.stray {
			s.walk(now)
		}
		time.Sleep(time.Until(s.settlesAt()))
	}
	for name, f := range s.unsettled {
		s.settled(name, f, nil, ErrChanging, start)
	}
	return s.sources(), nil
}
