package main

import (
	"sync"

	"github.com/toolsd/toolsd/schema"
)

// A publisher has the newest sources served, and served anew when what they
// use beside them has changed. It is safe for concurrent use.
type publisher struct {
	server *server
	first  chan struct{} // closed when something was published

	mu      sync.Mutex
	loaded  bool
	sources []schema.Source
}

// publish serves sources, which are all there are.
func (p *publisher) publish(sources []schema.Source) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sources = sources
	p.serve()
}

// serve publishes the sources that are there. p.mu is held.
func (p *publisher) serve() {
	change := p.server.engine.Publish(p.sources)
	if p.loaded {
		p.server.reportReload(change)
		return
	}
	p.loaded = true
	p.server.reportFindings(change)
	close(p.first)
}

// again serves the sources of before in the environment of now.
func (p *publisher) again() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.loaded {
		p.serve()
	}
}
