//go:build unix

package toolsdir

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/toolsd/toolsd/schema"
)

// lay makes files out of "name: content" lines; "name -> target" is a link,
// "name/" a directory and "name|" a pipe.
func lay(t *testing.T, dir string, lines ...string) {
	t.Helper()
	for _, line := range lines {
		at := func(name string) string {
			p := filepath.Join(dir, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
				t.Fatal(err)
			}
			return p
		}
		var err error
		if name, target, ok := strings.Cut(line, " -> "); ok {
			err = os.Symlink(target, at(name))
		} else if name, content, ok := strings.Cut(line, ": "); ok {
			err = os.WriteFile(at(name), []byte(content), 0o644)
		} else if name, ok := strings.CutSuffix(line, "/"); ok {
			err = os.MkdirAll(at(name), 0o755)
		} else if name, ok := strings.CutSuffix(line, "|"); ok {
			err = syscall.Mkfifo(at(name), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// told writes sources as lines: "name: content" or "name! error".
func told(sources []schema.Source) []string {
	lines := []string{}
	for _, s := range sources {
		if s.Err != nil {
			lines = append(lines, s.Name+"! "+s.Err.Error())
		} else {
			lines = append(lines, s.Name+": "+string(s.Bytes))
		}
	}
	return lines
}

func TestRead(t *testing.T) {
	outside := t.TempDir()
	lay(t, outside, "secret.yaml: s", "dir/a.yaml: s")
	for _, tc := range []struct {
		name   string
		disk   []string
		bounds schema.Bounds
		want   []string
	}{
		{
			name: "nothing",
			disk: []string{"./"},
			want: []string{},
		},
		{
			name: "yaml at any depth, sorted by name",
			disk: []string{"b.yaml: 2", "a.yml: 1", "sub/deep/c.yaml: 3", "sub.yaml: 4", "README.md: no", "x.json: no"},
			want: []string{"tools.d/a.yml: 1", "tools.d/b.yaml: 2", "tools.d/sub.yaml: 4", "tools.d/sub/deep/c.yaml: 3"},
		},
		{
			name: "hidden names are left out",
			disk: []string{".a.yaml: no", "_a.yaml: no", ".git/a.yaml: no", "_old/a.yaml: no", "a.yaml: 1"},
			want: []string{"tools.d/a.yaml: 1"},
		},
		{
			name: "temporary files and backups of editors are left out",
			disk: []string{"a.yaml: 1", "a.yaml~: no", ".a.yaml.swp: no", "4913: no", "#a.yaml#: no", ".#a.yaml -> user@host.1", "a.yaml.bak: no"},
			want: []string{"tools.d/a.yaml: 1"},
		},
		{
			name: "a mounted ConfigMap",
			disk: []string{"..2026_01/a.yaml: 1", "..data -> ..2026_01", "a.yaml -> ..data/a.yaml"},
			want: []string{"tools.d/a.yaml: 1"},
		},
		{
			name: "linked directories",
			disk: []string{".store/one/a.yaml: 1", "sub -> .store/one"},
			want: []string{"tools.d/sub/a.yaml: 1"},
		},
		{
			name: "links that lead out are refused",
			disk: []string{"a.yaml -> " + outside + "/secret.yaml", "b.yaml -> ../../../../../../../../etc/passwd", "sub -> " + outside + "/dir", "c.yaml: 3"},
			want: []string{
				"tools.d/a.yaml! " + ErrOutside.Error(), "tools.d/b.yaml! " + ErrOutside.Error(),
				"tools.d/c.yaml: 3", "tools.d/sub/! " + ErrOutside.Error(),
			},
		},
		{
			name: "broken links",
			disk: []string{"a.yaml -> gone.yaml", "sub -> gone", "notes.md -> gone.md", "loop.yaml -> loop.yaml"},
			want: []string{
				"tools.d/a.yaml! no such file or directory", "tools.d/loop.yaml! too many levels of symbolic links",
				"tools.d/sub/! no such file or directory",
			},
		},
		{
			name: "circles of directories",
			disk: []string{"sub/a.yaml: 1", "sub/up -> ..", "sub/self -> ."},
			want: []string{"tools.d/sub/a.yaml: 1", "tools.d/sub/self/! " + ErrCycle.Error(), "tools.d/sub/up/! " + ErrCycle.Error()},
		},
		{
			name: "pipes are not opened",
			disk: []string{"a.yaml|", "b.yaml -> p", "p|", "c.yaml: 3"},
			want: []string{"tools.d/a.yaml! " + ErrNotRegular.Error(), "tools.d/b.yaml! " + ErrNotRegular.Error(), "tools.d/c.yaml: 3"},
		},
		{
			name: "a directory may be called anything",
			disk: []string{"a.yaml/b.yaml: 1"},
			want: []string{"tools.d/a.yaml/b.yaml: 1"},
		},
		{
			name:   "a file over the bound",
			disk:   []string{"a.yaml: 12345", "b.yaml: 1234"},
			bounds: schema.Bounds{FileBytes: 4},
			want:   []string{"tools.d/a.yaml! larger than 4 bytes", "tools.d/b.yaml: 1234"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			root := t.TempDir()
			lay(t, root, tc.disk...)
			got, err := Read(root, "tools.d", tc.bounds)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, told(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadRoot(t *testing.T) {
	dir := t.TempDir()
	lay(t, dir, "file: 1", "real/a.yaml: 1", "real/b.yaml: 2", "link -> real")

	got, err := Read(filepath.Join(dir, "link"), "tools.d", schema.Bounds{})
	if want := []string{"tools.d/a.yaml: 1", "tools.d/b.yaml: 2"}; err != nil || !cmp.Equal(want, told(got)) {
		t.Errorf("a root that is a link: %v, %v", told(got), err)
	}
	for name, want := range map[string]string{
		"missing": "tools.d: no such file or directory",
		"file":    "tools.d: not a directory",
	} {
		if _, err := Read(filepath.Join(dir, name), "tools.d", schema.Bounds{}); err == nil || err.Error() != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Read(filepath.Join(dir, "missing"), "tools.d", schema.Bounds{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing: %v is not fs.ErrNotExist", err)
	}
	_, err = Read(filepath.Join(dir, "real"), "tools.d", schema.Bounds{Definitions: 1})
	if err == nil || err.Error() != "tools.d: more than 1 files and directories" {
		t.Errorf("too many files: %v", err)
	}
}

// A file that is never at rest is not read, and holds the others up for a
// second at most.
func TestReadWhileWritten(t *testing.T) {
	root := t.TempDir()
	lay(t, root, "a.yaml: 1", "b.yaml: 2")
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		var writer sync.WaitGroup
		defer writer.Wait()
		defer stop()
		const pause = defaultSettle * 3 / 4
		var writes atomic.Int64
		writer.Go(func() {
			for ctx.Err() == nil {
				lay(t, root, "b.yaml: "+strings.Repeat("x", int(writes.Add(1))))
				time.Sleep(pause)
			}
		})
		got, err := Read(root, "tools.d", schema.Bounds{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"tools.d/a.yaml: 1", "tools.d/b.yaml! " + ErrChanging.Error()}, told(got)); diff != "" {
			t.Error(diff)
		}
		if n, most := writes.Load(), int64((readPatience+2*defaultSettle)/pause)+1; n > most {
			t.Errorf("it waited for %d writes, and %d are enough", n, most)
		}
	})
}

// What was a file when it was looked at may be a pipe when it is opened.
func TestOpenDoesNotWait(t *testing.T) {
	dir := t.TempDir()
	lay(t, dir, "p|")
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	opened := make(chan error, 1)
	go func() {
		f, err := openBelow(root, "p")
		if err == nil {
			f.Close()
		}
		opened <- err
	}()
	select {
	case err := <-opened:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("opening a pipe waits for its writer")
	}
}
