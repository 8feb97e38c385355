package toolsdir

import (
	"os"
	"time"
)

// A stamp is what one look at a name showed. Two looks with equal stamps saw
// the same file in the same state, as far as the file system can tell: it is
// the stamp of what the name leads to, so that the swap of any link on the
// way shows too. The zero stamp is a name that is not there.
type stamp struct {
	there bool
	// err is set when the name is there and nothing can be read from it. Its
	// dynamic type is comparable and equal faults are equal values, since
	// stamps are compared.
	err  error
	size int64
	// mtime and ctime are nanoseconds; ctime, dev and ino are zero where the
	// operating system does not tell them.
	mtime, ctime int64
	dev, ino     uint64
}

// stampOf returns the stamp of a file that was found.
func stampOf(info os.FileInfo) stamp {
	if !info.Mode().IsRegular() {
		return stamp{there: true, err: ErrNotRegular}
	}
	s := stamp{there: true, size: info.Size(), mtime: info.ModTime().UnixNano()}
	s.identify(info)
	return s
}

// readable reports whether a regular file was seen.
func (s stamp) readable() bool { return s.there && s.err == nil }

// lastChange is since when the stamp has held, by the clock of the file
// system; now, where that clock is ahead or nothing is known.
func (s stamp) lastChange(now time.Time) time.Time {
	last := time.Unix(0, max(s.mtime, s.ctime))
	if !s.readable() || last.After(now) {
		return now
	}
	return last
}
