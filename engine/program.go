package engine

import (
	"fmt"
	"sync"

	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/engine/jsonschema"
	"github.com/toolsd/toolsd/schema"
)

// A program is a tool ready to run. It is immutable and safe for concurrent
// use.
type program struct {
	arguments *jsonschema.Validator
	output    *jsonschema.Validator // or nil
	run       runner
	result    *expression.Renderer // or nil
	isError   *expression.Program  // or nil
}

// parts are what a program is built from: checked, and without errors.
type parts struct {
	input, output *jsonschema.Schema // output may be nil
	body          body
	result        *expression.Template // may be nil
	isError       *expression.Expr     // may be nil
	envs          struct{ all, exposed *expression.Env }
	chain         *chain // while it is being checked
}

// after is the scope of what follows the body: result and isError. Without a
// body, which is a fault of its own, there may be anything.
func (p *parts) after() *expression.Scope {
	scope := p.scope(p.envs.exposed)
	if p.body != nil {
		p.body.adds(scope)
	} else {
		for _, name := range []string{"response", "steps", "failed"} {
			scope.Names[name] = anyType
		}
	}
	return scope
}

// programOf returns what makes a checked tool runnable. Of 10,000 tools few
// are called, and their parts take many times the room of their texts: unless
// they are wanted at once, they are not kept but made again out of the text,
// with the values that its variables had at the check, whatever they have
// become since: those are the ones that the catalog masks.
func (c *checker) programOf(u *unit, tool *checkedTool, made *parts) func() (*program, error) {
	if c.options.keepParts {
		return sync.OnceValues(func() (*program, error) { return made.build(c.bounds) })
	}
	// None of what is kept leads back to this compilation.
	options, around, doc, against := c.options, c.surroundings, u.doc, u.checked.against
	doc.Line, doc.Text = u.line, u.text
	return sync.OnceValues(func() (*program, error) {
		again := newChecker(options)
		again.surroundings, again.lookup = around, tool.variable
		def, found := schema.Parse(doc)
		if def != nil && def.Tool != nil {
			again.provide(def.Tool, against)
			var made *parts
			if _, made, found = again.checkTool(def); made != nil {
				return made.build(again.bounds)
			}
		}
		return nil, fmt.Errorf("the text does not pass the check that it passed: %v", found)
	})
}

// provide puts what a tool was checked against where its check finds it.
func (c *checker) provide(t *schema.Tool, against dependencies) {
	for i, name := range t.Upstreams() {
		c.upstreams[name] = against.upstreams[i]
	}
	for i, call := range t.Calls() {
		c.tools[call.Name] = against.tools[i]
	}
}

func (p *parts) build(bounds Bounds) (*program, error) {
	var made program
	var err error
	if made.arguments, err = p.input.Build(); err != nil {
		return nil, fmt.Errorf("inputSchema: %w", err)
	}
	if p.output != nil {
		if made.output, err = p.output.Build(); err != nil {
			return nil, fmt.Errorf("outputSchema: %w", err)
		}
	}
	if made.run, err = p.body.build(bounds); err != nil {
		return nil, err
	}
	if p.result != nil {
		if made.result, err = expression.BuildTemplate(p.result, p.after(), bounds.Expression); err != nil {
			return nil, fmt.Errorf("result: %w", err)
		}
	}
	if p.isError != nil {
		scope := p.after()
		scope.Names["result"] = anyType
		if made.isError, err = p.isError.Build(scope, bounds.Expression); err != nil {
			return nil, fmt.Errorf("isError: %w", err)
		}
	}
	return &made, nil
}
