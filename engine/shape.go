package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"unicode/utf8"
	"unsafe"

	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/engine/jsonschema"
)

// A product is the value of a result before it is presented.
type product struct {
	value  any // as plain, or binary
	plain  any
	failed bool // isError marks it
}

// produce runs the body and makes the value of the result: result and isError,
// in this order.
func (c *call) produce(ctx context.Context, p *program, input any) (product, error) {
	vars := expression.Vars{"input": input, "caller": c.who.value()}
	value, err := p.run(ctx, c, vars)
	if err != nil {
		return product{}, err
	}
	if p.result != nil {
		if value, err = expression.Render(ctx, p.result, vars, expression.InResult); err != nil {
			return product{}, err
		}
	}
	if data, ok := value.([]byte); ok {
		value = binary{data, mediaTypeOf(data, vars)}
	}
	plain := value
	if b, ok := value.(binary); ok {
		c.observe(ctx, func(o Observer) { o.Value(fmt.Sprintf("%d bytes of %s", len(b.data), b.mediaType)) })
		plain = b.data
	} else {
		if plain, err = expression.Plain(value); err != nil {
			return product{}, err
		}
		c.observe(ctx, func(o Observer) { o.Value(plain) })
	}
	failed, err := c.failed(ctx, p, plain, vars)
	return product{value, plain, failed}, err
}

// shape makes the result of a call out of its value: output schema and limit,
// in this order.
func (c *call) shape(p *program, m product) (*Result, error) {
	if m.failed {
		return c.presentFailure(m.plain)
	}
	if p.output != nil {
		if violations := p.output.Validate(m.plain); len(violations) > 0 {
			return c.misfit(violations), nil
		}
	}
	if b, ok := m.value.(binary); ok {
		return &Result{Content: append([]Content{b.content(c.tool.Name())}, c.unfetched.told(c.tool)...)}, nil
	}
	presented, err := c.present(p, m.plain)
	if err == nil && !presented.IsError {
		presented.Content = append(presented.Content, c.unfetched.told(c.tool)...)
	}
	return presented, err
}

// failed evaluates isError; null is false.
func (c *call) failed(ctx context.Context, p *program, value any, vars expression.Vars) (bool, error) {
	if p.isError == nil {
		return false, nil
	}
	vars["result"] = value
	return p.isError.Holds(ctx, vars)
}

// present makes content out of a value: objects and lists are structured and
// stand as compact JSON beside it, text stays text, null says that it is done.
func (c *call) present(p *program, value any) (*Result, error) {
	text, err := wording(value)
	if err != nil {
		return nil, err
	}
	short, note, ok := c.tool.limited(value, len(text))
	if !ok {
		return toolError("The result is too large, and no part of it can be left out." + note), nil
	}
	if note != "" {
		if p.output != nil && len(p.output.Validate(short)) > 0 {
			return toolError("The result is too large, and cut to size it would no longer fit the tool's outputSchema. " + note), nil
		}
		if text, err = wording(short); err != nil {
			return nil, err
		}
	}
	result := &Result{Content: []Content{{Type: Text, Text: text}}}
	switch short.(type) {
	case map[string]any, []any:
		result.Structured = json.RawMessage(text)
	}
	if note != "" {
		result.Content = append(result.Content, Content{Type: Text, Text: note})
	}
	return result, nil
}

// presentFailure makes a tool error out of a value that isError marked.
func (c *call) presentFailure(value any) (*Result, error) {
	if data, ok := value.([]byte); ok {
		value = string(data)
		if !utf8.Valid(data) {
			value = fmt.Sprintf("The tool reported an error with %d bytes that are not text.", len(data))
		}
	}
	text, err := expression.Text(value)
	if err != nil {
		return nil, err
	}
	if text == "" {
		text = "The tool reported an error and did not say which."
	}
	short, note, _ := c.tool.limited(text, len(text))
	result := toolError(short.(string))
	if note != "" {
		result.Content = append(result.Content, Content{Type: Text, Text: note})
	}
	return result, nil
}

// wording is a value as the text of a result.
func wording(value any) (string, error) {
	if value == nil {
		return "Done.", nil
	}
	return expression.Text(value)
}

// misfit is a result that does not fit the tool's own outputSchema.
func (c *call) misfit(violations []jsonschema.Violation) *Result {
	c.log(slog.LevelError, "result does not fit outputSchema", errors.New(wantedBy(violations)))
	return toolError(fmt.Sprintf("The tool %s gave a result that its own outputSchema does not allow. This is a fault of the tool, "+
		"for its operator to mend; other arguments may work.%s", c.tool.Name(), c.reference()))
}

// wantedBy says what a schema wants. What came is left out: it is the
// upstream's, shortened, and half a secret would not be recognised as one.
func wantedBy(violations []jsonschema.Violation) string {
	var wanted []string
	for _, v := range violations {
		wanted = append(wanted, strings.TrimPrefix(v.Pointer+" wants "+v.Expected, " "))
	}
	return strings.Join(wanted, "; ")
}

// mediaTypeOf is the type of the answer that bytes came from: of the call, or
// of the step whose bytes they are.
func mediaTypeOf(data []byte, vars expression.Vars) string {
	if response, ok := vars["response"].(map[string]any); ok {
		return responseMediaType(response)
	}
	steps, _ := vars["steps"].(map[string]any)
	for _, value := range steps {
		response, _ := value.(map[string]any)
		if from, _ := response["bytes"].([]byte); len(from) > 0 && unsafe.SliceData(from) == unsafe.SliceData(data) {
			return responseMediaType(response)
		}
	}
	return ""
}

func responseMediaType(response map[string]any) string {
	mediaType, _ := response["type"].(string)
	return mediaType
}

// content is a block for binary data: an image, a sound, or an embedded
// resource.
func (b binary) content(tool string) Content {
	c := Content{Type: Blob, Data: b.data, MIMEType: b.mediaType, URI: "toolsd:///results/" + tool}
	if c.MIMEType == "" {
		c.MIMEType = "application/octet-stream"
	}
	switch kind, _, _ := strings.Cut(c.MIMEType, "/"); kind {
	case "image":
		c.Type, c.URI = Image, ""
	case "audio":
		c.Type, c.URI = Audio, ""
	}
	return c
}
