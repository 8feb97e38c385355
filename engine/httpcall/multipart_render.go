package httpcall

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"mime"
	"strings"

	"github.com/toolsd/toolsd/engine/expression"
)

// A boundPart is a compiled part.
type boundPart struct {
	boundField
	label                 string // of the value, for whoever gave it
	encoded, single       bool
	filename, contentType *expression.Renderer
}

func (b *builder) partsOf(parts []bodyPart) []boundPart {
	bound := make([]boundPart, len(parts))
	for i, p := range parts {
		bound[i] = boundPart{
			boundField: b.fields([]field{p.field}, nil)[0], label: fmt.Sprintf("the part %q", p.key),
			encoded: p.encoded, single: p.single,
			filename: b.template(p.filename, b.request), contentType: b.template(p.contentType, b.request),
		}
		if p.value.Form == expression.Slot {
			bound[i].label = label(p.value.Slot)
		}
	}
	return bound
}

// renderParts renders a body of parts (RFC 7578).
func renderParts(ctx context.Context, parts []boundPart, vars expression.Vars) (payload, error) {
	var sent []renderedPart
	var secrets []string
	for i := range parts {
		p := &parts[i]
		more, err := p.render(ctx, vars)
		if err != nil {
			return payload{}, err
		}
		sent = append(sent, more...)
		for _, r := range more {
			if p.secret {
				secrets = append(secrets, string(r.content))
			}
		}
	}
	boundary := boundaryOf(sent)
	var b bytes.Buffer
	for _, r := range sent {
		fmt.Fprintf(&b, "--%s\r\n%s\r\n", boundary, r.head)
		b.Write(r.content)
		b.WriteString("\r\n")
	}
	fmt.Fprintf(&b, "--%s--\r\n", boundary)
	return payload{body: b.Bytes(), mediaType: "multipart/form-data; boundary=" + boundary, secrets: secrets}, nil
}

// A renderedPart is a part as it is sent: its header lines, each with its line
// break, and its content.
type renderedPart struct {
	head    string
	content []byte
}

// boundaryOf makes a boundary out of all that it divides: what a caller sends
// cannot hold it, since whatever it holds changes the boundary, and a request
// is the same however often it is made.
func boundaryOf(parts []renderedPart) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d %d\n%s", len(p.head), len(p.content), p.head)
		h.Write(p.content)
	}
	for {
		boundary := "toolsd-" + hex.EncodeToString(h.Sum(nil)[:16])
		within := false
		for _, p := range parts {
			within = within || bytes.Contains(p.content, []byte(boundary))
		}
		if !within {
			return boundary
		}
		h.Write([]byte(boundary))
	}
}

// render evaluates a part: none where its value is null, several where the
// value of a slot is a list.
func (p *boundPart) render(ctx context.Context, vars expression.Vars) ([]renderedPart, error) {
	var value any = p.value.Text // of a plain scalar, as written
	if p.value.Form != expression.Literal || p.value.Value == nil {
		var err error
		if value, err = expression.Render(ctx, p.value, vars, expression.InJSON); err != nil {
			return nil, err
		}
	}
	values := []any{value}
	if list, ok := value.([]any); ok && !p.single {
		values = list
	}
	var sent []renderedPart
	for _, value := range values {
		if value == nil {
			continue
		}
		content, mediaType, err := p.content(value)
		if err != nil {
			return nil, err
		}
		head, err := p.head(ctx, vars, mediaType)
		if err != nil {
			return nil, err
		}
		sent = append(sent, renderedPart{head, content})
	}
	return sent, nil
}

// content is what is sent of a value, with the media type that it has where
// nothing is said; "" is that of text.
func (p *boundPart) content(value any) (content []byte, mediaType string, err error) {
	switch v := value.(type) {
	case []byte:
		return v, "application/octet-stream", nil
	case map[string]any, []any:
		content, err = marshal(v)
		return content, "application/json", err
	}
	s, err := text(value, p.label)
	if err != nil || !p.encoded {
		return []byte(s), "", err
	}
	content, err = decodeBase64(s)
	if err != nil {
		return nil, "", refuse("%s is not base64", p.label)
	}
	return content, "application/octet-stream", nil
}

// decodeBase64 reads base64 of either alphabet (RFC 4648 §4 and §5), with or
// without padding and line breaks.
func decodeBase64(s string) ([]byte, error) {
	s = strings.NewReplacer("-", "+", "_", "/", "\r", "", "\n", "", " ", "").Replace(s)
	return base64.RawStdEncoding.DecodeString(strings.TrimRight(s, "="))
}

// head returns the header lines of a part.
func (p *boundPart) head(ctx context.Context, vars expression.Vars, mediaType string) (string, error) {
	head := `Content-Disposition: form-data; name="` + quotedName(p.key) + `"`
	filename, err := p.line(ctx, p.filename, vars, "the filename of ")
	if err != nil {
		return "", err
	}
	if filename != "" {
		head += `; filename="` + quotedName(filename) + `"`
		if mediaType == "" {
			mediaType = "application/octet-stream"
		}
	}
	written, err := p.line(ctx, p.contentType, vars, "the contentType of ")
	if err != nil {
		return "", err
	}
	if written != "" {
		if _, _, err := mime.ParseMediaType(written); err != nil {
			return "", refuse("the contentType of the part %q is not a media type", p.key)
		}
		mediaType = written
	}
	head += "\r\n"
	if mediaType != "" {
		head += "Content-Type: " + mediaType + "\r\n"
	}
	return head, nil
}

// line evaluates a text of one line; "" where it is null or not said.
func (p *boundPart) line(ctx context.Context, r *expression.Renderer, vars expression.Vars, what string) (string, error) {
	if r == nil {
		return "", nil
	}
	value, err := evaluate(ctx, r, vars)
	if err != nil || value == nil {
		return "", err
	}
	what += fmt.Sprintf("the part %q", p.key)
	s, err := text(value, what)
	if err == nil && hasControl(s) {
		err = refuse("%s holds a line break or another control character", what)
	}
	return s, err
}

// quotedName writes a name so that no reader takes it to end early: a quote as
// forms do (HTML §4.10.21.8), and so the backslash, which some read as an escape.
func quotedName(s string) string { return strings.NewReplacer(`"`, "%22", `\`, "%5C").Replace(s) }
