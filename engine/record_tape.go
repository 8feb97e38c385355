package engine

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/toolsd/toolsd/engine/httpcall"
	"github.com/toolsd/toolsd/schema"
)

// A tape keeps the answers of one call, with secrets masked.
type tape struct {
	text    string // of the definitions, which may name headers
	answers []schema.Members
	played  []*http.Response // nil is silence
	err     error
}

// Record implements httpcall.Recorder.
func (t *tape) Record(status int, header http.Header, body []byte, err error, hide func(string) string) {
	switch {
	case err == nil:
		t.answer(status, header, body, hide)
	case errors.Is(err, httpcall.ErrSilence):
		t.answers = append(t.answers, schema.Members{{Key: "timeout", Value: true}})
		t.played = append(t.played, nil)
	default:
		t.err = errors.New("there was no answer: " + hide(err.Error()))
	}
}

func (t *tape) answer(status int, header http.Header, body []byte, hide func(string) string) {
	written := schema.Members{}
	if status != http.StatusOK {
		written = append(written, schema.Member{Key: "status", Value: json.Number(strconv.Itoa(status))})
	}
	key, value, implied := bodyValue(header.Get("Content-Type"), body)
	kept := schema.Members{}
	for _, name := range slices.Sorted(maps.Keys(header)) {
		if t.keeps(name) || name == "Content-Type" && len(body) > 0 && !isType(header.Get(name), implied) {
			kept = append(kept, schema.Member{Key: name, Value: hide(strings.Join(header.Values(name), ", "))})
		}
	}
	if len(kept) > 0 {
		written = append(written, schema.Member{Key: "headers", Value: kept})
	}
	switch {
	case key == "base64" && hide(string(body)) != string(body):
		t.err = errors.New("the answer is binary and holds a secret")
		return
	case key != "":
		written = append(written, schema.Member{Key: key, Value: masked(value, hide)})
	}
	t.answers = append(t.answers, written)
	t.played = append(t.played, &http.Response{StatusCode: status, Header: header.Clone(), Body: io.NopCloser(bytes.NewReader(body))})
}

// keeps reports whether a header of an answer matters to a call: it steers
// the call, or its definition names it.
func (t *tape) keeps(name string) bool {
	switch name {
	case "Location", "Retry-After":
		return true
	case "Link":
		return strings.Contains(t.text, "paginate:")
	case "Content-Type", "Set-Cookie":
		return false
	}
	name = strings.ToLower(name)
	return slices.ContainsFunc([]string{"headers." + name, `"` + name + `"`, "'" + name + "'"}, func(used string) bool {
		return strings.Contains(t.text, used)
	})
}

// isType reports whether a Content-Type says no more than a media type.
func isType(contentType, mediaType string) bool {
	kind, parameters, err := mime.ParseMediaType(contentType)
	charset := strings.ToLower(parameters["charset"])
	return err == nil && kind == mediaType && (charset == "" || charset == "utf-8")
}

// bodyValue returns how a body is written, and the media type that it then
// has without a header that says so.
func bodyValue(contentType string, body []byte) (key string, value any, mediaType string) {
	if len(body) == 0 {
		return "", nil, ""
	}
	kind, _, _ := mime.ParseMediaType(contentType)
	if (kind == "application/json" || strings.HasSuffix(kind, "+json")) && json.Valid(body) && utf8.Valid(body) {
		return "json", exact(body), "application/json"
	}
	if utf8.Valid(body) {
		return "text", string(body), "text/plain"
	}
	return "base64", base64.StdEncoding.EncodeToString(body), "application/octet-stream"
}

// masked hides secrets in every text and number of a value.
func masked(v any, hide func(string) string) any {
	switch v := v.(type) {
	case string:
		return hide(v)
	case json.Number:
		if hidden := hide(v.String()); hidden != v.String() {
			return hidden
		}
	case []any:
		for i := range v {
			v[i] = masked(v[i], hide)
		}
	case map[string]any:
		hidden := make(map[string]any, len(v))
		for key, member := range v {
			hidden[hide(key)] = masked(member, hide)
		}
		return hidden
	}
	return v
}
