//go:build unix

package toolsdir

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/toolsd/toolsd/schema"
)

const (
	settle = 40 * time.Millisecond
	// noticed is a time within which polling finds and delivers any change.
	noticed = 500 * time.Millisecond
	// repeats is how often each harmless thing is done.
	repeats = 1000
)

// A stage is a directory with a polling watcher, in a bubble where time
// passes at once. The files are real.
type stage struct {
	t   *testing.T
	dir string
	w   *Watcher
	// refuse, while set, is asked about what is opened.
	refuse atomic.Pointer[func(name string) bool]

	mu         sync.Mutex
	deliveries [][]schema.Source
}

// play runs a test on a stage.
func play(t *testing.T, disk []string, f func(*stage)) {
	root := filepath.Join(t.TempDir(), "tools.d")
	lay(t, root, disk...)
	synctest.Test(t, func(t *testing.T) {
		s := &stage{t: t, dir: root, w: New(root, "tools.d", Options{NoEvents: true})}
		s.w.tree.open = s.openAllowed
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- s.w.Run(ctx, s.deliver) }()
		defer func() {
			cancel()
			if err := <-done; !errors.Is(err, context.Canceled) {
				t.Errorf("Run: %v", err)
			}
		}()
		s.pass(noticed)
		f(s)
	})
}

// openAllowed refuses what the mode bits refuse, also to the superuser.
func (s *stage) openAllowed(root *os.Root, name string) (*os.File, error) {
	info, err := root.Stat(name)
	refuse := s.refuse.Load()
	if err == nil && info.Mode().Perm()&0o400 == 0 || refuse != nil && (*refuse)(name) {
		return nil, &os.PathError{Op: "open", Path: name, Err: syscall.EACCES}
	}
	return openBelow(root, name)
}

func (s *stage) deliver(sources []schema.Source) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deliveries = append(s.deliveries, sources)
}

// pass lets time go by.
func (s *stage) pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// heard returns what was delivered since it was last asked, and forgets it.
func (s *stage) heard() [][]schema.Source {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.deliveries
	s.deliveries = nil
	return all
}

// expect passes enough time for a change to be noticed and wants exactly one
// delivery, or none when no lines are given.
func (s *stage) expect(when string, want ...string) {
	s.t.Helper()
	s.pass(noticed)
	got := [][]string{}
	for _, d := range s.heard() {
		got = append(got, told(d))
	}
	wanted := [][]string{}
	if len(want) > 0 {
		wanted = append(wanted, want)
	}
	if diff := cmp.Diff(wanted, got); diff != "" {
		s.t.Fatalf("%s: %s", when, diff)
	}
}

func (s *stage) lay(lines ...string) { s.t.Helper(); lay(s.t, s.dir, lines...) }

func (s *stage) path(name string) string { return filepath.Join(s.dir, filepath.FromSlash(name)) }

func (s *stage) do(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) remove(name string) { s.t.Helper(); s.do(os.RemoveAll(s.path(name))) }

func (s *stage) rename(from, to string) {
	s.t.Helper()
	s.do(os.Rename(s.path(from), s.path(to)))
}
