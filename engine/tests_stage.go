package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/engine/httpcall"
	"github.com/toolsd/toolsd/schema"
)

// A rehearsal runs tests against the definitions around them. It checks these
// anew for each test, since a test brings an environment of its own.
type rehearsal struct {
	bounds    Bounds
	server    *unit // nil when there is none
	expose    []string
	upstreams map[string]*servedUpstream
	names     []string // of upstreams, those with errors too
	tools     map[string]*servedTool
}

func (c *compilation) rehearsal(b Bounds) *rehearsal {
	r := &rehearsal{bounds: b, upstreams: c.upstreams, tools: c.tools, expose: c.server.exposed()}
	if c.server != nil {
		r.server = c.server.unit
	}
	for name := range c.upstreams {
		r.names = append(r.names, name)
	}
	return r
}

// testTime is when a test runs that does not say.
var testTime = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// tests runs the tests of a tool, one after the other. It stops when the
// context has ended.
func (r *rehearsal) tests(ctx context.Context, u *unit, def *schema.Definition, selected func(tool, test string) bool) []TestResult {
	var results []TestResult
	for i := range def.Tool.Tests {
		t := &def.Tool.Tests[i]
		result := TestResult{Tool: def.Name, Name: testName(t, i), Place: t.Place}
		if ctx.Err() != nil {
			break
		}
		if selected == nil || selected(result.Tool, result.Name) {
			result.Failures = r.run(ctx, u, def, t)
			results = append(results, result)
		}
	}
	return results
}

// run runs one test.
func (r *rehearsal) run(ctx context.Context, u *unit, def *schema.Definition, t *schema.Test) []TestFailure {
	catalog, made, found := r.stage(u, def, t.Env)
	if catalog == nil {
		return unstaged(t, found)
	}
	script := &script{test: t.Place, exchanges: t.HTTP}
	seen := &witness{}
	e, end := rehearsing(r.bounds, catalog, script)
	defer end()
	e.options.Logger = seen.logger()
	ctx = WithObserver(ctx, seen)
	result, err := callAs(ctx, e, def.Name, t)
	if err != nil {
		return []TestFailure{{Place: t.Place, Message: "the call was broken off: " + err.Error()}}
	}
	if unexpected := script.unexpected; unexpected != nil {
		return []TestFailure{*unexpected} // what came of the call follows from it
	}
	x := &expectation{test: t, parts: made, bounds: r.bounds, result: result, witness: seen}
	return append(script.unused(), x.failures(ctx)...)
}

// rehearsing returns an engine that serves a catalog and whose requests are
// answered by a. end is to be called when it is no longer needed.
func rehearsing(b Bounds, catalog *Catalog, a httpcall.Answerer) (e *Engine, end func()) {
	client := httpcall.NewClient(httpcall.ClientOptions{Answers: a})
	e = New(Options{Bounds: b, Client: client, played: true})
	e.catalog.Store(catalog)
	return e, client.Close
}

// callAs calls a tool as a test says: its input, its caller, its time, and
// chance that is the same each time.
func callAs(ctx context.Context, e *Engine, tool string, t *schema.Test) (*Result, error) {
	now := testTime
	if t.Now != nil {
		now, _ = time.Parse(time.RFC3339, t.Now.Text) // checked
	}
	ctx = expression.WithClock(ctx, now)
	ctx = expression.WithRandom(ctx, rand.NewChaCha8([32]byte{}))
	arguments := json.RawMessage("{}")
	if t.Input != nil {
		arguments = t.Input.JSON()
	}
	who := testCaller(t.Caller)
	if t.Caller == nil && e.options.played {
		who.Token = localToken
	}
	result, err := e.Call(WithCaller(inOrder(ctx), who), tool, arguments)
	if err == ErrUnknownTool {
		return toolError("The caller may not see or call this tool."), nil
	}
	return result, err
}

