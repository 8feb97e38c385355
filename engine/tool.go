package engine

import (
	"context"
	"crypto/sha256"
	"fmt"
	"sync"
	"time"

	"github.com/toolsd/toolsd/engine/expression"
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

// A checkedTool is a tool without errors. It holds little more than texts;
// program makes it runnable, once, on first use.
type checkedTool struct {
	place         schema.Place
	advertised    Advertised
	input, output *jsonschema.Schema // output may be nil
	rule          *accessRule        // may be nil
	limit         schema.Limit
	timeout       time.Duration // 0: the server's
	body          body
	result        *expression.Template // may be nil
	isError       *expression.Expr     // may be nil
	envs          struct{ all, exposed *expression.Env }
	env           map[string]any // the variables that it uses
	program       func() (*program, error)
}

// A program is a tool ready to run. It is immutable and safe for concurrent
// use.
type program struct {
	arguments *jsonschema.Validator
	output    *jsonschema.Validator // or nil
	run       runner
	result    *expression.Renderer // or nil
	isError   *expression.Program  // or nil
}

// after is the scope of what follows the body: result and isError.
func (t *checkedTool) after() *expression.Scope {
	scope := scopeOf(t.input, t.envs.exposed)
	if t.body != nil {
		t.body.adds(scope)
	}
	return scope
}

// prepare makes program available.
func (t *checkedTool) prepare(bounds Bounds) {
	t.program = sync.OnceValues(func() (*program, error) { return t.build(bounds) })
}

func (t *checkedTool) build(bounds Bounds) (*program, error) {
	var p program
	var err error
	if p.arguments, err = t.input.Build(); err != nil {
		return nil, fmt.Errorf("inputSchema: %w", err)
	}
	if t.output != nil {
		if p.output, err = t.output.Build(); err != nil {
			return nil, fmt.Errorf("outputSchema: %w", err)
		}
	}
	if p.run, err = t.body.build(bounds); err != nil {
		return nil, err
	}
	if t.result != nil {
		if p.result, err = expression.BuildTemplate(t.result, t.after(), bounds.Expression); err != nil {
			return nil, fmt.Errorf("result: %w", err)
		}
	}
	if t.isError != nil {
		scope := t.after()
		scope.Names["result"] = anyType
		if p.isError, err = t.isError.Build(scope, bounds.Expression); err != nil {
			return nil, fmt.Errorf("isError: %w", err)
		}
	}
	return &p, nil
}
