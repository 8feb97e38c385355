package mcpserver

import (
	"log/slog"
	"time"
)

// HeaderBytes is what a request's header may take, for
// http.Server.MaxHeaderBytes; the limit has to be set where connections are
// read.
const HeaderBytes = 32 << 10

// Options of a server. A zero field means its default.
type Options struct {
	// Name and Version are told to clients, the version where the catalog's
	// server definition has none of its own.
	Name, Version string
	// Logger gets what the operator should know; nil discards.
	Logger *slog.Logger
	Bounds Bounds
	// Stateless keeps nothing between requests, for processes of which there
	// are several behind one address. Clients before 2026-07-28 then have no
	// session, and hear of changed lists only by asking.
	Stateless bool
	// ListTTL is for how long a client may keep a list without asking again
	// (2 s): what a client that does not listen for changes may lag behind.
	ListTTL time.Duration
	// KeepAlive is the silence on an event stream after which a comment is
	// sent, so that no proxy takes the connection for dead (15 s).
	KeepAlive time.Duration
	// StreamLimit ends a stream that only listens after this time, for hosts
	// that kill what runs longer; clients open a new one. Zero is no limit.
	StreamLimit time.Duration
}

// Bounds of what one client, or all together, may ask for. A zero field means
// its default.
type Bounds struct {
	BodyBytes   int64         // of a request, and of a line over stdio (4 MiB)
	BodyTime    time.Duration // for the body of a request to arrive (30 s)
	Depth       int           // of nested JSON (1,000, which is also the most)
	Batch       int           // messages in a JSON-RPC batch (100)
	Calls       int           // running at the same time (256)
	CallWait    time.Duration // for a place among them (1 s)
	Page        int           // tools in one page of a list (1,000)
	Sessions    int           // at the same time (1,000); more are served without a session
	SessionIdle time.Duration // without a request until a session is ended (1 h)
	Drain       time.Duration // for running calls after the end of stdin (10 s)
}

func (o Options) withDefaults() Options {
	if o.Name == "" {
		o.Name = "toolsd"
	}
	if o.Version == "" {
		o.Version = "0.0.0"
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	orDefault(&o.ListTTL, 2*time.Second)
	orDefault(&o.KeepAlive, 15*time.Second)
	b := &o.Bounds
	orDefault(&b.BodyBytes, 4<<20)
	orDefault(&b.BodyTime, 30*time.Second)
	orDefault(&b.Depth, maxDepth)
	b.Depth = min(b.Depth, maxDepth)
	orDefault(&b.Batch, 100)
	orDefault(&b.Calls, 256)
	orDefault(&b.CallWait, time.Second)
	orDefault(&b.Page, 1000)
	orDefault(&b.Sessions, 1000)
	orDefault(&b.SessionIdle, time.Hour)
	orDefault(&b.Drain, 10*time.Second)
	return o
}

// maxDepth is what the SDK's own decoder takes.
const maxDepth = 1000

func orDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}
