//go:build unix

package toolsdir

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/toolsd/toolsd/schema"
)

func TestWatchChanges(t *testing.T) {
	play(t, []string{"a.yaml: 1", "sub/b.yaml: 1"}, func(s *stage) {
		s.expect("at the start", "tools.d/a.yaml: 1", "tools.d/sub/b.yaml: 1")
		s.expect("nothing happened")
		s.lay("a.yaml: two")
		s.expect("an edit", "tools.d/a.yaml: two", "tools.d/sub/b.yaml: 1")
		s.lay("c.yaml: 1")
		s.expect("a new file", "tools.d/a.yaml: two", "tools.d/c.yaml: 1", "tools.d/sub/b.yaml: 1")
		s.lay("c.yaml: 1")
		s.do(os.Chtimes(s.path("a.yaml"), time.Unix(1, 0), time.Unix(1, 0)))
		s.expect("nothing but the times changed")
		s.rename("a.yaml", "d.yaml")
		s.expect("another name", "tools.d/c.yaml: 1", "tools.d/d.yaml: two", "tools.d/sub/b.yaml: 1")
		s.remove("sub")
		s.remove("c.yaml")
		s.expect("removals", "tools.d/d.yaml: two")
		s.remove("d.yaml")
		s.pass(noticed)
		if all := s.heard(); len(all) != 1 || len(all[0]) != 0 {
			t.Fatalf("the last file removed: %v", all)
		}
	})
}

func TestWatchEmpty(t *testing.T) {
	play(t, []string{"./"}, func(s *stage) {
		if all := s.heard(); len(all) != 1 || len(all[0]) != 0 {
			t.Fatalf("an empty directory: %v", all)
		}
	})
}

func TestPoke(t *testing.T) {
	play(t, []string{"a.yaml: 1"}, func(s *stage) {
		s.heard()
		s.pass(settle / 8) // somewhere between two walks
		s.lay("a.yaml: two")
		s.w.Poke()
		s.w.Poke()
		s.pass(settle)
		if all := s.heard(); len(all) != 1 {
			t.Fatalf("%d deliveries a settle after the poke, want 1", len(all))
		}
	})
}

// Half of a file is never delivered, wherever the writer pauses for less than
// the settle time.
func TestWatchHalfWritten(t *testing.T) {
	play(t, []string{"a.yaml: whole", "b.yaml: 1"}, func(s *stage) {
		s.heard()
		for i := range repeats {
			f, err := os.Create(s.path("a.yaml"))
			s.do(err)
			want := fmt.Sprint("whole ", i)
			for _, piece := range strings.SplitAfter(want, "") {
				time.Sleep(settle * 3 / 4)
				_, err := f.WriteString(piece)
				s.do(err)
			}
			s.do(f.Close())
			s.expect("written in pieces", "tools.d/a.yaml: "+want, "tools.d/b.yaml: 1")
		}
	})
}

// A file that is written all the time stays as it was and holds up nobody.
func TestWatchRestlessFile(t *testing.T) {
	play(t, []string{"a.yaml: 1", "log.yaml: start"}, func(s *stage) {
		s.heard()
		ctx, stop := context.WithCancel(s.t.Context())
		var writer sync.WaitGroup
		defer writer.Wait()
		defer stop()
		writer.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				s.lay("log.yaml: " + strings.Repeat("x", i%100))
				time.Sleep(settle / 2)
			}
		})
		s.expect("one file is written all the time")
		for i := range repeats {
			content := strings.Repeat("a", i+2)
			s.lay("a.yaml: " + content)
			s.expect("another was saved", "tools.d/a.yaml: "+content, "tools.d/log.yaml: start")
		}
		stop()
		s.pass(noticed)
		if all := s.heard(); len(all) != 1 {
			t.Fatalf("%d deliveries when the writer stopped, want 1", len(all))
		}
	})
}

