package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"

	"github.com/toolsd/toolsd/engine/jsonschema"
)

// A witness remembers what a call shows of itself. It is for one call.
type witness struct {
	arguments any      // with defaults; nil when they did not fit
	causes    []string // of what went wrong, for the operator
}

// Arguments implements Observer.
func (w *witness) Arguments(v any) { w.arguments = v }

// Value implements Observer.
func (w *witness) Value(any) {}

// Step implements Observer.
func (w *witness) Step(string, StepStage, any) {}

func (w *witness) logger() *slog.Logger { return slog.New(logWitness{w}) }

// A logWitness keeps the causes of what is logged.
type logWitness struct{ *witness }

func (l logWitness) Enabled(context.Context, slog.Level) bool { return true }

func (l logWitness) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "cause" {
			l.causes = append(l.causes, a.Value.String())
		}
		return true
	})
	return nil
}

func (l logWitness) WithAttrs([]slog.Attr) slog.Handler { return l }
func (l logWitness) WithGroup(string) slog.Handler      { return l }

// decoded reads JSON that this program wrote, numbers as expressions have
// them.
func decoded(text []byte) any { return jsonschema.Normalize(exact(text), nil) }

// exact reads JSON that this program wrote, numbers as text.
func exact(text []byte) any {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil
	}
	return v
}
