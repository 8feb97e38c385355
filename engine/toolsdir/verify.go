package toolsdir

import (
	"bytes"
	"os"
	"strings"
	"time"
)

// How much of a directory is compared with what was read of it, at one time.
const (
	verifyFiles = 64
	verifyBytes = 256 << 10
)

// verify compares the contents of a few files with their sources, going on
// where it stopped the last time: on mounts whose times are coarse a change
// can leave the stamp as it was.
func (s *scanner) verify(now time.Time) {
	root, err := os.OpenRoot(s.dir)
	if err != nil {
		s.stray = true
		return
	}
	defer root.Close()
	size := 0
	for n := 0; n < min(verifyFiles, len(s.order)) && size < verifyBytes; n++ {
		name := s.order[s.next%len(s.order)].name
		s.next++
		f := s.files[name]
		if strings.HasSuffix(name, "/") || f == nil || !f.current() {
			continue
		}
		content, got, err := s.read(root, name, f.seen)
		size += len(content)
		switch {
		case got != f.seen:
			s.observe(look{name, got}, now)
		case !sameFault(err, f.source.Err) || !bytes.Equal(content, f.source.Bytes):
			s.doubt(name, f, now)
		}
	}
}
