package engine

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/toolsd/toolsd/engine/jsonschema"
	"github.com/toolsd/toolsd/schema"
)

// A Tool of a catalog, frozen with it.
type Tool struct {
	body    *checkedTool
	place   schema.Place
	guard   guard
	stale   bool
	timeout time.Duration
	limit   schema.Limit
}

// Name returns the tool's name.
func (t *Tool) Name() string { return t.body.advertised.Name }

// Advertised returns what clients are told of the tool.
func (t *Tool) Advertised() *Advertised { return &t.body.advertised }

// Seen identifies what clients can notice of the tool in a list: how it is
// advertised, and to whom.
func (t *Tool) Seen() [sha256.Size]byte {
	if len(t.guard) == 0 {
		return t.body.advertised.Hash
	}
	return sha256.Sum256(append(t.body.advertised.Hash[:], t.guard.text()...))
}

// Tags returns the words that its author grouped the tool by. Nobody writes to
// the slice.
func (t *Tool) Tags() []string { return t.body.tags }

// InputType returns what is known of the arguments.
func (t *Tool) InputType() *jsonschema.Type { return t.body.input.Type() }

// Place returns where the definition stands that is being served.
func (t *Tool) Place() schema.Place { return t.place }

// Stale reports that the tool is served as it last was good.
func (t *Tool) Stale() bool { return t.stale }

// allows reports whether the caller may see and call the tool.
func (t *Tool) allows(ctx context.Context, who Caller) bool { return t.guard.admits(ctx, who) }

// buildDiagnostics builds the tool and returns a diagnostic when that fails,
// which is a fault of this program: Check should have said it.
func (t *Tool) buildDiagnostics() []schema.Diagnostic {
	return guarded(schema.Document{File: t.place.File, Line: t.place.Line}, func() []schema.Diagnostic {
		if _, err := t.body.program(); err != nil {
			return []schema.Diagnostic{internalFault.At(t.place, fmt.Sprintf("the tool cannot be built: %v", err),
				"this is a fault of toolsd: its check should have said so; please report it with this definition")}
		}
		return nil
	})
}

// A checkedTool is a tool without errors. It holds what lists and guards need
// of it, and its text; program makes it runnable, once, on first use.
type checkedTool struct {
	advertised Advertised
	input      *jsonschema.Schema
	rule       *accessRule      // may be nil
	output     *jsonschema.Type // nil when outputSchema is not written
	tags       []string
	limit      schema.Limit
	timeout    time.Duration  // 0: the server's
	env        map[string]any // the variables that it uses
	exposed    []string       // those where only exposed ones may stand
	program    func() (*program, error)
}

// variable looks a variable up as it was when the tool was checked.
func (t *checkedTool) variable(name string) (string, bool) {
	if value, ok := valueOf(t.env, name); ok || t.rule == nil {
		return value, ok
	}
	return valueOf(t.rule.env, name)
}
