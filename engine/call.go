package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/engine/httpcall"
)

// ErrUnknownTool is returned for a name that the catalog does not have or that
// the caller may not see: the two look alike.
var ErrUnknownTool = errors.New("unknown tool")

// Call runs a tool for the caller of ctx, on the catalog that is served now.
// Every fault of the arguments, the body or an upstream is a Result with
// IsError, so that the model can read it; the error is ErrUnknownTool, that of
// a ctx that ended, or httpcall.ErrDryRun.
func (e *Engine) Call(ctx context.Context, name string, arguments json.RawMessage) (*Result, error) {
	catalog := e.Catalog()
	t := catalog.Tool(name)
	who := CallerFrom(ctx)
	if t == nil || !t.allows(ctx, who) {
		return nil, ErrUnknownTool
	}
	c := &call{engine: e, catalog: catalog, tool: t, who: who, id: CallIDFrom(ctx), started: time.Now(), unfetched: &unfetched{}}
	return c.run(ctx, arguments)
}

// A call is one run of a tool.
type call struct {
	engine  *Engine
	catalog *Catalog
	tool    *Tool
	who     Caller
	id      string
	started time.Time
	depth   int    // of tools that called this one
	meter   *meter // of a body of steps, while it runs
	// unfetched is shared with the calls that this one makes of other tools.
	unfetched *unfetched
}

// run makes the call within its time and turns whatever goes wrong into a
// result. A panic is one failed call.
func (c *call) run(ctx context.Context, arguments json.RawMessage) (result *Result, err error) {
	outer := ctx
	ctx, cancel := context.WithTimeout(ctx, c.tool.timeout)
	defer cancel()
	defer func() {
		if r := recover(); r != nil {
			c.log(slog.LevelError, "call panicked", fmt.Errorf("%v\n%s", r, debug.Stack()))
			result, err = c.internal(), nil
		}
	}()
	result, err = c.value(ctx, arguments)
	var failure *expression.Failure
	switch {
	case err == nil:
		return result, nil
	case outer.Err() != nil:
		return nil, outer.Err() // the caller is gone
	case errors.Is(err, httpcall.ErrDryRun):
		return nil, err
	case errors.As(err, &failure):
		c.log(slog.LevelWarn, "call failed", causeOf(err, failure))
		return toolError(failure.Message + c.reference()), nil
	case ctx.Err() != nil:
		c.log(slog.LevelWarn, "call ran out of time", err)
		return toolError(c.late(err).Message + c.reference()), nil
	default:
		c.log(slog.LevelError, "call failed by its definition", err)
		return c.internal(), nil
	}
}

// value runs the program: arguments, body, shape.
func (c *call) value(ctx context.Context, arguments json.RawMessage) (*Result, error) {
	p, err := c.tool.body.program()
	if err != nil {
		return nil, err
	}
	input, refusal := c.input(ctx, p, arguments)
	if refusal != "" {
		return toolError(refusal), nil
	}
	if c.who.Token != "" {
		ctx = httpcall.WithCallerToken(ctx, string(c.who.Token))
	}
	value, err := c.produce(ctx, p, input)
	if err != nil {
		return nil, err
	}
	return c.shape(p, value)
}

// input decodes the arguments. A refusal says what is wrong with them.
func (c *call) input(ctx context.Context, p *program, arguments json.RawMessage) (input any, refusal string) {
	input, violations, err := p.arguments.Decode(arguments)
	switch {
	case err != nil:
		return nil, "The arguments are not one JSON object: " + err.Error() + "."
	case len(violations) > 0:
		return nil, c.tool.mend(violations)
	}
	c.observe(ctx, func(o Observer) { o.Arguments(input) })
	return input, ""
}

// late is the failure of a call whose time is over.
func (c *call) late(err error) *expression.Failure {
	return &expression.Failure{
		Message: fmt.Sprintf("The tool did not finish within %s. It may work with a smaller request, or later.", c.tool.timeout),
		Cause:   err,
	}
}

// internal is what a model is told of a fault that only the operator can mend.
func (c *call) internal() *Result {
	return toolError(fmt.Sprintf("The tool %s failed because of a fault in its definition. "+
		"Calling it again with the same arguments will not help; its operator can find the reason in the log.%s",
		c.tool.Name(), c.reference()))
}

// reference names the call, so that what a model was told can be found in the
// log.
func (c *call) reference() string {
	if c.id == "" {
		return ""
	}
	return " (call " + c.id + ")"
}

func (c *call) log(level slog.Level, message string, err error) {
	place := c.tool.place
	c.engine.options.Logger.Log(context.Background(), level, message,
		"tool", c.tool.Name(),
		"definition", fmt.Sprintf("%s:%d", place.File, place.Line),
		"catalog", c.catalog.digest[:12],
		"call", c.id,
		"duration", time.Since(c.started).Round(time.Millisecond),
		"cause", c.catalog.Mask(err.Error()))
}

// causeOf is cause, with the step in which it happened.
func causeOf(err error, f *expression.Failure) error {
	if in, ok := errors.AsType[*stepError](err); ok {
		return &stepError{in.label, cause(f)}
	}
	return cause(f)
}

// cause is what the operator is told of a failure.
func cause(f *expression.Failure) error {
	if f.Cause != nil {
		return fmt.Errorf("%s: %w", f.Message, f.Cause)
	}
	return f
}

// toolError is a result that tells a model what went wrong.
func toolError(message string) *Result {
	return &Result{IsError: true, Content: []Content{{Type: Text, Text: message}}}
}
