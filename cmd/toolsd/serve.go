package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/engine/functions"
	"github.com/toolsd/toolsd/engine/httpcall"
	"github.com/toolsd/toolsd/engine/mcpserver"
	"github.com/toolsd/toolsd/engine/toolsdir"
)

// hostCallTime is the most that a call may take under the Functions host,
// whose front gives up after 230 seconds of silence.
const hostCallTime = 220 * time.Second

// serveFlags are those of serve.
type serveFlags struct {
	tools          toolsFlags
	address        string
	port           int
	stdio          bool
	caller         string
	allowHosts     []string
	allowOrigins   []string
	trustedProxies []string
	proxies        []netip.Prefix // trustedProxies, read
	allowAnonymous bool
	stateless      bool
	noEvents       bool
	poll           time.Duration
}

func serveCommand(w *world) *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the tools over streamable HTTP, or over stdio",
		Long: `Serve offers the tools to MCP clients at http://127.0.0.1:8080/mcp, or over stdio,
and follows their files: what is saved is live a moment later, and what is saved
with a fault keeps its last good version.

Started by the Azure Functions host it listens where the host says. Elsewhere it
reads the same host.json and local.settings.json and asks for the same keys,
which TOOLSD_KEYS sets: "name=key,…" or "@file".`,
		Example: "  toolsd serve\n  toolsd serve --stdio\n  TOOLSD_KEYS=default=s3cret toolsd serve --host 0.0.0.0",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return serve(cmd.Context(), w, &f)
		},
	}
	f.tools.add(cmd, w)
	f.tools.bounds.addCalls(cmd)
	f.tools.bounds.addServer(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.address, "host", "127.0.0.1", "address to listen on")
	flags.IntVar(&f.port, "port", 8080, "port to listen on; 0 takes a free one")
	flags.BoolVar(&f.stdio, "stdio", false, "serve one client over standard input and output")
	flags.StringVar(&f.caller, "caller", "", "who calls over stdio, as `JSON`: id, name, roles, scopes, claims, token")
	flags.StringSliceVar(&f.allowHosts, "allow-host", nil, "further `name` the server may be reached under")
	flags.StringSliceVar(&f.allowOrigins, "allow-origin", nil, "`origin` of a page that may call, such as https://example.com")
	flags.StringSliceVar(&f.trustedProxies, "trusted-proxy", nil, "`address` or network whose X-Forwarded-* headers count")
	flags.BoolVar(&f.allowAnonymous, "allow-anonymous", false, "serve everyone who can reach the address, without a key")
	flags.BoolVar(&f.stateless, "stateless", false, "keep no sessions, for several processes behind one address")
	flags.BoolVar(&f.tools.verify, "verify", false, "serve a tool that is new or has changed only when its tests pass")
	flags.BoolVar(&f.noEvents, "no-file-events", false, "notice changes by looking alone, for network mounts")
	flags.DurationVar(&f.poll, "poll", 2*time.Second, "between two looks at the whole directory, and at files of secrets")
	return cmd
}

// A server is a running serve.
type server struct {
	world  *world
	flags  *serveFlags
	host   functions.Host
	env    environment
	log    *slog.Logger
	engine *engine.Engine
	mcp    *mcpserver.Server
}

func serve(ctx context.Context, w *world, f *serveFlags) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var err error
	if f.proxies, err = parseProxies(f.trustedProxies); err != nil {
		return usageError{err}
	}
	s := &server{world: w, flags: f}
	get := environment{getenv: w.getenv}.get
	host, err := functions.Detect(get)
	if err != nil {
		return err
	}
	s.host = host
	s.log = newLogger(host, w.stdout, w.stderr)
	if host.Started {
		gone := functions.ParentGone(ctx)
		go func() {
			<-gone
			stop(errHostGone)
		}()
	}
	if limit, ok := host.MemoryLimit(get, os.DirFS("/")); ok {
		debug.SetMemoryLimit(limit)
	}
	if s.env, err = readEnvironment(w, host.Root); err != nil {
		if !host.Started {
			return err
		}
		s.log.Error("a setting cannot be read", "cause", err)
	}
	client := newClient(s.env, httpcall.ClientOptions{CacheBytes: f.tools.bounds.cacheBytes, Logger: s.log})
	defer client.Close()

	options := f.tools.options(s.env, client)
	options.Logger = s.log
	if host.Started {
		options.Bounds.MaxCallTime = hostCallTime
	}
	s.engine = engine.New(options)
	s.mcp = mcpserver.New(s.engine, mcpserver.Options{
		Name: "toolsd", Version: version(), Logger: s.log,
		Bounds: f.tools.bounds.server, Stateless: f.stateless || host.Started, StreamLimit: streamLimit(host),
	})
	defer s.mcp.Close()

	ready, watched := s.follow(ctx)
	select {
	case <-ready:
	case <-ctx.Done():
		return <-watched
	}
	if f.stdio {
		return s.serveStdio(ctx)
	}
	return s.serveHTTP(ctx)
}

var errHostGone = errors.New("the Functions host that started this process is gone")

// streamLimit ends streams before the host would end the process for them.
func streamLimit(host functions.Host) time.Duration {
	if host.Started {
		return hostCallTime
	}
	return 0
}

// follow reads the tools and keeps the engine at what their files say until
// the context is done. ready is closed when they were first published.
func (s *server) follow(ctx context.Context) (ready <-chan struct{}, ended <-chan error) {
	dir := s.flags.tools.dir
	if s.host.Started && !filepath.IsAbs(dir) {
		dir = filepath.Join(s.host.Root, dir)
	}
	watcher := toolsdir.New(dir, s.flags.tools.name(), toolsdir.Options{
		Bounds: s.flags.tools.bounds.engine().Source, Poll: s.flags.poll, NoEvents: s.flags.noEvents, Log: s.log,
	})
	p := &publisher{server: s, first: make(chan struct{})}
	done := make(chan error, 1)
	go func() { done <- watcher.Run(ctx, p.publish) }()
	if s.env.files != nil {
		go s.env.files.Watch(ctx, s.flags.poll, p.again)
	}
	return p.first, done
}

// reportReload writes one line for a reload that changed something, and the
// errors there are.
func (s *server) reportReload(change engine.Change) {
	if !change.Any() {
		return
	}
	s.log.Info("reloaded: "+change.String(), "generation", change.After.Generation(), "digest", change.After.Digest()[:12])
	s.reportFindings(change)
}

// reportFindings shows the faults of the sources: to a person as check does,
// under the host a log line each.
func (s *server) reportFindings(change engine.Change) {
	if s.host.Started {
		for _, d := range change.Diagnostics {
			s.log.Warn(fmt.Sprintf("%s:%d:%d: %s [%s]", d.Place.File, d.Place.Line, d.Place.Column, d.Message, d.Code), "hint", d.Hint)
		}
		return
	}
	if err := reportErrors(s.world, change.Diagnostics); err != nil {
		s.log.Error("diagnostics could not be shown", "cause", err)
	}
}

// serveStdio serves the one client on the other side of stdin and stdout.
func (s *server) serveStdio(ctx context.Context) error {
	ctx, err := withCaller(ctx, s.flags.caller)
	if err != nil {
		return usageError{err}
	}
	return s.mcp.RunStdio(ctx, s.world.stdin, s.world.stdout)
}
