package engine_test

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/schema"
)

// files are sources by name.
type files map[string]string

func (f files) sources() []schema.Source {
	var sources []schema.Source
	for _, name := range slices.Sorted(maps.Keys(f)) {
		sources = append(sources, schema.Source{Name: name, Bytes: []byte(f[name])})
	}
	return sources
}

// newEngine returns an engine whose definitions see the given variables.
func newEngine(env map[string]string) *engine.Engine {
	return engine.New(engine.Options{Env: func(name string) (string, bool) {
		v, ok := env[name]
		return v, ok
	}})
}

// publish publishes files that are expected to be without errors.
func publish(t *testing.T, e *engine.Engine, f files) engine.Change {
	t.Helper()
	change := e.Publish(f.sources())
	if schema.HasErrors(change.Diagnostics) {
		t.Fatalf("unexpected diagnostics:\n%s", text(change.Diagnostics))
	}
	return change
}

func text(found []schema.Diagnostic) string {
	var b strings.Builder
	if err := schema.WriteText(&b, found, schema.TextOptions{}); err != nil {
		return err.Error()
	}
	return b.String()
}

// codes lists what was found, as "file:line code".
func codes(found []schema.Diagnostic) []string {
	var list []string
	for _, d := range found {
		list = append(list, d.Code)
	}
	return list
}

// call runs a tool for a caller and returns its text.
func call(t *testing.T, e *engine.Engine, who engine.Caller, name, arguments string) (string, bool) {
	t.Helper()
	r, err := e.Call(engine.WithCaller(context.Background(), who), name, json.RawMessage(arguments))
	if err != nil {
		t.Fatalf("calling %s: %v", name, err)
	}
	return r.Content[0].Text, r.IsError
}

// answers is a tool without arguments that answers with a text.
func answers(name, text string) string {
	return "tool: " + name + `
description: Answers with a fixed text, for a test.
inputSchema: {type: object, additionalProperties: false}
expr: '"` + text + `"'
`
}

func names(c *engine.Catalog) []string {
	list := []string{}
	for _, t := range c.Tools() {
		list = append(list, t.Name())
	}
	return list
}
