package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/toolsd/toolsd/engine/httpcall"
	"github.com/toolsd/toolsd/schema"
)

// A Recording is what recording tests came to.
type Recording struct {
	// Sources are those that changed, as they are to be written.
	Sources []schema.Source
	// Tests are those that were chosen, by file and line; one that could not
	// be recorded has a failure that says why, and its text stays.
	Tests       []TestResult
	Diagnostics []schema.Diagnostic
}

// Record makes the calls of tests over the network, with the environment and
// the client of the options, and puts what was exchanged into the sources in
// place of the exchanges there. Secrets of the environment and of auth are
// masked. Everything else in the sources stays byte for byte as it is.
// The error is that of a context that ended.
func Record(ctx context.Context, sources []schema.Source, o Options, selected func(tool, test string) bool) (*Recording, error) {
	o.Verify, o.Logger = false, nil
	e := New(o)
	e.Publish(sources)
	r := &Recording{Diagnostics: e.Catalog().Diagnostics()}
	var takes []*take
	for _, s := range e.last.tools {
		def := s.unit.definition()
		for i := range def.Tool.Tests {
			t := &def.Tool.Tests[i]
			if sends(def.Tool) && selected(def.Name, testName(t, i)) {
				takes = append(takes, &take{test: t, unit: s.unit, def: def, name: testName(t, i)})
			}
		}
	}
	slices.SortFunc(takes, func(a, b *take) int {
		return cmp.Or(cmp.Compare(a.test.Place.File, b.test.Place.File), cmp.Compare(a.test.Place.Line, b.test.Place.Line))
	})
	stage := e.last.rehearsal(e.options.Bounds)
	for _, t := range takes {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		t.err = t.make(ctx, e, stage)
	}
	for _, src := range sources {
		if next := splice(src, takes, e.options.Bounds.Source); next.Bytes != nil {
			r.Sources = append(r.Sources, next)
		}
	}
	for _, t := range takes {
		result := TestResult{Tool: t.def.Name, Name: t.name, Place: t.test.Place}
		if t.err != nil {
			result.Failures = []TestFailure{{Place: t.test.Place, Message: "not recorded: " + t.err.Error()}}
		}
		r.Tests = append(r.Tests, result)
	}
	return r, ctx.Err()
}

// splice puts the takes of a source into it, the last one first, so that the
// places of those above hold. What cannot be read again stays out. The bytes
// are nil when there is nothing to put in.
func splice(src schema.Source, takes []*take, b schema.Bounds) schema.Source {
	next := schema.Source{Name: src.Name}
	for _, t := range slices.Backward(takes) {
		if t.err != nil || t.test.Place.File != src.Name {
			continue
		}
		before := next.Bytes
		if before == nil {
			before = src.Bytes
		}
		after := t.test.ReplaceHTTP(before, t.exchanges)
		if faults(after, b) > faults(before, b) {
			t.err = errors.New("what was exchanged is too large or too deep for a definition")
			continue
		}
		next.Bytes = after
	}
	return next
}

// faults counts the errors of reading a file.
func faults(src []byte, b schema.Bounds) int {
	docs, found := schema.Split(schema.Source{Bytes: src}, b)
	for _, doc := range docs {
		_, more := schema.Parse(doc)
		found = append(found, more...)
	}
	return len(slices.DeleteFunc(found, func(d schema.Diagnostic) bool { return d.Severity != schema.Error }))
}

// A take is one test being recorded.
type take struct {
	test      *schema.Test
	unit      *unit
	def       *schema.Definition
	name      string
	exchanges []any
	err       error
}

// make calls the tool over the network, and then once more with the answers
// that came and the environment of a test, for the requests as a test sees
// them: without a secret.
func (t *take) make(ctx context.Context, e *Engine, stage *rehearsal) error {
	if !t.test.Replaceable() {
		return errors.New("the test is written in { }; write each of its keys on a line of its own first")
	}
	heard := &tape{text: stage.textOf(t.unit)}
	result, err := callAs(httpcall.WithRecorder(ctx, heard), e, t.def.Name, t.test)
	switch {
	case err != nil:
		return err
	case heard.err != nil:
		return heard.err
	case len(heard.answers) == 0:
		return errors.New("no request was sent: " + result.Content[0].Text)
	}
	catalog, _, found := stage.stage(t.unit, t.def, t.test.Env)
	if catalog == nil {
		return errors.New(unstaged(t.test, found)[0].Notes[0])
	}
	copied := &copyist{tape: heard}
	player, end := rehearsing(stage.bounds, catalog, copied)
	defer end()
	if _, err := callAs(ctx, player, t.def.Name, t.test); err != nil {
		return err
	}
	if copied.err != nil {
		return copied.err
	}
	if len(copied.exchanges) != len(heard.answers) {
		return fmt.Errorf("%d requests were sent, but a test would send %d", len(heard.answers), len(copied.exchanges))
	}
	t.exchanges = copied.exchanges
	return nil
}

// sends reports whether a tool may make requests.
func sends(t *schema.Tool) bool {
	return t.HTTP != nil || slices.ContainsFunc(t.Steps, func(s schema.Step) bool { return s.HTTP != nil || s.Tool != nil })
}

// textOf returns the text of a tool with those of what it is built on.
func (r *rehearsal) textOf(u *unit) string {
	text := string(u.doc.Text)
	for _, name := range u.upstreams {
		if s := r.upstreams[name]; s != nil {
			text += string(s.unit.doc.Text)
		}
	}
	for _, call := range u.calls {
		if s := r.tools[call.name]; s != nil {
			text += r.textOf(s.unit)
		}
	}
	return text
}
