package httpcall

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/toolsd/toolsd/engine/expression"
)

// A service is a server whose connections are pipes, so that it works inside a
// bubble of synctest, where time passes when everybody waits.
type service struct {
	began    time.Time
	arriving chan net.Conn
	server   http.Server
	open     atomic.Int64 // connections

	mu   sync.Mutex
	seen []string // when each request came, and its path
}

// serve starts a service. It ends with stop, which also sees to it that no
// connection is left.
func serve(handler http.HandlerFunc) *service {
	s := &service{began: time.Now(), arriving: make(chan net.Conn)}
	s.server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.seen = append(s.seen, fmt.Sprint(time.Since(s.began).Round(time.Microsecond), " ", r.URL.Path))
		s.mu.Unlock()
		handler(w, r)
	})
	s.server.ConnState = func(_ net.Conn, state http.ConnState) {
		switch state {
		case http.StateNew:
			s.open.Add(1)
		case http.StateClosed:
			s.open.Add(-1)
		}
	}
	go s.server.Serve(s)
	return s
}

func (s *service) Accept() (net.Conn, error) {
	conn, ok := <-s.arriving
	if !ok {
		return nil, net.ErrClosed
	}
	return conn, nil
}

func (s *service) Close() error   { return nil }
func (s *service) Addr() net.Addr { return &net.TCPAddr{} }

// client returns a client all of whose connections lead to the service.
func (s *service) client(o ClientOptions) *Client {
	c := NewClient(o)
	c.dial = func(context.Context, string, string) (net.Conn, error) {
		near, far := net.Pipe()
		s.arriving <- far
		return near, nil
	}
	return c
}

func (s *service) stop(t testing.TB, clients ...*Client) {
	t.Helper()
	for _, c := range clients {
		c.Close()
	}
	time.Sleep(time.Second) // of the bubble: what is closed is noticed
	if n := s.open.Load(); n != 0 {
		t.Errorf("%d connections are left", n)
	}
	close(s.arriving)
	s.server.Close()
}

// times returns when requests came, with their paths.
func (s *service) times() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.seen...)
}

// An outcome is how and when a call ended.
type outcome struct {
	body  any
	said  string // to the caller, of a call that failed
	after time.Duration
}

// run makes a call and says how it ended.
func run(ctx context.Context, p *Program, c *Client, arguments map[string]any) outcome {
	began := time.Now()
	response, err := p.Run(ctx, c, inputs(arguments))
	o := outcome{body: response["body"], after: time.Since(began)}
	if err != nil {
		o.said = err.Error()
		if _, ok := errors.AsType[*expression.Failure](err); !ok {
			o.said = fmt.Sprintf("no failure for a caller: %v", err)
		}
	}
	return o
}

// runAll makes calls at the same time, the first first.
func runAll(ctx context.Context, n int, call func(i int) outcome) []outcome {
	all := make([]outcome, n)
	var running sync.WaitGroup
	for i := range n {
		running.Go(func() { all[i] = call(i) })
		time.Sleep(time.Millisecond) // of the bubble: in order
	}
	running.Wait()
	return all
}

func answerJSON(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	fmt.Fprint(w, body)
}
