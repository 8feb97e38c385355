package httpcall

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/toolsd/toolsd/engine/jsonschema"
)

// The ways to read a body.
const (
	asJSON   = "json"
	asText   = "text"
	asBytes  = "bytes"
	asXML    = "xml"
	asCSV    = "csv"
	asEvents = "events"
	asLines  = "ndjson"
)

var (
	errTrailing = errors.New("there is more after the JSON value")
	errDeep     = fmt.Errorf("the JSON nests deeper than %d levels", deepest)
	errValues   = fmt.Errorf("there are more than %d values", mostValues)
)

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
	as := r.kindOf(mediaType, a.status)
	if as == asEvents || as == asLines {
		response["more"] = a.more
	}
	switch coding := a.header.Get("Content-Encoding"); {
	case len(a.body) == 0:
		response["body"] = r.empty(as)
		return response, nil
	case coding != "" && !strings.EqualFold(coding, "identity"):
		return response, &encoded{coding}
	}
	switch as {
	case asBytes:
		response["bytes"] = a.body
		return response, nil
	case asText:
		response["body"] = decodeText(a.body, charset)
		return response, nil
	}
	value, err := r.data(as, a.body, charset)
	if err == nil {
		response["body"] = jsonschema.Normalize(value, r.kind)
		return response, nil
	}
	response["body"] = decodeText(a.body, charset)
	if !r.expects(a.status) {
		return response, nil
	}
	return response, &malformed{as: as, mediaType: mediaType, page: isPage(mediaType, a.body), cause: err}
}

// kindOf returns how the body of an answer is read: what as says holds for the
// statuses that are expected, and for XML and CSV on any other where the answer
// says that it is that, so that a fault is data too.
func (r *boundReading) kindOf(mediaType string, status int) string {
	expected := r.expects(status)
	if r.as != "" && expected || r.as == asXML && isXML(mediaType) || r.as == asCSV && mediaType == "text/csv" {
		return r.as
	}
	return r.asOf(mediaType, expected)
}

// isXML reports whether a media type is one of XML (RFC 7303 §9).
func isXML(mediaType string) bool {
	return strings.HasSuffix(mediaType, "/xml") || strings.HasSuffix(mediaType, "+xml")
}

// empty is what a body without bytes comes to: no records, or null.
func (r *boundReading) empty(as string) any {
	switch as {
	case asCSV, asEvents, asLines:
		return []any{}
	}
	return nil
}

// data reads a body as data, its numbers as json.Number.
func (r *boundReading) data(as string, body []byte, charset string) (any, error) {
	switch as {
	case asXML:
		value, err := decodeXML(body, charset)
		return typed(value, r.kind), err
	case asCSV:
		value, err := decodeCSV(decodeText(body, charset), r.separator)
		return typed(value, r.kind), err
	case asEvents:
		return decodeEvents(body)
	case asLines:
		return decodeLines(body)
	}
	return parseJSON(body)
}

// lineTypes are the names under which JSON is sent line by line.
var lineTypes = []string{"application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonl", "application/jsonlines", "application/x-jsonlines"}

// asOf returns how a body of a media type is read when its author does not
// say: JSON also where a schema is given, and text where the answer is not
// the expected one.
func (r *boundReading) asOf(mediaType string, expected bool) string {
	switch {
	case expected && mediaType == "text/event-stream":
		return asEvents
	case expected && slices.Contains(lineTypes, mediaType):
		return asLines
	case mediaType == "application/json" || strings.HasSuffix(mediaType, "+json"), expected && r.validator != nil:
		return asJSON
	case strings.HasPrefix(mediaType, "text/"), isXML(mediaType),
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

// mostValues is how many values of JSON, or elements and attributes of XML, are
// read: the smallest take many times the room of their text.
const mostValues = 1_000_000

// parseJSON reads one JSON value, its numbers as json.Number.
func parseJSON(body []byte) (any, error) {
	switch depth, values := extent(body); {
	case depth > deepest:
		return nil, errDeep
	case values > mostValues:
		return nil, errValues
	}
	d := json.NewDecoder(bytes.NewReader(withoutBOM(body)))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errTrailing
	}
	return value, nil
}

// extent returns how many levels the lists and objects of JSON nest, and how
// many values it has, an empty list or object counted twice. Of what is not
// JSON it may say anything.
func extent(body []byte) (depth, values int) {
	level, quoted := 0, false
	values = 1
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[' || c == '{':
			level++
			depth = max(depth, level)
			values++
		case c == ']' || c == '}':
			level--
		case c == ',':
			values++
		}
	}
	return depth, values
}
