package httpcall

import (
	"bytes"
	"context"
	"encoding/json"
	"mime"
	"slices"
	"strings"

	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/schema"
)

type bodyKind uint8

const (
	noBody bodyKind = iota
	jsonBody
	formBody
	textBody
	multipartBody
)

// mediaType is the Content-Type of a body whose author wrote none.
func (k bodyKind) mediaType() string {
	return map[bodyKind]string{
		jsonBody: "application/json",
		formBody: "application/x-www-form-urlencoded",
		textBody: "text/plain; charset=utf-8",
	}[k]
}

// A body is a checked body of a request.
type body struct {
	kind  bodyKind
	value *expression.Template // of json and text
	form  []field
	parts []bodyPart
}

// body checks the body of a call. headers are those of the merged call.
func (c *checker) body(h *schema.HTTP, headers []field) body {
	contentType, typed := find(headers, "Content-Type", sameHeader)
	switch {
	case h.JSON != nil:
		t := c.template(h.JSON)
		c.placeholders(h.JSON, t, inBody)
		return body{kind: jsonBody, value: t}
	case h.Form != nil:
		if typed && !contentType.inherited {
			c.report(badHeader, contentType.place, "a form has its own Content-Type", "leave the header out, or use text:")
		}
		return body{kind: formBody, form: c.fields(h.Form, inParameter)}
	case h.Multipart != nil:
		if typed && !contentType.inherited {
			c.report(badHeader, contentType.place, "a multipart body has its own Content-Type", "leave the header out; each part may have a contentType")
		}
		return body{kind: multipartBody, parts: c.parts(h.Multipart)}
	case h.Text != nil:
		t := c.template(h.Text)
		c.placeholders(h.Text, t, inBody)
		if t != nil && typed {
			c.quoted(t, contentType)
		}
		return body{kind: textBody, value: t}
	}
	return body{}
}

// quoted reports slots in the text of a language whose values have a form of
// their own, unless they have it. A slot that is the whole text is the
// language itself.
func (c *checker) quoted(t *expression.Template, contentType field) {
	if t.Form != expression.Joined {
		return
	}
	functions := quotesOf(contentType.value, t.Pieces[0].Text)
	if functions == nil {
		return
	}
	brings := ", which brings its own quotes"
	if functions[0] == "xml" {
		brings = ", which stays one text of XML whatever it holds"
	}
	for _, p := range t.Pieces {
		if p.IsSlot && !slices.Contains(functions, p.Slot.Quotes()) {
			hint := "write ${" + functions[0] + "(" + strings.TrimSpace(p.Slot.Source()) + ")}" + brings
			if len(functions) > 1 {
				hint = "put it into json(…) or odata(…), whichever quotes as this language does; text that has no quotes of its own has a Content-Type of text/…"
			}
			c.report(unquotedSlot, p.Slot.Place(), "a value in this text could change what the text says", hint)
		}
	}
}

// quotesOf returns the functions that write values in the language of a
// Content-Type; nil for plain text, which is none. Of one that is not known it
// counts whether the text begins as XML does.
func quotesOf(contentType *expression.Template, begins string) []string {
	written, _ := contentType.Value.(string)
	kind, _, err := mime.ParseMediaType(written)
	if err != nil {
		kind = written
	}
	switch {
	case kind == "application/json" || strings.HasSuffix(kind, "+json"):
		return []string{"json"}
	case strings.HasSuffix(kind, "/xml") || strings.HasSuffix(kind, "+xml") || kind == "text/html":
		return []string{"xml"}
	case strings.HasPrefix(kind, "text/"):
		return nil
	case kind == "application/graphql":
		return []string{"json"}
	case strings.Contains(kind, "sql"):
		return []string{"odata"} // in SQL a quote is doubled, as in OData; a backslash escapes nothing (ISO 9075-2 §5.3)
	case strings.HasPrefix(strings.TrimSpace(begins), "<"):
		return []string{"xml"}
	}
	return []string{"json", "odata"}
}

// A boundBody is a compiled body.
type boundBody struct {
	kind  bodyKind
	value *expression.Renderer
	form  []boundField
	parts []boundPart
}

// A payload is a rendered body; the zero payload is none.
type payload struct {
	body      []byte
	mediaType string
	secrets   []string       // that fields of it came to
	form      *parameters    // of a form
	object    map[string]any // of JSON that is an object
}

// render evaluates the body.
func (b *boundBody) render(ctx context.Context, vars expression.Vars) (payload, error) {
	sent := payload{mediaType: b.kind.mediaType()}
	var value any
	var err error
	switch b.kind {
	case jsonBody:
		if value, err = expression.Render(ctx, b.value, vars, expression.InJSON); err == nil {
			sent.object, _ = value.(map[string]any)
			sent.body, err = marshal(value)
		}
	case formBody:
		sent.form = formParameters()
		if err = sent.form.fields(ctx, b.form, vars); err == nil {
			sent.body, sent.secrets = []byte(sent.form.String()), sent.form.secrets
		}
	case multipartBody:
		return renderParts(ctx, b.parts, vars)
	case textBody:
		if value, err = evaluate(ctx, b.value, vars); err == nil {
			sent.body, err = textContent(value)
		}
	}
	return sent, err
}

// textContent is what is sent of the value of a text body; null is nothing.
func textContent(value any) ([]byte, error) {
	switch value := value.(type) {
	case nil:
		return nil, nil
	case []byte:
		return value, nil
	}
	s, err := text(value, "the text of the request")
	return []byte(s), err
}

// marshal writes a value as compact JSON, as it is: nothing in it is escaped
// for the sake of HTML.
func marshal(value any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		return nil, &expression.Failure{Message: "the request cannot be written as JSON", Cause: err}
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
