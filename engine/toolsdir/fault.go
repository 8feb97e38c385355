package toolsdir

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"
)

// Why a file or directory could not be read, beside what the operating system
// says.
var (
	// ErrOutside: whoever may write a tool must not be able to have any file of
	// the machine read, so links are followed inside the directory alone.
	ErrOutside = errors.New("the link leads out of the directory (only relative links inside it are followed)")
	// ErrCycle: a linked directory that holds the link to itself.
	ErrCycle = errors.New("the link leads back to a directory that holds it")
	// ErrNotRegular: a pipe, socket or device; it is never opened.
	ErrNotRegular = errors.New("not a regular file")
	// ErrChanging: a file that was being written all the while.
	ErrChanging = errors.New("the file is being written")
)

// A limitError says which bound was passed. It is comparable, so that a stamp
// can hold it.
type limitError struct {
	more  string
	limit int
	unit  string
}

func (e limitError) Error() string { return fmt.Sprintf("%s than %d %s", e.more, e.limit, e.unit) }

// fault reduces an error of the file system to its cause, which names no path
// and is comparable: the same fault is the same value in every look.
func fault(err error) error {
	var number syscall.Errno
	if errors.As(err, &number) {
		return number
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return otherFault(err.Error())
}

// An otherFault is an error of the file system that has no number.
type otherFault string

func (f otherFault) Error() string { return string(f) }

// linkFault is fault for an error of following a link below an os.Root, which
// has no exported error for a link that escapes: it is the one refusal that
// does not come from the operating system.
func linkFault(err error) error {
	if cause := fault(err); errors.As(cause, new(syscall.Errno)) {
		return cause
	}
	return ErrOutside
}