// What editors and other tools do between two states of a directory.
func TestWatchHarmless(t *testing.T) {
	for _, tc := range []struct {
		name string
		do   func(s *stage, content string) // a.yaml holds content afterwards
	}{
		{"write in place", func(s *stage, content string) {
			s.lay("a.yaml: " + content)
		}},
		{"atomic rename", func(s *stage, content string) {
			s.lay(".a.yaml.tmp: " + content)
			s.rename(".a.yaml.tmp", "a.yaml")
		}},
		{"temporary file with a name of its own", func(s *stage, content string) {
			s.lay("4913: ", "a.yaml~: old", "#a.yaml#: half", ".a.yaml.swp: half", ".#a.yaml -> me@here")
			s.pass(settle)
			s.lay("a.yaml: " + content)
			for _, name := range []string{"4913", "a.yaml~", "#a.yaml#", ".a.yaml.swp", ".#a.yaml"} {
				s.remove(name)
			}
		}},
		{"backup by rename, then a new file", func(s *stage, content string) {
			s.rename("a.yaml", "a.yaml~")
			s.pass(settle / 2)
			s.lay("a.yaml: " + content)
			s.remove("a.yaml~")
		}},
		{"delete and restore", func(s *stage, content string) {
			s.remove("a.yaml")
			s.pass(settle / 2)
			s.lay("a.yaml: " + content)
		}},
		{"directory away and back", func(s *stage, content string) {
			away := s.dir + ".away"
			s.do(os.Rename(s.dir, away))
			s.pass(settle / 2)
			s.do(os.WriteFile(filepath.Join(away, "a.yaml"), []byte(content), 0o644))
			s.do(os.Rename(away, s.dir))
		}},
		{"another directory in its place", func(s *stage, content string) {
			next, away := s.dir+".next", s.dir+".away"
			lay(s.t, next, "a.yaml: "+content, "b.yaml: b")
			s.do(os.Rename(s.dir, away))
			s.do(os.Rename(next, s.dir))
			s.do(os.RemoveAll(away))
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			play(t, []string{"a.yaml: start", "b.yaml: b"}, func(s *stage) {
				s.heard()
				for i := range repeats {
					content := strings.Repeat("x", 1+i)
					tc.do(s, content)
					s.expect(tc.name, "tools.d/a.yaml: "+content, "tools.d/b.yaml: b")
				}
			})
		})
	}
}

// The root may vanish for any time: what was read stays, and a source tells.
func TestWatchRootAway(t *testing.T) {
	for _, tc := range []struct {
		name   string
		remove func(s *stage)
		fault  string
	}{
		{"gone", func(*stage) {}, "no such file or directory"},
		{"a file in its place", func(s *stage) { s.do(os.WriteFile(s.dir, nil, 0o644)) }, "not a directory"},
		{"a dangling link in its place", func(s *stage) { s.do(os.Symlink("nowhere", s.dir)) }, "no such file or directory"},
		{"no permission", func(s *stage) { s.do(os.Mkdir(s.dir, 0o000)) }, "permission denied"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			play(t, []string{"a.yaml: 1"}, func(s *stage) {
				s.heard()
				for range repeats {
					s.do(os.Rename(s.dir, s.dir+".away"))
					tc.remove(s)
					s.expect("away", "tools.d/! "+tc.fault, "tools.d/a.yaml: 1")
					s.expect("still away")
					s.do(os.RemoveAll(s.dir))
					s.do(os.Rename(s.dir+".away", s.dir))
					s.expect("back", "tools.d/a.yaml: 1")
				}
			})
		})
	}
}

func TestWatchRootMissingAtStart(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.expect("no directory", "tools.d/! no such file or directory")
		s.lay("a.yaml: 1")
		s.expect("there it is", "tools.d/a.yaml: 1")
	})
}

func TestWatchPermissionLostAndBack(t *testing.T) {
	play(t, []string{"a.yaml: 1", "sub/b.yaml: 1"}, func(s *stage) {
		s.heard()
		for range repeats {
			s.do(os.Chmod(s.path("a.yaml"), 0))
			s.expect("a file", "tools.d/a.yaml! permission denied", "tools.d/sub/b.yaml: 1")
			s.expect("still")
			s.do(os.Chmod(s.path("a.yaml"), 0o644))
			s.expect("the file is back", "tools.d/a.yaml: 1", "tools.d/sub/b.yaml: 1")
			s.do(os.Chmod(s.path("sub"), 0))
			s.expect("a directory", "tools.d/a.yaml: 1", "tools.d/sub/! permission denied", "tools.d/sub/b.yaml: 1")
			s.do(os.Chmod(s.path("sub"), 0o755))
			s.expect("the directory is back", "tools.d/a.yaml: 1", "tools.d/sub/b.yaml: 1")
		}
	})
}

