package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"unicode/utf8"

	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/engine/jsonschema"
)

// shape makes the result of a call out of the value of its body: result,
// isError, output schema and limit, in this order.
func (c *call) shape(ctx context.Context, p *program, value any, vars expression.Vars) (*Result, error) {
	var err error
	if p.result != nil {
		if value, err = expression.Render(ctx, p.result, vars, expression.InResult); err != nil {
			return nil, err
		}
	}
	if data, ok := value.([]byte); ok {
		value = binary{data, mediaTypeOf(vars)}
	}
	plain := value
	if b, ok := value.(binary); ok {
		observe(ctx, func(o Observer) { o.Value(fmt.Sprintf("%d bytes of %s", len(b.data), b.mediaType)) })
		plain = b.data
	} else {
		if plain, err = expression.Plain(value); err != nil {
			return nil, err
		}
		observe(ctx, func(o Observer) { o.Value(plain) })
	}
	failed, err := c.failed(ctx, p, plain, vars)
	switch {
	case err != nil:
		return nil, err
	case failed:
		return c.presentFailure(plain)
	}
	if p.output != nil {
		if violations := p.output.Validate(plain); len(violations) > 0 {
			return c.misfit(violations), nil
		}
	}
	if b, ok := value.(binary); ok {
		return &Result{Content: []Content{b.content(c.tool.Name())}}, nil
	}
	presented, err := c.present(p, plain)
	if err == nil && !presented.IsError {
		presented.Content = append(presented.Content, c.tool.unfetched(vars)...)
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
	// What came is left out: it is the upstream's, shortened, and half a secret
	// would not be recognised as one.
	var wanted []string
	for _, v := range violations {
		wanted = append(wanted, strings.TrimPrefix(v.Pointer+" wants "+v.Expected, " "))
	}
	c.log(slog.LevelError, "result does not fit outputSchema", errors.New(strings.Join(wanted, "; ")))
	return toolError(fmt.Sprintf("The tool %s gave a result that its own outputSchema does not allow. This is a fault of the tool, "+
		"for its operator to mend; other arguments may work.%s", c.tool.Name(), c.reference()))
}

// mediaTypeOf is the type of the answer that bytes came from.
func mediaTypeOf(vars expression.Vars) string {
	response, _ := vars["response"].(map[string]any)
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
