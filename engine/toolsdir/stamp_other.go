//go:build !linux && !darwin

package toolsdir

import "os"

// identify adds nothing: size and modification time must do here, and what
// they miss the rolling comparison of contents finds.
func (s *stamp) identify(os.FileInfo) {}
