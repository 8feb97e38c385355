package engine

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/toolsd/toolsd/engine/httpcall"
	"github.com/toolsd/toolsd/schema"
)

// A copyist plays a tape and writes down the requests that it plays to.
type copyist struct {
	tape      *tape
	exchanges []any
	err       error
}

// Answer implements httpcall.Answerer.
func (c *copyist) Answer(sent httpcall.Sent) (*http.Response, error) {
	i := len(c.exchanges)
	body, err := bodyOf(sent)
	if err == nil && i >= len(c.tape.played) {
		err = fmt.Errorf("with the environment of a test, more than %d requests are sent", i)
	}
	if err != nil {
		c.err = err
		return nil, err
	}
	c.exchanges = append(c.exchanges, schema.Members{
		{Key: "request", Value: writtenRequest(sent, body)},
		{Key: "response", Value: c.tape.answers[i]},
	})
	if c.tape.played[i] == nil {
		return nil, httpcall.ErrSilence
	}
	return c.tape.played[i], nil
}

// writtenRequest is a request as a test expects it.
func writtenRequest(sent httpcall.Sent, body []byte) schema.Members {
	written := schema.Members{{Key: "method", Value: sent.Method}}
	bare := *sent.URL
	bare.RawQuery = ""
	if rest, ok := strings.CutPrefix(bare.String(), sent.Base); ok && strings.HasPrefix(rest, "/") {
		written = append(written, schema.Member{Key: "path", Value: rest})
	} else {
		written = append(written, schema.Member{Key: "url", Value: bare.String()})
	}
	query := httpcall.ReadParameters(sent.URL.RawQuery)
	delete(query, sent.Credential)
	if len(query) > 0 {
		written = append(written, schema.Member{Key: "query", Value: parameterValues(query)})
	}
	kind, _, _ := mime.ParseMediaType(sent.Header.Get("Content-Type"))
	switch {
	case len(body) == 0:
	case kind == "application/x-www-form-urlencoded":
		written = append(written, schema.Member{Key: "form", Value: parameterValues(httpcall.ReadParameters(string(body)))})
	case kind == "multipart/form-data":
		if parts, err := partsIn(sent, body); err == nil {
			written = append(written, schema.Member{Key: "multipart", Value: writtenParts(parts)})
		}
	case json.Valid(body):
		written = append(written, schema.Member{Key: "json", Value: exact(body)})
	case utf8.Valid(body):
		written = append(written, schema.Member{Key: "text", Value: string(body)})
	}
	return written
}

// parameterValues are parameters as they are written: one value, or a list;
// whole numbers without quotes.
func parameterValues(values map[string][]string) map[string]any {
	written := make(map[string]any, len(values))
	for name, all := range values {
		list := make([]any, len(all))
		for i, text := range all {
			list[i] = text
			if n, err := strconv.Atoi(text); err == nil && strconv.Itoa(n) == text {
				list[i] = json.Number(text)
			}
		}
		written[name] = any(list)
		if len(list) == 1 {
			written[name] = list[0]
		}
	}
	return written
}
