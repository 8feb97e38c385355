//go:build unix

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/engine/toolsdir"
	"github.com/toolsd/toolsd/schema"
)

// repeats is how often each harmless thing is done.
const repeats = 1000

// A workshop is a directory that is followed by a watcher and served by an
// engine, as serve does it. One of its tools, "steady", is never touched, and
// the other, "edited", answers with the number of the turn.
type workshop struct {
	t      *testing.T
	dir    string
	engine *engine.Engine
	turn   atomic.Int64
	served atomic.Int64 // publications
	// rest lets the time go by in which a change is noticed, and pause less
	// than that in which it counts as saved.
	rest, pause func()
}

func (w *workshop) text(version int64) string {
	return fmt.Sprintf("tool: edited\ndescription: Answers with its version.\ninputSchema: {type: object, additionalProperties: false}\nexpr: '\"%d\"'\n", version)
}

const steady = "tool: steady\ndescription: Is never touched.\ninputSchema: {type: object, additionalProperties: false}\nexpr: '\"steady\"'\n"

func (w *workshop) path(name string) string { return filepath.Join(w.dir, name) }

func (w *workshop) do(errs ...error) {
	w.t.Helper()
	for _, err := range errs {
		if err != nil {
			w.t.Fatal(err)
		}
	}
}

func (w *workshop) write(name, text string) error {
	return os.WriteFile(w.path(name), []byte(text), 0o644)
}

func (w *workshop) rename(from, to string) error { return os.Rename(w.path(from), w.path(to)) }

func (w *workshop) answer(tool string) string {
	r, err := w.engine.Call(context.Background(), tool, nil)
	if err != nil {
		return err.Error()
	}
	return r.Content[0].Text
}

// publish serves what was read. What is served changes here alone: if both
// tools answer as they should now, they did so all the time.
func (w *workshop) publish(sources []schema.Source) {
	w.engine.Publish(sources)
	w.served.Add(1)
	turn := w.turn.Load()
	if got := w.answer("steady"); got != "steady" {
		w.t.Errorf("turn %d: the tool that nobody touched answers %q", turn, got)
	}
	if got := w.answer("edited"); got != fmt.Sprint(turn) && got != fmt.Sprint(turn-1) {
		w.t.Errorf("turn %d: the edited tool answers %q", turn, got)
	}
}

