package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"syscall"
	"time"

	"github.com/toolsd/toolsd/engine/functions"
)

// drain is how long running calls may take after a signal to end.
const drain = 10 * time.Second

// serveHTTP listens and serves until the context is done, then lets running
// calls come to their end.
func (s *server) serveHTTP(ctx context.Context) error {
	access, err := s.access()
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", access.address)
	if err != nil {
		return listenError(access.address, err)
	}
	server := &http.Server{
		Handler:           s.front(access),
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       5 * time.Minute,
		MaxHeaderBytes:    s.flags.tools.bounds.headerBytes,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	if s.host.Started {
		s.log.Info("serving", "tools", len(s.engine.Catalog().Tools()), "digest", s.engine.Catalog().Digest()[:12])
	} else {
		s.greet(listener.Addr(), access)
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return fmt.Errorf("serving: %w", err)
	case <-ctx.Done():
	}
	s.mcp.EndStreams()
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
	defer cancel()
	if err := server.Shutdown(ending); err != nil {
		s.log.Warn("calls were cut off", "cause", err)
		_ = server.Close() // what is left has been given up
	}
	if cause := context.Cause(ctx); errors.Is(cause, errHostGone) {
		return cause
	}
	return nil
}

// listenError says what to do about an address that cannot be had.
func listenError(address string, err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%s is taken by another program; --port chooses another port, --port 0 a free one", address)
	}
	return fmt.Errorf("listening on %s: %w", address, err)
}

// An access is where the server listens and who is let in.
type access struct {
	address  string
	loopback bool
	settings functions.Settings
	keys     *functions.Keys
	origins  []string
}

// access reads host.json, local.settings.json and the keys, and refuses to
// listen where everyone could call by oversight. Under the host, which has
// checked the key before, configuration never keeps the process from serving.
func (s *server) access() (access, error) {
	a := access{origins: s.flags.allowOrigins}
	if s.host.Started {
		a.address, a.loopback = s.host.Addr, true
		if !s.host.Development {
			a.origins = append(a.origins, functions.PlatformOrigins(s.env.get)...)
		} else if local, err := functions.ReadLocalSettings(s.host.Root); err == nil {
			a.origins = append(a.origins, local.CORS...)
		}
		return a, nil
	}
	a.address = net.JoinHostPort(s.flags.address, strconv.Itoa(s.flags.port))
	a.loopback = functions.Loopback(a.address)
	local, err := functions.ReadLocalSettings(s.host.Root)
	if err != nil {
		return a, err
	}
	a.origins = append(a.origins, local.CORS...)
	if a.settings, err = functions.ReadHostJSON(s.host.Root, local.Environ(os.Environ())); err != nil {
		return a, err
	}
	if a.keys, err = functions.ReadKeys(s.env.get("TOOLSD_KEYS"), s.log); err != nil {
		return a, err
	}
	level := a.settings.Level("/mcp")
	return a, functions.CheckListen(a.address, level, a.keys.Reach(level) && level != functions.Anonymous, s.flags.allowAnonymous)
}
