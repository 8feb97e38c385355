package engine

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"time"

	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/engine/httpcall"
	"github.com/toolsd/toolsd/engine/jsonschema"
	"github.com/toolsd/toolsd/schema"
)

// A checker checks definitions against what is around them.
type checker struct {
	bounds       Bounds
	lookup       func(string) (string, bool)
	allowMissing bool

	expose        []string
	withdraw      bool
	upstreams     map[string]*checkedUpstream
	upstreamNames []string // defined anywhere, those with errors too, sorted
}

// A checkedServer is a server definition without errors.
type checkedServer struct {
	info     ServerInfo
	expose   []string
	rule     *accessRule
	limit    schema.Limit
	timeout  time.Duration
	withdraw bool
}

// A checkedUpstream is an upstream without errors.
type checkedUpstream struct {
	upstream *httpcall.Upstream
	env      map[string]any
}

// checkUnit checks a unit unless that was done against the same things, and
// reports whether it can be served.
func (c *checker) checkUnit(u *unit, against dependencies) bool {
	if u.checked != nil && u.checked.against == against && u.ok() {
		return true
	}
	result := &checked{against: against}
	u.checked = result
	result.found = guarded(u.doc, func() []schema.Diagnostic {
		def := u.definition()
		switch {
		case def.Tool != nil:
			tool, found := c.checkTool(def)
			result.tool = tool
			return found
		case def.Upstream != nil:
			upstream, found := c.checkUpstream(def, against)
			result.upstream = upstream
			return found
		default:
			server, found := c.checkServer(def)
			result.server = server
			return found
		}
	})
	return u.ok()
}

func (c *checker) checkServer(def *schema.Definition) (*checkedServer, []schema.Diagnostic) {
	s := def.Server
	rule, _, found := c.checkAccess(s.Access)
	return &checkedServer{
		info:     ServerInfo{Name: def.Name, Title: s.Title, Version: s.Version, Instructions: s.Instructions},
		expose:   s.Expose,
		rule:     rule,
		limit:    s.Limit,
		timeout:  s.Timeout,
		withdraw: s.OnBroken == "withdraw",
	}, found
}

func (c *checker) checkUpstream(def *schema.Definition, against dependencies) (*checkedUpstream, []schema.Diagnostic) {
	written := *def.Upstream
	if against.denyPrivate {
		written.AllowPrivate = false
	}
	written.Settings.Redirects = stricterRedirects(written.Settings.Redirects, against.redirects)
	all, exposed := c.allEnv(), c.exposedEnv()
	upstream, found := httpcall.CheckUpstream(def.Name, &written, all, exposed)
	return &checkedUpstream{upstream: upstream, env: c.values(all, exposed)}, found
}

// checkTool checks a tool with all its parts. The tool is nil when it cannot be
// served.
func (c *checker) checkTool(def *schema.Definition) (*checkedTool, []schema.Diagnostic) {
	written := def.Tool
	t := &checkedTool{limit: written.Limit, timeout: written.Timeout}
	var found []schema.Diagnostic
	add := func(more []schema.Diagnostic) { found = append(found, more...) }

	var more []schema.Diagnostic
	if written.InputSchema != nil {
		t.input, more = jsonschema.Check(written.InputSchema, jsonschema.Input, c.bounds.Schema)
		add(more)
	}
	if written.OutputSchema != nil {
		t.output, more = jsonschema.Check(written.OutputSchema, jsonschema.Output, c.bounds.Schema)
		add(more)
	}
	t.rule, _, more = c.checkAccess(written.Access)
	add(more)

	t.place = def.Place
	t.envs.all, t.envs.exposed = c.allEnv(), c.exposedEnv()
	if kind, ok := bodyKind(written); ok {
		t.body, more = bodies[kind](c, t, written)
		add(more)
	}
	if written.Result != nil {
		t.result, more = t.after().CheckTemplate(written.Result)
		add(more)
		if written.Expr != nil {
			add([]schema.Diagnostic{unusedValue.At(written.Result.Place,
				"the value of expr is not used", "write the shape into expr, or leave expr out")})
		}
	}
	if written.IsError != nil {
		scope := t.after()
		scope.Names["result"] = anyType
		t.isError, more = scope.CheckCondition(written.IsError)
		add(more)
	}
	if !def.Complete || schema.HasErrors(found) || !t.body.ready() {
		return nil, found
	}
	t.advertised = advertise(def.Name, written, t)
	t.env = c.values(t.envs.all, t.envs.exposed)
	t.prepare(c.bounds)
	return t, found
}

// Advertised is what clients are told of a tool. Nobody writes to its fields.
type Advertised struct {
	Name, Title, Description  string
	InputSchema, OutputSchema json.RawMessage // as written; OutputSchema may be nil
	Annotations               schema.Annotations
	Icons, Meta               json.RawMessage   // nil when not said
	Hash                      [sha256.Size]byte // of everything above
}

func advertise(name string, written *schema.Tool, t *checkedTool) Advertised {
	a := Advertised{
		Name:        name,
		Title:       written.Title,
		Description: written.Description,
		InputSchema: t.input.JSON(),
		Annotations: written.Annotations,
	}
	if t.output != nil {
		a.OutputSchema = t.output.JSON()
	}
	if written.Icons != nil {
		a.Icons = written.Icons.JSON()
	}
	if written.Meta != nil {
		a.Meta = written.Meta.JSON()
	}
	text, err := json.Marshal(a)
	if err != nil {
		panic(err) // schemas and metadata come from Node.JSON, which is valid JSON
	}
	a.Hash = sha256.Sum256(text)
	return a
}

func (s *checkedServer) guard() guard { return guardOf(s.rule) }

func (t *checkedTool) guard() guard { return guardOf(t.rule) }

func guardOf(rule *accessRule) guard {
	if rule == nil {
		return nil
	}
	return guard{rule}
}

// info returns what is said of the server; nothing where there is no server
// definition.
func (s *servedServer) info() ServerInfo {
	if s == nil {
		return ServerInfo{}
	}
	return s.outcome.info
}

// exposed returns the names of variables that may leave the requests.
func (s *servedServer) exposed() []string {
	if s == nil {
		return nil
	}
	return s.expose
}

// rules is what guards every definition.
func (s *servedServer) rules() guard {
	if s == nil {
		return nil
	}
	return s.guard
}

// defaults returns the time and the limit that hold for a tool: its own, else
// the server's, else those of the bounds.
func (s *servedServer) defaults(t *checkedTool, b Bounds) (time.Duration, schema.Limit) {
	var server checkedServer
	if s != nil {
		server = *s.outcome
	}
	timeout := cmp.Or(t.timeout, server.timeout, b.CallTime)
	if b.MaxCallTime > 0 {
		timeout = min(timeout, b.MaxCallTime)
	}
	return timeout, schema.Limit{
		Bytes: cmp.Or(t.limit.Bytes, server.limit.Bytes, b.ResultBytes),
		Items: cmp.Or(t.limit.Items, server.limit.Items, b.ResultItems),
	}
}

// upstream returns a served upstream, or nil.
func (c *checker) upstream(name string) *httpcall.Upstream {
	if u := c.upstreams[name]; u != nil {
		return u.upstream
	}
	return nil
}

// scopeOf is the scope of a body's expressions.
func scopeOf(input *jsonschema.Schema, env *expression.Env) *expression.Scope {
	t := anyType
	if input != nil {
		t = input.Type()
	}
	return inputScope(t, env)
}
