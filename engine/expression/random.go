package expression

import (
	"context"
	"crypto/rand"
	"io"
	"sync"
)

type randomKey struct{}

// WithRandom returns a context in which random functions read from r, which
// never fails, one at a time.
func WithRandom(ctx context.Context, r io.Reader) context.Context {
	return context.WithValue(ctx, randomKey{}, &serialReader{from: r})
}

// randomOf returns what random functions read from.
func randomOf(ctx context.Context) io.Reader {
	if r, ok := ctx.Value(randomKey{}).(*serialReader); ok {
		return r
	}
	return rand.Reader
}

// A serialReader serves one reader at a time.
type serialReader struct {
	mu   sync.Mutex
	from io.Reader
}

func (s *serialReader) Read(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return io.ReadFull(s.from, b)
}