// stage checks a tool and what it is built on in the environment of a test.
// The catalog is nil when the tool has a fault there.
func (r *rehearsal) stage(u *unit, def *schema.Definition, env map[string]string) (*Catalog, *parts, []schema.Diagnostic) {
	c := newChecker(&Options{Bounds: r.bounds, Env: testEnv(env), keepParts: true})
	c.surround(r.expose, r.names)
	next := &compilation{
		upstreams: map[string]*servedUpstream{}, tools: map[string]*servedTool{}, env: map[string]any{},
	}
	var found []schema.Diagnostic
	if r.server != nil {
		server, more := c.checkServer(r.server.definition())
		found = append(found, more...)
		next.server = &servedServer{unit: r.server, outcome: server, expose: r.expose, guard: server.guard()}
	}
	made, more := r.tool(&c, next, u, def)
	found = append(found, more...)
	if made == nil || schema.HasErrors(found) {
		return nil, nil, found
	}
	next.toolNames = slices.Sorted(maps.Keys(next.tools))
	return newCatalog(next, 1, r.bounds), made, nil
}

// tool checks a tool after what it is built on, and puts all of it into next.
func (r *rehearsal) tool(c *checker, next *compilation, u *unit, def *schema.Definition) (made *parts, found []schema.Diagnostic) {
	for _, name := range u.upstreams {
		s := r.upstreams[name]
		if s == nil || next.upstreams[name] != nil {
			continue
		}
		upstream, more := r.upstream(c, s.unit)
		found = append(found, more...)
		c.upstreams[name] = upstream
		next.upstreams[name] = &servedUpstream{unit: s.unit, outcome: upstream}
	}
	for _, call := range u.calls {
		if s := r.tools[call.name]; s != nil && next.tools[call.name] == nil {
			_, more := r.tool(c, next, s.unit, s.unit.definition())
			found = append(found, more...)
		}
	}
	if len(u.calls) > 0 {
		c.toolNames = slices.Sorted(maps.Keys(r.tools))
	}
	tool, made, more := c.checkTool(standIn(def))
	found = append(found, more...)
	if tool == nil {
		return nil, found
	}
	u = u.keep(nil)
	u.checked = &checked{against: c.toolDependencies(u)}
	tool.program = c.programOf(u, tool, made)
	c.tools[def.Name] = tool
	next.tools[def.Name] = &servedTool{unit: u, outcome: tool, guard: tool.guard()}
	return made, found
}

// upstream checks an upstream. An address made of test values is seldom one:
// then another stands in for it, which leads nowhere.
func (r *rehearsal) upstream(c *checker, u *unit) (*checkedUpstream, []schema.Diagnostic) {
	def := standIn(u.definition())
	upstream, found := c.checkUpstream(def, u.checked.against, c.exposedEnv())
	if upstream.upstream != nil || !strings.Contains(def.Upstream.BaseURL.Text, "env.") {
		return upstream, found
	}
	written, moved := *def.Upstream, *def
	written.BaseURL = &schema.Node{Kind: schema.String, Text: "https://" + def.Name + ".test", Place: written.BaseURL.Place}
	moved.Upstream = &written
	return c.checkUpstream(&moved, u.checked.against, c.exposedEnv())
}

// testEnv is the environment of a test: what it gives, and test-NAME for all
// else.
func testEnv(given map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		if value, ok := given[name]; ok {
			return value, true
		}
		return "test-" + name, true
	}
}

// localToken is what the caller of a test that names none signed in with, where
// answers are played.
const localToken = "test-caller-token"

// testCaller is who a test calls for.
func testCaller(given *schema.Caller) Caller {
	if given == nil {
		return Local
	}
	c := Caller{ID: given.ID, Name: given.Name, Roles: given.Roles, Scopes: given.Scopes, Token: Token(given.Token)}
	if given.Claims != nil {
		c.Claims, _ = decoded(given.Claims.JSON()).(map[string]any)
	}
	return c
}

// unstaged is a test that cannot run, because something has a fault in its
// environment.
func unstaged(t *schema.Test, found []schema.Diagnostic) []TestFailure {
	f := TestFailure{Place: t.Place, Message: "the tool cannot be built with the environment of this test"}
	for _, d := range found {
		if d.Severity == schema.Error {
			f.Notes = append(f.Notes, fmt.Sprintf("%s:%d:%d: %s [%s]", d.Place.File, d.Place.Line, d.Place.Column, d.Message, d.Code))
		}
	}
	f.Notes = append(f.Notes, "variables that the test does not give under env are test-NAME")
	return []TestFailure{f}
}
