package functions

import (
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"
)

// settle is how long a file must have been left alone to count as saved: half
// a key must not become a key.
const settle = 40 * time.Millisecond

// A keyFile is a file of keys with what it looked like when it was read last.
type keyFile struct {
	path string
	seen fs.FileInfo // nil when it was missing
}

// changed reports whether the file differs from the one read last and has been
// saved completely.
func (f *keyFile) changed() bool {
	now, err := os.Stat(f.path)
	if err != nil {
		return f.seen != nil
	}
	if age := time.Since(now.ModTime()); age >= 0 && age < settle {
		return false
	}
	return f.seen == nil || !os.SameFile(f.seen, now) ||
		f.seen.Size() != now.Size() || !f.seen.ModTime().Equal(now.ModTime())
}

// read returns the keys of the file and remembers how it looks, also when
// there is a fault, which is then not met again until the next change.
func (f *keyFile) read() ([]key, error) {
	f.seen = nil
	info, err := os.Stat(f.path)
	if err != nil {
		return nil, err
	}
	f.seen = info
	data, err := os.ReadFile(f.path)
	if err != nil {
		return nil, err
	}
	all, err := parseKeys(strings.TrimPrefix(string(data), "\ufeff"), "\n", "line")
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.path, err)
	}
	return all, nil
}
