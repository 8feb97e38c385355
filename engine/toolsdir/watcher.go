package toolsdir

import (
	"context"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/toolsd/toolsd/schema"
)

// Options of a Watcher. A zero field means the default.
type Options struct {
	Bounds schema.Bounds
	// Poll is the time between two walks over the directory; default 2 s.
	// Without file events it is an eighth of that. It is stretched, up to 30 s,
	// so that walking takes no more than a hundredth of the time.
	Poll time.Duration
	// Settle is the time between the two looks that must agree; default 40 ms.
	Settle time.Duration
	// NoEvents leaves file events alone.
	NoEvents bool
	// Log is told, once, when file events cannot be relied on; default nobody.
	Log *slog.Logger
}

// A Watcher follows a directory for as long as it runs. It never gives up:
// while the directory is missing or cannot be read, it delivers what it last
// read together with a source that says so, and goes on looking.
type Watcher struct {
	name    string
	tree    tree
	options Options
	poke    chan struct{}
}

// New returns a Watcher of a directory, which need not be there. Sources are
// named as by Read.
func New(root, name string, o Options) *Watcher {
	if o.Poll == 0 {
		o.Poll = 2 * time.Second
	}
	if o.Settle == 0 {
		o.Settle = defaultSettle
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Watcher{name: name, tree: newTree(root, o.Bounds), options: o, poke: make(chan struct{}, 1)}
}

// Poke makes a running Watcher look at everything at once. It does not wait.
func (w *Watcher) Poke() {
	select {
	case w.poke <- struct{}{}:
	default:
	}
}

// Run calls deliver with everything there is, sorted by name: once at the
// start, and then whenever some content really changed. A file that is being
// written stays as it was last read, or is left out if it never was, and
// holds the others up for no longer than twice the settle time. Bytes that
// did not change are those of the delivery before.
//
// Run waits for deliver. It returns when the context is done, with the cause.
// A Watcher may be run again, but not twice at a time.
func (w *Watcher) Run(ctx context.Context, deliver func([]schema.Source)) error {
	p := &pursuit{
		scanner:  newScanner(w.tree, w.name, w.options.Settle),
		notifier: &notifier{},
		poll:     w.options.Poll,
		names:    map[string]bool{},
	}
	if root, err := filepath.Abs(w.tree.dir); err == nil && !w.options.NoEvents {
		p.notifier = newNotifier(root, w.options.Log)
	}
	defer p.notifier.close()
	for {
		wake := time.NewTimer(time.Until(p.turn(time.Now(), deliver)))
		err := p.wait(ctx, w.poke, wake.C)
		wake.Stop()
		if err != nil {
			return err
		}
	}
}
