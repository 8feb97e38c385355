package engine

import (
	"maps"
	"slices"
	"strings"

	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/engine/httpcall"
	"github.com/toolsd/toolsd/engine/jsonschema"
	"github.com/toolsd/toolsd/schema"
)

// A checker checks definitions against what is around them.
type checker struct {
	options      *Options
	bounds       Bounds
	lookup       func(string) (string, bool)
	allowMissing bool

	withdraw  bool
	upstreams map[string]*checkedUpstream
	tools     map[string]*checkedTool // that steps may call
	toolNames []string                // defined anywhere, sorted
	made      *[]*expression.Env      // collects the environments that checks use; may be nil
	surroundings
}

// surroundings are the names that definitions may use. Nobody writes to them.
type surroundings struct {
	expose        []string
	upstreamNames []string // defined anywhere, those with errors too, sorted
	around        string   // both, for comparison
}

func newChecker(o *Options) checker {
	return checker{options: o, bounds: o.Bounds, lookup: o.Env, allowMissing: o.AllowMissingEnv, upstreams: map[string]*checkedUpstream{}, tools: map[string]*checkedTool{}}
}

// A checkedUpstream is an upstream without errors.
type checkedUpstream struct {
	upstream *httpcall.Upstream
	env      map[string]any
}

// checkUnit checks a unit unless that was done against the same things, and
// reports whether it can be served.
func (c *checker) checkUnit(u *unit, against dependencies) bool {
	if c.holds(u, against) {
		return u.ok()
	}
	result := &checked{against: against, around: c.around}
	u.checked = result
	var made []*expression.Env
	own := *c
	c, own.made = &own, &made
	result.found = guarded(u.doc, func() []schema.Diagnostic {
		defer func() { result.env = c.values(made...) }()
		def := u.definition()
		switch {
		case def.Tool != nil:
			tool, made, found := c.checkTool(def)
			if tool != nil {
				tool.program = c.programOf(u, tool, made)
				result.tool, result.exposed = tool, tool.exposed
			}
			return found
		case def.Upstream != nil:
			exposed := c.exposedEnv()
			upstream, found := c.checkUpstream(def, against, exposed)
			result.upstream, result.exposed = upstream, slices.Sorted(maps.Keys(exposed.Used))
			return found
		default:
			server, found := c.checkServer(def)
			result.server = server
			return found
		}
	})
	if c.options.Lint {
		result.found = append(result.found, guarded(u.doc, func() []schema.Diagnostic {
			l := lintDefinition(u.definition(), result)
			result.secrets = l.secrets
			return l.found
		})...)
	}
	u.def = nil
	return u.ok()
}

// holds reports whether what the last check of a unit came to is still so.
func (c *checker) holds(u *unit, against dependencies) bool {
	switch {
	case u.checked == nil || !u.checked.against.equal(against):
		return false
	case len(u.calls) > 0 && !u.ok():
		return false // other tools may be what it lacks
	case c.differs(u.checked.env):
		return false
	case u.ok():
		return !slices.ContainsFunc(u.checked.exposed, c.withholds)
	}
	return u.checked.around == c.around
}

// surround tells the checker what definitions may use.
func (c *checker) surround(expose, upstreamNames []string) {
	c.surroundings = surroundings{expose, upstreamNames, strings.Join(expose, " ") + "\n" + strings.Join(upstreamNames, " ")}
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

func (c *checker) checkUpstream(def *schema.Definition, against dependencies, exposed *expression.Env) (*checkedUpstream, []schema.Diagnostic) {
	written := *def.Upstream
	if against.denyPrivate {
		written.AllowPrivate = false
	}
	written.Settings.Redirects = stricterRedirects(written.Settings.Redirects, against.redirects)
	all := c.allEnv()
	upstream, found := httpcall.CheckUpstream(def.Name, &written, all, exposed, c.options.Identities)
	return &checkedUpstream{upstream: upstream, env: c.freeze(all, exposed)}, found
}

// checkTool checks a tool with all its parts. The tool is nil when it cannot be
// served; the caller sets its program.
func (c *checker) checkTool(def *schema.Definition) (*checkedTool, *parts, []schema.Diagnostic) {
	written := def.Tool
	p := &parts{}
	p.envs.all, p.envs.exposed = c.allEnv(), c.exposedEnv()
	var found []schema.Diagnostic
	add := func(more []schema.Diagnostic) { found = append(found, more...) }

	var more []schema.Diagnostic
	if written.InputSchema != nil {
		p.input, more = jsonschema.Check(written.InputSchema, jsonschema.Input, c.bounds.Schema)
		add(more)
	}
	if written.OutputSchema != nil {
		p.output, more = jsonschema.Check(written.OutputSchema, jsonschema.Output, c.bounds.Schema)
		add(more)
	}
	rule, _, more := c.checkAccess(written.Access)
	add(more)
	p.chain = newChain(p.input)
	defer func() { p.chain = nil }()
	if kind, ok := bodyKind(written); ok {
		p.body, more = bodies[kind](c, p, written)
		add(more)
	}
	add(p.checkResult(written))
	add(checkTests(p, written.Tests))
	if !def.Complete || schema.HasErrors(found) || !p.body.ready() {
		return nil, nil, found
	}
	add(p.chain.unusedInputs(written.InputSchema))
	tool := &checkedTool{
		advertised: advertise(def.Name, written, p),
		input:      p.input,
		rule:       rule,
		tags:       written.Tags,
		limit:      written.Limit,
		timeout:    written.Timeout,
		env:        c.values(p.envs.all, p.envs.exposed),
		exposed:    slices.Sorted(maps.Keys(p.envs.exposed.Used)),
	}
	if p.output != nil {
		tool.output = p.output.Type()
	}
	return tool, p, found
}

// checkResult checks what follows the body: result, isError, and whether the
// value fits outputSchema.
func (p *parts) checkResult(written *schema.Tool) (found []schema.Diagnostic) {
	var more []schema.Diagnostic
	if written.Result != nil {
		scope := p.after()
		p.result, more = scope.CheckTemplate(written.Result)
		found = append(found, more...)
		p.chain.ofTemplate(scope, p.result, written.Result)
		if written.Expr != nil {
			found = append(found, unusedValue.At(written.Result.Place,
				"the value of expr is not used", "write the shape into expr, or leave expr out"))
		}
	}
	if written.IsError != nil {
		scope := p.after()
		scope.Names["result"] = p.chain.value
		p.isError, more = scope.CheckCondition(written.IsError)
		found = append(found, more...)
	}
	if p.output != nil && p.chain.misfits != nil && written.IsError == nil {
		found = append(found, p.chain.misfits(p.output.Type())...)
	}
	return found
}

// upstream returns a served upstream, or nil.
func (c *checker) upstream(name string) *httpcall.Upstream {
	if u := c.upstreams[name]; u != nil {
		return u.upstream
	}
	return nil
}