// Refusals that leave no trace in the stamp, as on mounts whose server
// decides, and on more files than are compared at one time.
func TestWatchRefusalByServer(t *testing.T) {
	var disk, good, bad []string
	for i := range 2 * verifyFiles {
		disk = append(disk, fmt.Sprintf("%03d.yaml: 1", i))
		good = append(good, fmt.Sprintf("tools.d/%03d.yaml: 1", i))
		bad = append(bad, fmt.Sprintf("tools.d/%03d.yaml! permission denied", i))
	}
	play(t, disk, func(s *stage) {
		s.expect("at the start", good...)
		refuse := func(name string) bool { return defines(name) }
		for range 3 {
			s.refuse.Store(&refuse)
			s.pass(time.Minute)
			if all := s.heard(); len(all) == 0 || !slices.Equal(bad, told(all[len(all)-1])) {
				t.Fatalf("refused: %d deliveries", len(all))
			}
			s.refuse.Store(nil)
			s.expect("back", good...)
		}
	})
}

// A file that changes between being looked at and being read is not taken.
func TestWatchChangeWhileRead(t *testing.T) {
	play(t, []string{"a.yaml: 1"}, func(s *stage) {
		s.heard()
		var once sync.Once
		meddle := func(name string) bool {
			if name == "a.yaml" {
				once.Do(func() { s.lay("a.yaml: half") })
				time.AfterFunc(settle/2, func() { s.lay("a.yaml: whole") })
			}
			return false
		}
		s.refuse.Store(&meddle)
		s.lay("a.yaml: two")
		s.pass(noticed)
		all := s.heard()
		if len(all) == 0 {
			t.Error("nothing was delivered")
		}
		for _, d := range all {
			if got := told(d); !slices.Equal(got, []string{"tools.d/a.yaml: whole"}) {
				t.Errorf("delivered %v", got)
			}
		}
		s.refuse.Store(nil)
	})
}

// Kubernetes swaps a hidden link to change all files of a mount at once.
func TestWatchConfigMap(t *testing.T) {
	play(t, []string{"..1/a.yaml: 1", "..1/b.yaml: 1", "..data -> ..1", "a.yaml -> ..data/a.yaml", "b.yaml -> ..data/b.yaml"}, func(s *stage) {
		s.expect("at the start", "tools.d/a.yaml: 1", "tools.d/b.yaml: 1")
		for i := 2; i < repeats; i++ {
			version := fmt.Sprint(i)
			s.lay("..v"+version+"/a.yaml: "+version, "..v"+version+"/b.yaml: "+version, "..data_tmp -> ..v"+version)
			s.rename("..data_tmp", "..data")
			s.expect("swapped", "tools.d/a.yaml: "+version, "tools.d/b.yaml: "+version)
		}
	})
}

func TestWatchThousandSaves(t *testing.T) {
	play(t, []string{"a.yaml: 0", "b.yaml: b"}, func(s *stage) {
		s.heard()
		for i := range 1000 {
			s.lay("a.yaml: " + strings.Repeat("s", i%100+1) + fmt.Sprint(i))
			time.Sleep(settle / 8) // faster than they can be taken
		}
		s.pass(noticed)
		all := s.heard()
		if len(all) == 0 {
			t.Fatal("nothing was delivered")
		}
		want := []string{"tools.d/a.yaml: " + strings.Repeat("s", 100) + "999", "tools.d/b.yaml: b"}
		if diff := cmp.Diff(want, told(all[len(all)-1])); diff != "" {
			t.Error(diff)
		}
	})
}

// Bytes that did not change are shared with the delivery before.
func TestWatchShares(t *testing.T) {
	play(t, []string{"a.yaml: 1", "b.yaml: 1"}, func(s *stage) {
		first := s.heard()[0]
		s.lay("a.yaml: two")
		s.pass(noticed)
		second := s.heard()[0]
		if &first[1].Bytes[0] != &second[1].Bytes[0] {
			t.Error("b.yaml was read again")
		}
		if string(first[0].Bytes) != "1" {
			t.Error("a delivered source was written to")
		}
	})
}

// A change that leaves the stamp as it was, as on mounts with coarse times,
// is found by comparing contents.
func TestVerify(t *testing.T) {
	root := t.TempDir()
	var disk []string
	for i := range 3 * verifyFiles {
		disk = append(disk, fmt.Sprintf("%03d.yaml: same", i))
	}
	lay(t, root, disk...)
	s := newScanner(newTree(root, schema.Bounds{}), "tools.d", settle)
	now := time.Now().Add(time.Hour)
	s.walk(now)
	s.take(now)
	for _, f := range s.files {
		f.source.Bytes = []byte("else")
	}
	for round := 1; round <= 3; round++ {
		s.verify(now)
		now = now.Add(settle)
		s.take(now)
		same := 0
		for _, src := range s.sources() {
			if string(src.Bytes) == "same" {
				same++
			}
		}
		if same != round*verifyFiles {
			t.Errorf("%d files put right in %d rounds, want %d", same, round, round*verifyFiles)
		}
	}
}
