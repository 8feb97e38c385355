//go:build unix

package toolsdir

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
	"github.com/google/go-cmp/cmp"

	"github.com/toolsd/toolsd/schema"
)

// follow runs a watcher that depends on file events for the rest of the test.
// Its wait returns when the latest delivery is want.
func follow(t *testing.T, root string) (wait func(when string, want ...string)) {
	t.Helper()
	w := New(root, "tools.d", Options{Poll: time.Hour})
	deliveries := make(chan []string)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		done <- w.Run(ctx, func(sources []schema.Source) {
			select {
			case deliveries <- told(sources):
			case <-ctx.Done():
			}
		})
	}()
	t.Cleanup(func() { cancel(); <-done })
	return func(when string, want ...string) {
		t.Helper()
		deadline := time.After(20 * time.Second)
		var got []string
		for {
			select {
			case got = <-deliveries:
				if slices.Equal(got, want) {
					return
				}
			case <-deadline:
				t.Fatalf("%s: no delivery of %q; the last was %q", when, want, got)
			}
		}
	}
}

func TestEvents(t *testing.T) {
	root := filepath.Join(t.TempDir(), "tools.d")
	lay(t, root, "a.yaml: 1", "..1/c.yaml: 1", "..data -> ..1", "c.yaml -> ..data/c.yaml")
	wait := follow(t, root)
	c := "tools.d/c.yaml: 1"
	wait("at the start", "tools.d/a.yaml: 1", c)

	for i := range 20 {
		content := strings.Repeat("x", i+2)
		lay(t, root, "a.yaml: "+content)
		wait("a save", "tools.d/a.yaml: "+content, c)
	}
	lay(t, root, ".a.yaml.tmp: renamed")
	rename(t, filepath.Join(root, ".a.yaml.tmp"), filepath.Join(root, "a.yaml"))
	wait("an atomic rename", "tools.d/a.yaml: renamed", c)

	lay(t, root, "sub/deep/b.yaml: 1")
	wait("a new directory", "tools.d/a.yaml: renamed", c, "tools.d/sub/deep/b.yaml: 1")
	lay(t, root, "sub/deep/b.yaml: two")
	wait("a save below it", "tools.d/a.yaml: renamed", c, "tools.d/sub/deep/b.yaml: two")
	if err := os.RemoveAll(filepath.Join(root, "sub")); err != nil {
		t.Fatal(err)
	}
	wait("its removal", "tools.d/a.yaml: renamed", c)

	lay(t, root, "..2/c.yaml: 2", "..data_tmp -> ..2")
	rename(t, filepath.Join(root, "..data_tmp"), filepath.Join(root, "..data"))
	wait("a swap of Kubernetes", "tools.d/a.yaml: renamed", "tools.d/c.yaml: 2")

	away := root + ".away"
	for range 20 {
		rename(t, root, away)
		wait("the root is gone", "tools.d/! no such file or directory", "tools.d/a.yaml: renamed", "tools.d/c.yaml: 2")
		rename(t, away, root)
		wait("the root is back", "tools.d/a.yaml: renamed", "tools.d/c.yaml: 2")
	}
	rename(t, root, away)
	lay(t, root, "a.yaml: other")
	wait("another root", "tools.d/a.yaml: other")
	lay(t, root, "a.yaml: and watched")
	wait("a save in it", "tools.d/a.yaml: and watched")
}

// The root may be a link that is swapped, as releases are.
func TestEventsLinkedRoot(t *testing.T) {
	dir := t.TempDir()
	lay(t, dir, "1/a.yaml: 1", "2/a.yaml: 2", "tools.d -> 1", "next -> 2")
	wait := follow(t, filepath.Join(dir, "tools.d"))
	wait("at the start", "tools.d/a.yaml: 1")
	rename(t, filepath.Join(dir, "next"), filepath.Join(dir, "tools.d"))
	wait("swapped", "tools.d/a.yaml: 2")
	lay(t, dir, "2/a.yaml: three")
	wait("a save behind the link", "tools.d/a.yaml: three")
}

func rename(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}

