// Package engine compiles definitions into catalogs, publishes them one after
// the other, and runs calls.
//
// Compiling is pure: sources, environment and the previous compilation in,
// the next one out. A Catalog is frozen; a call that starts on one finishes
// on it, whatever is published meanwhile.
package engine

import (
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/toolsd/toolsd/engine/httpcall"
	"github.com/toolsd/toolsd/schema"
)

// Options of an engine. The zero value of each field is usable.
type Options struct {
	Bounds Bounds
	// Env looks an environment variable up for definitions; nil has none. See
	// Fence for what an operator may want to keep from them.
	Env func(name string) (string, bool)
	// AllowMissingEnv accepts definitions whose variables are missing.
	AllowMissingEnv bool
	// Verify runs the tests of each tool that is new or has changed, and treats
	// a failed one as a fault of the definition.
	Verify bool
	// Lint asks for warnings of what is allowed and serves models or authors
	// badly, and hides credentials that stand in sources in what is said of
	// them.
	Lint bool
	// Client makes the HTTP calls; nil makes none possible. The engine does
	// not close it.
	Client *httpcall.Client
	// Identities says where tokens of the platform's identity may go, so that a
	// definition that sends one elsewhere is told of it. nil leaves that to the
	// client, at the call.
	Identities *httpcall.IdentityFence
	// Logger gets one line for each call that failed; nil discards.
	Logger *slog.Logger

	keepParts bool // everything is going to be built
	played    bool // requests are answered in place of the network, and no time passes
}

// An Engine holds the catalog being served and publishes the next one. It is
// safe for concurrent use.
type Engine struct {
	options Options
	catalog atomic.Pointer[Catalog]

	publishing  sync.Mutex // serialises Publish; guards what follows
	last        *compilation
	subscribers []func(Change)
}

// New returns an engine that serves nothing yet.
func New(o Options) *Engine {
	o.Bounds = o.Bounds.WithDefaults()
	if o.Env == nil {
		o.Env = func(string) (string, bool) { return "", false }
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	e := &Engine{options: o, last: &compilation{}}
	e.catalog.Store(newCatalog(e.last, 0, o.Bounds))
	return e
}

// Catalog returns what is being served; before the first Publish it is empty.
func (e *Engine) Catalog() *Catalog { return e.catalog.Load() }

// Subscribe calls f after each publication that changed what is served or
// what is known of it, one at a time and before Publish returns. It is to be
// called before the first Publish.
func (e *Engine) Subscribe(f func(Change)) {
	e.publishing.Lock()
	defer e.publishing.Unlock()
	e.subscribers = append(e.subscribers, f)
}

// Publish compiles the sources, which are all there are, and serves the
// outcome. A definition that fails keeps its last good body, under the guards
// of its newest readable source; the others move on.
func (e *Engine) Publish(sources []schema.Source) Change {
	e.publishing.Lock()
	defer e.publishing.Unlock()
	before := e.catalog.Load()
	e.last = compile(sources, e.last, &e.options)
	after := newCatalog(e.last, before.generation+1, e.options.Bounds)
	defer e.retain()
	change := difference(before, after)
	if !change.Any() {
		after.generation = before.generation // definitions may have moved to other lines
		e.catalog.Store(after)
		return change
	}
	e.catalog.Store(after)
	for _, f := range slices.Clone(e.subscribers) {
		f(change)
	}
	return change
}

// retain tells the client which upstreams there are.
func (e *Engine) retain() {
	if e.options.Client == nil {
		return
	}
	e.options.Client.Retain(func(yield func(*httpcall.Upstream) bool) {
		for _, s := range e.last.upstreams {
			if !yield(s.outcome.upstream) {
				return
			}
		}
	})
}

// Check compiles and builds the sources without serving them, and returns the
// catalog they would make with every diagnostic, sorted.
func Check(sources []schema.Source, o Options) (*Catalog, []schema.Diagnostic) {
	o.keepParts = true
	e := New(o)
	e.Publish(sources)
	c := e.Catalog()
	return c, schema.SortDiagnostics(append(slices.Clone(c.Diagnostics()), c.build()...))
}