// harmless are ways to save the edited tool, by what is done.
var harmless = map[string]func(w *workshop, text string){
	"half-written file": func(w *workshop, text string) {
		f, err := os.Create(w.path("edited.yaml"))
		w.do(err)
		for piece := range strings.Lines(text) {
			w.pause()
			_, err := f.WriteString(piece)
			w.do(err)
		}
		w.do(f.Close())
	},
	"temporary file and backup": func(w *workshop, text string) {
		w.do(w.write("4913", ""), w.write(".edited.yaml.swp", text[:20]), w.rename("edited.yaml", "edited.yaml~"))
		w.pause()
		w.do(w.write("edited.yaml", text), os.Remove(w.path("4913")), os.Remove(w.path(".edited.yaml.swp")), os.Remove(w.path("edited.yaml~")))
	},
	"atomic rename": func(w *workshop, text string) {
		w.do(w.write(".edited.yaml.tmp", text), w.rename(".edited.yaml.tmp", "edited.yaml"))
	},
	"delete and restore": func(w *workshop, text string) {
		w.do(os.Remove(w.path("edited.yaml")))
		w.pause()
		w.do(w.write("edited.yaml", text))
	},
	"directory removed and back": func(w *workshop, text string) {
		away := w.dir + ".away"
		w.do(os.Rename(w.dir, away))
		w.rest() // for as long as it likes
		w.do(os.WriteFile(filepath.Join(away, "edited.yaml"), []byte(text), 0o644), os.Rename(away, w.dir))
	},
	"another directory in its place": func(w *workshop, text string) {
		next, away := w.dir+".next", w.dir+".away"
		w.do(os.Mkdir(next, 0o755), os.WriteFile(filepath.Join(next, "edited.yaml"), []byte(text), 0o644),
			os.WriteFile(filepath.Join(next, "steady.yaml"), []byte(steady), 0o644),
			os.Rename(w.dir, away), os.Rename(next, w.dir), os.RemoveAll(away))
	},
	"symlink swap": func(w *workshop, text string) {
		version := fmt.Sprintf("..%d", w.turn.Load())
		w.do(os.Mkdir(w.path(version), 0o755), w.write(version+"/edited.yaml", text), os.Symlink(version, w.path("..data_tmp")),
			w.rename("..data_tmp", "..data"))
		if info, err := os.Lstat(w.path("edited.yaml")); err == nil && info.Mode().IsRegular() {
			w.do(os.Symlink("..data/edited.yaml", w.path(".link")), w.rename(".link", "edited.yaml"))
		}
		w.do(os.RemoveAll(w.path(fmt.Sprintf("..%d", w.turn.Load()-1))))
	},
	// What takes permissions away from everyone else does not from the
	// superuser; a link to nowhere cannot be read by anybody.
	"not to be read and back": func(w *workshop, text string) {
		w.do(os.Symlink("nowhere", w.path(".link")), w.rename(".link", "edited.yaml"), os.Chmod(w.path("steady.yaml"), 0))
		w.rest()
		w.do(os.Chmod(w.path("steady.yaml"), 0o644), w.write(".whole", text), w.rename(".whole", "edited.yaml"))
	},
	"a bad save": func(w *workshop, text string) {
		n := w.turn.Load()
		bad := []string{
			strings.Replace(text, "expr:", "exrp:", 1), text[:30], "[", strings.Replace(text, "'\"", "'1 + \"", 1),
			strings.Replace(text, "tool: edited", "tool: ed ited", 1), text + "---\n" + text, strings.Replace(text, "Answers", "'Answers", 1),
			"upstream: edited\nbaseUrl: nowhere\n---\n" + strings.Replace(text, "expr:", "expr: |\n  1 +", 1), strings.Repeat("tool: edited\n", 50), "\xff\x00",
		}
		w.do(w.write("edited.yaml", bad[int(n)%len(bad)]))
		w.rest()
		if got := w.answer("edited"); got != fmt.Sprint(n-1) || len(w.engine.Catalog().Stale()) == 0 {
			w.t.Errorf("turn %d: after a bad save the tool answers %q, stale: %v", n, got, w.engine.Catalog().Stale())
		}
		w.do(w.write("edited.yaml", text))
	},
}

// open serves a new workshop and returns what ends it.
func open(w *workshop, o toolsdir.Options) (end func()) {
	w.do(w.write("steady.yaml", steady), w.write("edited.yaml", w.text(0)))
	w.engine = engine.New(engine.Options{})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- toolsdir.New(w.dir, "tools.d", o).Run(ctx, w.publish) }()
	return func() {
		cancel()
		<-done
	}
}

// Each harmless thing, a thousand times over, harms nothing: no tool is ever
// away or wrong, and each save is live. Time passes at once, so that what
// takes less than the settle time does so also on a busy machine.
func TestHarmlessReloads(t *testing.T) {
	for name, save := range harmless {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "tools.d")
			if err := os.Mkdir(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			synctest.Test(t, func(t *testing.T) {
				pass := func(d time.Duration) func() {
					return func() { time.Sleep(d); synctest.Wait() }
				}
				w := &workshop{t: t, dir: dir, rest: pass(500 * time.Millisecond), pause: pass(30 * time.Millisecond)}
				end := open(w, toolsdir.Options{NoEvents: true})
				defer end()
				w.rest()
				for n := int64(1); n <= repeats && !t.Failed(); n++ {
					w.turn.Store(n)
					save(w, w.text(n))
					w.rest()
					if got := w.answer("edited"); got != fmt.Sprint(n) || len(w.engine.Catalog().Stale()) > 0 {
						t.Fatalf("turn %d: the tool answers %q, stale: %v", n, got, w.engine.Catalog().Stale())
					}
				}
				if w.served.Load() < repeats {
					t.Errorf("%d publications for %d saves", w.served.Load(), repeats)
				}
			})
		})
	}
}