func TestHint(t *testing.T) {
	root := t.TempDir()
	lay(t, root, "sub/", ".git/", "README.md: x", ".a.yaml.swp: x", "..data -> sub", "link -> sub", "a.yaml: 1")
	n := &notifier{root: root, dirs: map[string]os.FileInfo{}}
	info, err := os.Stat(root)
	if err != nil {
		t.Fatal(err)
	}
	n.dirs["gone"] = info
	for _, tc := range []struct {
		path string
		op   fsnotify.Op
		want string // "" is none, "*" is everywhere
	}{
		{"", fsnotify.Remove, "*"},
		{"/a.yaml", fsnotify.Write, "a.yaml"},
		{"/a.yaml", fsnotify.Chmod, "a.yaml"},
		{"/sub/new.yml", fsnotify.Create, "sub/new.yml"},
		{"/removed.yaml", fsnotify.Remove, "removed.yaml"},
		{"/sub", fsnotify.Create, "*"},
		{"/sub", fsnotify.Chmod, "*"},
		{"/gone", fsnotify.Remove, "*"},
		{"/link", fsnotify.Create, "*"},
		{"/..data", fsnotify.Create, "*"},
		{"/.git", fsnotify.Create, ""},
		{"/README.md", fsnotify.Create, ""},
		{"/README.md", fsnotify.Write, ""},
		{"/.a.yaml.swp", fsnotify.Create, ""},
		{"/.a.yaml", fsnotify.Write, ""},
		{"/a.yaml~", fsnotify.Rename, ""},
		{"-other/a.yaml", fsnotify.Write, ""},
	} {
		h, ok := n.hint(fsnotify.Event{Name: root + filepath.FromSlash(tc.path), Op: tc.op})
		got := h.name
		if ok && got == "" {
			got = "*"
		}
		if got != tc.want {
			t.Errorf("%s %s: %q, want %q", tc.op, tc.path, got, tc.want)
		}
	}
}

// Where there are no events, that is said once, and polling finds changes.
func TestWithoutEvents(t *testing.T) {
	root := t.TempDir()
	lay(t, root, "a.yaml: 1", "sub/b.yaml: 1")
	var log bytes.Buffer
	n := newNotifier(root, slog.New(slog.NewTextHandler(&log, nil)))
	if !n.listening() {
		t.Fatal("there are no events here")
	}
	if err := n.events.Close(); err != nil {
		t.Fatal(err)
	}
	tr := newTree(root, schema.Bounds{})
	n.follow(tr.walk().dirs)
	n.fault(errors.New("another"))
	n.fault(fsnotify.ErrEventOverflow)
	if n.listening() {
		t.Error("events are still expected")
	}
	if lines := strings.Count(log.String(), "\n"); lines != 1 {
		t.Errorf("told %d times, want 1:\n%s", lines, log.String())
	}
	p := &pursuit{
		scanner:  newScanner(tr, "tools.d", settle),
		notifier: n, poll: time.Minute, names: map[string]bool{},
	}
	events, _ := n.channels()
	e, ok := <-events
	p.note(e, ok)
	if events, _ := n.channels(); events != nil {
		t.Error("the closed channel is still waited for")
	}
	now := time.Now()
	p.turn(now, func([]schema.Source) {})
	if wait := p.walkAt.Sub(now); wait > time.Minute/2 {
		t.Errorf("the next walk is %v off, an eighth of a minute is enough without events", wait)
	}
}

// A file that is emptied and written is looked at once, after both.
func TestEventsAreGathered(t *testing.T) {
	root := t.TempDir()
	lay(t, root, "a.yaml: 1")
	s := newScanner(newTree(root, schema.Bounds{}), "tools.d", settle)
	p := &pursuit{scanner: s, notifier: &notifier{root: root}, poll: time.Hour, names: map[string]bool{}}
	start := time.Now()
	p.turn(start, func([]schema.Source) {})
	p.turn(start.Add(settle), func([]schema.Source) {})
	save := func(content string) {
		lay(t, root, "a.yaml: "+content)
		p.note(fsnotify.Event{Name: filepath.Join(root, "a.yaml"), Op: fsnotify.Write}, true)
	}
	save("")
	if next := p.turn(p.namesAt.Add(-1), func([]schema.Source) {}); len(s.unsettled) != 0 || next.After(p.namesAt) {
		t.Errorf("the file is looked at while it is being written")
	}
	save("whole")
	looked := p.namesAt
	p.turn(looked, func([]schema.Source) {})
	var got []string
	p.turn(looked.Add(settle), func(sources []schema.Source) { got = told(sources) })
	if diff := cmp.Diff([]string{"tools.d/a.yaml: whole"}, got); diff != "" {
		t.Error("a settle time after the look:", diff)
	}
}
