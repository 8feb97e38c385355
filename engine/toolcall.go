package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/schema"
)

// maxDepth is how many tools deep a call may go.
const maxDepth = 8

// tool checks a step that calls another tool.
func (k *stepCheck) tool() action {
	written := k.written.Tool
	callee := k.tools[written.Name]
	a := action{typ: anyType, ready: callee != nil}
	if callee == nil && !slices.Contains(k.toolNames, written.Name) {
		hint := "define it: tool: " + written.Name
		if near, ok := schema.Nearest(written.Name, k.toolNames); ok {
			hint = "did you mean " + near + "?"
		}
		k.found = append(k.found, unknownTool.At(written.Place, "unknown tool "+strconv.Quote(written.Name), hint))
	}
	node := written.Input
	if node == nil {
		node = &schema.Node{Kind: schema.Map, Place: written.Place}
	}
	input, scope := k.template(node)
	if callee == nil || input == nil {
		a.ready = false
		return a
	}
	if written.Input == nil && k.written.Flawed {
		return a // its tool is not served
	}
	k.found = append(k.found, scope.ArgumentMisfits(input, node, callee.input.Type(), requiredBy(callee.advertised.InputSchema), written.Name)...)
	a.safe = isReadOnly(callee.advertised.Annotations)
	if callee.output != nil {
		a.typ = callee.output
	}
	a.build = func(bounds Bounds) (runner, error) {
		arguments, err := k.renderer(input, bounds)
		if err != nil {
			return nil, fmt.Errorf("input: %w", err)
		}
		return func(ctx context.Context, c *call, vars expression.Vars) (any, error) {
			values, err := expression.Render(ctx, arguments, vars, expression.InJSON)
			if err != nil {
				return nil, err
			}
			text, err := expression.Text(values)
			if err != nil {
				return nil, err
			}
			return c.callTool(ctx, written.Name, json.RawMessage(text))
		}, nil
	}
	return a
}

// requiredBy returns the members that a schema requires.
func requiredBy(text json.RawMessage) []string {
	var written struct{ Required []string }
	if json.Unmarshal(text, &written) != nil {
		return nil // it was checked, and a schema of another form requires nothing
	}
	return written.Required
}

// callTool runs another tool of the same catalog for the same caller, within
// the time of this call, and returns the value of its result. A tool that the
// caller may not call looks like one that is not there.
func (c *call) callTool(ctx context.Context, name string, arguments json.RawMessage) (any, error) {
	callee := c.catalog.Tool(name)
	if callee == nil || !callee.allows(ctx, c.who) {
		return nil, &expression.Failure{Message: fmt.Sprintf("There is no tool %q that this call may use.", name)}
	}
	if c.depth == maxDepth {
		return nil, fmt.Errorf("tools call one another more than %d deep", maxDepth)
	}
	inner := &call{
		engine: c.engine, catalog: c.catalog, tool: callee, who: c.who,
		id: c.id, depth: c.depth + 1, started: time.Now(), unfetched: c.unfetched,
	}
	within, cancel := context.WithTimeout(ctx, callee.timeout)
	defer cancel()
	value, err := inner.plain(within, arguments)
	if err != nil && within.Err() != nil && ctx.Err() == nil {
		return nil, inner.late(err)
	}
	return value, err
}

// plain is the value of the tool's result, of which nothing is left out. What
// would be a tool error is a *expression.Failure.
func (c *call) plain(ctx context.Context, arguments json.RawMessage) (any, error) {
	p, err := c.tool.body.program()
	if err != nil {
		return nil, err
	}
	input, refusal := c.input(ctx, p, arguments)
	if refusal != "" {
		return nil, &expression.Failure{Message: refusal}
	}
	value, err := c.produce(ctx, p, input)
	if err != nil {
		return nil, err
	}
	if value.failed {
		told, err := c.presentFailure(value.plain)
		if err != nil {
			return nil, err
		}
		return nil, &expression.Failure{Message: told.Content[0].Text}
	}
	if p.output != nil {
		if violations := p.output.Validate(value.plain); len(violations) > 0 {
			return nil, fmt.Errorf("the result of the tool %s does not fit its outputSchema: %s", c.tool.Name(), wantedBy(violations))
		}
	}
	return value.plain, nil
}
