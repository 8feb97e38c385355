package httpcall

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"

	"github.com/toolsd/toolsd/engine/jsonschema"
)

// The ways to read a body.
const (
	asJSON  = "json"
	asText  = "text"
	asBytes = "bytes"
)

var (
	errTrailing = errors.New("there is more after the JSON value")
	errDeep     = fmt.Errorf("the JSON nests deeper than %d levels", deepest)
)

// A tooLarge answer was not read to its end.
type tooLarge struct{ limit int64 }

func (t *tooLarge) Error() string { return fmt.Sprintf("the answer is larger than %s", size(t.limit)) }

// decode reads an answer. When its body is not what it should be, the body
// is text and the error says why; an answer whose status is not expected is
// read as what it says it is and has no such error.
func (r *boundReading) decode(a *answer) (Response, error) {
	mediaType, charset := contentType(a.header)
	response := Response{
		"status": a.status, "headers": headerValues(a.header), "type": mediaType, "body": nil, "bytes": nil,
	}
	if a.truncated {
		return response, &tooLarge{r.maxBytes}
	}
	if len(a.body) == 0 {
		return response, nil
	}
	as := r.as
	expected := r.expects(a.status)
	if as == "" || !expected {
		as = r.asOf(mediaType, expected)
	}
	switch as {
	case asBytes:
		response["bytes"] = a.body
		return response, nil
	case asJSON:
		value, err := decodeJSON(a.body, r.kind)
		if err == nil {
			response["body"] = value
			return response, nil
		}
		response["body"] = decodeText(a.body, charset)
		if !expected {
			return response, nil
		}
		return response, err
	}
	response["body"] = decodeText(a.body, charset)
	return response, nil
}

// asOf returns how a body of a media type is read when its author does not
// say: JSON also where a schema is given, and text where the answer is not
// the expected one.
func (r *boundReading) asOf(mediaType string, expected bool) string {
	switch {
	case mediaType == "application/json" || strings.HasSuffix(mediaType, "+json"), expected && r.validator != nil:
		return asJSON
	case strings.HasPrefix(mediaType, "text/"), strings.HasSuffix(mediaType, "/xml"), strings.HasSuffix(mediaType, "+xml"),
		mediaType == "application/x-www-form-urlencoded", !expected:
		return asText
	}
	return asBytes
}

// expects reports whether a status is one of those the author expects.
func (r *boundReading) expects(status int) bool {
	for _, s := range r.expect {
		if s.First <= status && status <= s.Last {
			return true
		}
	}
	return false
}

// contentType returns the media type without parameters, in lower case, and
// the charset.
func contentType(h http.Header) (mediaType, charset string) {
	written := h.Get("Content-Type")
	mediaType, params, err := mime.ParseMediaType(written)
	if err != nil && mediaType == "" {
		mediaType, _, _ = strings.Cut(written, ";")
		mediaType = strings.ToLower(strings.TrimSpace(mediaType))
	}
	return mediaType, params["charset"]
}

// headerValues are headers as expressions see them: names in lower case, the
// values of one name joined by commas.
func headerValues(h http.Header) map[string]any {
	values := make(map[string]any, len(h))
	for name, v := range h {
		values[strings.ToLower(name)] = strings.Join(v, ", ")
	}
	return values
}

// deepest is how far JSON may nest: what expressions and clients take.
const deepest = 1000

// decodeJSON reads one JSON value, its numbers exact.
func decodeJSON(body []byte, kind *jsonschema.Type) (any, error) {
	if nestsDeeper(body, deepest) {
		return nil, errDeep
	}
	d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(body, []byte("\ufeff"))))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errTrailing
	}
	return jsonschema.Normalize(value, kind), nil
}

// nestsDeeper reports whether the lists and objects of JSON nest more than
// limit levels. Of what is not JSON it may say either.
func nestsDeeper(body []byte, limit int) bool {
	depth, quoted := 0, false
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[' || c == '{':
			if depth++; depth > limit {
				return true
			}
		case c == ']' || c == '}':
			depth--
		}
	}
	return false
}

// decodeText returns a body as UTF-8. A charset that is not known counts as
// UTF-8, and what is not of the charset becomes U+FFFD.
func decodeText(body []byte, charset string) string {
	if charset != "" && !strings.EqualFold(charset, "utf-8") {
		if encoding, err := htmlindex.Get(charset); err == nil {
			if decoded, err := encoding.NewDecoder().Bytes(body); err == nil {
				body = decoded
			}
		}
	}
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	if utf8.Valid(body) {
		return string(body)
	}
	return strings.ToValidUTF8(string(body), "\ufffd")
}

// size writes a number of bytes in the largest unit that divides it.
func size(n int64) string {
	switch {
	case n > 0 && n%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", n>>20)
	case n > 0 && n%(1<<10) == 0:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}
