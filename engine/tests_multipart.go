package engine

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/toolsd/toolsd/engine/httpcall"
	"github.com/toolsd/toolsd/schema"
)

// A sentPart is a part of a multipart body.
type sentPart struct {
	name, filename, contentType string
	content                     []byte
}

// partsIn takes a multipart body apart.
func partsIn(sent httpcall.Sent, body []byte) ([]sentPart, error) {
	kind, parameters, err := mime.ParseMediaType(sent.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		return nil, errors.New("the body is not multipart/form-data")
	}
	var parts []sentPart
	in := multipart.NewReader(bytes.NewReader(body), parameters["boundary"])
	for {
		p, err := in.NextRawPart()
		if err == io.EOF {
			return parts, nil
		}
		if err != nil {
			return nil, err
		}
		_, said, err := mime.ParseMediaType(p.Header.Get("Content-Disposition"))
		if err != nil {
			return nil, err
		}
		content, err := io.ReadAll(p)
		if err != nil {
			return nil, err
		}
		parts = append(parts, sentPart{unquoted(said["name"]), unquoted(said["filename"]), p.Header.Get("Content-Type"), content})
	}
}

// unquoted is a name as it was before it was sent.
func unquoted(s string) string { return strings.NewReplacer("%22", `"`, "%5C", `\`).Replace(s) }

// multipart compares a body of parts: all its names, all parts of a name in
// their order, and of each what is named.
func (m *matching) multipart(node *schema.Node) {
	parts, err := partsIn(m.sent, m.body)
	if err != nil {
		m.found = append(m.found, Difference{Where: "multipart", Want: shown(exact(node.JSON())), Got: "(a body that is not multipart)"})
		return
	}
	got := map[string][]any{}
	for i := range parts {
		got[parts[i].name] = append(got[parts[i].name], parts[i].described())
	}
	want, _ := exact(node.JSON()).(map[string]any)
	sent := writtenParts(parts)
	c := comparison{asText: true}
	for _, name := range slices.Sorted(maps.Keys(union(want, sent))) {
		where := "multipart/" + escapePointer(name)
		expected := expectedParts(want[name])
		switch {
		case want[name] == nil && len(got[name]) == 0: // null says that it is not sent
		case want[name] == nil:
			c.differ(where, nothing, shown(sent[name]))
		case len(got[name]) == 0:
			c.differ(where, shown(want[name]), nothing)
		case len(expected) == 1 && len(got[name]) == 1:
			c.values(where, expected[0], got[name][0])
		default:
			c.lists(where, expected, got[name])
		}
	}
	m.found = append(m.found, c.found...)
}

// expectedParts are the parts of a name that a test expects.
func expectedParts(written any) []any {
	list, isList := written.([]any)
	if !isList {
		list = []any{written}
	}
	for i, item := range list {
		if _, isObject := item.(map[string]any); !isObject {
			list[i] = map[string]any{"text": item}
		}
	}
	return list
}

func union(a, b map[string]any) map[string]any {
	all := map[string]any{}
	maps.Copy(all, a)
	maps.Copy(all, b)
	return all
}

// described is all that a test may say of a part.
func (p *sentPart) described() map[string]any {
	d := map[string]any{"base64": base64.StdEncoding.EncodeToString(p.content)}
	if p.filename != "" {
		d["filename"] = p.filename
	}
	if p.contentType != "" {
		d["contentType"] = p.contentType
	}
	if utf8.Valid(p.content) {
		d["text"] = string(p.content)
	}
	if json.Valid(p.content) {
		d["json"] = exact(p.content)
	}
	return d
}

// writtenParts are parts as a test expects them: a text as it is, any other as
// a mapping, several of a name as a list.
func writtenParts(parts []sentPart) map[string]any {
	written := map[string]any{}
	for i := range parts {
		p := &parts[i]
		switch before := written[p.name].(type) {
		case nil:
			written[p.name] = p.written()
		case []any:
			written[p.name] = append(before, p.written())
		default:
			written[p.name] = []any{before, p.written()}
		}
	}
	return written
}

func (p *sentPart) written() any {
	d := p.described()
	text, isText := d["text"]
	if isText && p.filename == "" && p.contentType == "" {
		return text
	}
	delete(d, "json")
	if isText {
		delete(d, "base64")
	}
	return d
}
