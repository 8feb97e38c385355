package engine

import (
	"context"
	"errors"
	"strings"

	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/schema"
)

// An expectation holds the result of a call against what its test says.
type expectation struct {
	test    *schema.Test
	parts   *parts // of the tool
	bounds  Bounds
	result  *Result
	witness *witness
	found   []TestFailure
}

// failures returns everything that is not as expected.
func (x *expectation) failures(ctx context.Context) []TestFailure {
	e, text := &x.test.Expect, x.result.Content[0].Text
	switch {
	case x.result.IsError && !e.IsError:
		x.broke(text)
		return x.found
	case !x.result.IsError && e.IsError:
		x.fail(x.test.Place, "a tool error is expected, but the call succeeded", nil, "the result: "+x.shown())
		return x.found
	}
	if e.Structured != nil {
		c := &comparison{}
		if want := exact(e.Structured.JSON()); x.result.Structured != nil || want == nil {
			c.values("", want, exact(x.result.Structured))
			x.compared(e.Structured.Place, "structuredContent is not what is expected", c)
		} else {
			c.differ("", shown(want), nothing)
			x.fail(e.Structured.Place, "structuredContent is not what is expected", c.found,
				"only objects and lists are structured; what else is expected stands under text", "the result: "+x.shown())
		}
	}
	if e.Text != nil {
		c := &comparison{}
		c.texts("", e.Text.Prose(), text)
		x.compared(e.Text.Place, "the text is not what is expected", c)
	}
	if e.When != nil {
		x.condition(ctx, e)
	}
	return x.found
}

// broke is a call that ended in an error which is not expected.
func (x *expectation) broke(text string) {
	lines := strings.Split(text, "\n")
	notes := lines[1:]
	for _, cause := range x.witness.causes {
		if cause != text {
			notes = append(notes, "cause: "+cause)
		}
	}
	x.fail(x.test.Place, "the call failed: "+lines[0], nil, notes...)
}

// shown is the result as a person reads it.
func (x *expectation) shown() string {
	short, _ := excerpts(x.result.Content[0].Text, "")
	return short
}

func (x *expectation) compared(p schema.Place, message string, c *comparison) {
	if len(c.found) > 0 {
		x.fail(p, message, c.found)
	}
}

func (x *expectation) fail(p schema.Place, message string, differences []Difference, notes ...string) {
	x.found = append(x.found, TestFailure{Place: p, Message: message, Differences: differences, Notes: notes})
}

// condition evaluates expect.when.
func (x *expectation) condition(ctx context.Context, e *schema.Expect) {
	holds, err := x.holds(ctx, e)
	switch {
	case err != nil:
		if fault, ok := errors.AsType[*expression.Fault](err); ok {
			err = fault.Cause // its place is that of the condition
		}
		x.fail(e.When.Place, "the condition cannot be evaluated: "+err.Error(), nil, "the result: "+x.shown())
	case !holds:
		x.fail(e.When.Place, "the condition does not hold", nil, "the result: "+x.shown())
	}
}

func (x *expectation) holds(ctx context.Context, e *schema.Expect) (bool, error) {
	checked, _ := x.parts.expectScope(e).CheckCondition(e.When) // checked before
	program, err := checked.Build(x.parts.expectScope(e), x.bounds.Expression)
	if err != nil {
		return false, err
	}
	input := x.witness.arguments
	if input == nil && x.test.Input != nil {
		input = decoded(x.test.Input.JSON())
	}
	result := map[string]any{
		"structuredContent": nil,
		"text":              x.result.Content[0].Text,
		"isError":           x.result.IsError,
	}
	if x.result.Structured != nil {
		result["structuredContent"] = decoded(x.result.Structured)
	}
	return program.Holds(ctx, expression.Vars{"input": input, "result": result})
}
