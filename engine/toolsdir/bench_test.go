package toolsdir

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/toolsd/toolsd/schema"
)

// populate makes a directory of n files of 1 KiB, a hundred to a directory,
// that were saved long ago.
func populate(b *testing.B, n int) string {
	root := b.TempDir()
	content := []byte(strings.Repeat("# 16 bytes long\n", 64))
	for i := range n {
		name := filepath.Join(root, fmt.Sprintf("%03d", i/100), fmt.Sprintf("%02d.yaml", i%100))
		if i%100 == 0 {
			if err := os.Mkdir(filepath.Dir(name), 0o755); err != nil {
				b.Fatal(err)
			}
		}
		if err := os.WriteFile(name, content, 0o644); err != nil {
			b.Fatal(err)
		}
	}
	time.Sleep(2 * defaultSettle) // so that Read need not wait
	return root
}

var sizes = []int{1_000, 10_000}

func BenchmarkRead(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			root := populate(b, n)
			for b.Loop() {
				if sources, err := Read(root, "tools.d", schema.Bounds{}); err != nil || len(sources) != n {
					b.Fatal(len(sources), err)
				}
			}
		})
	}
}

// BenchmarkIdle is what happens at every poll while nothing changes.
func BenchmarkIdle(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s := newScanner(newTree(populate(b, n), schema.Bounds{}), "tools.d", defaultSettle)
			s.walk(time.Now())
			s.take(time.Now())
			for b.Loop() {
				s.verify(time.Now())
				s.walk(time.Now())
			}
		})
	}
}

// BenchmarkSave is the time from a save to its delivery, the settle time included.
func BenchmarkSave(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			root := populate(b, n)
			ctx, cancel := context.WithCancel(b.Context())
			delivered, done := make(chan int), make(chan error)
			go func() {
				done <- New(root, "tools.d", Options{}).Run(ctx, func(s []schema.Source) { delivered <- len(s) })
			}()
			<-delivered
			i := 0
			for b.Loop() {
				i++
				if err := os.WriteFile(filepath.Join(root, "000", "00.yaml"), fmt.Appendf(nil, "# %d", i), 0o644); err != nil {
					b.Fatal(err)
				}
				<-delivered
			}
			cancel()
			<-done
		})
	}
}
