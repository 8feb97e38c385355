package mcpserver

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// A message is what is known of a JSON-RPC 2.0 message before the SDK reads
// it. Its parts lie in the bytes it was read from.
type message struct {
	raw    json.RawMessage
	id     json.RawMessage // nil for a notification
	method string          // empty for a response
	params json.RawMessage // nil when there are none
}

func (m message) isCall() bool { return m.method != "" && m.id != nil }

// version is the protocol version in the _meta of a message, if there is one.
func (m message) version() string {
	if m.params == nil {
		return ""
	}
	for key, value := range members(m.params) {
		if key != "_meta" {
			continue // and _meta is an object, as every message read was found to say
		}
		for key, value := range members(value) {
			if key == mcp.MetaKeyProtocolVersion && value[0] == '"' {
				return unquote(value)
			}
		}
	}
	return ""
}

// A fault is why a message is refused, and the id to answer it under, nil
// when that is not known.
type fault struct {
	id  json.RawMessage
	err jsonrpc.Error
}

func newFault(code int64, format string, args ...any) *fault {
	return &fault{err: jsonrpc.Error{Code: code, Message: fmt.Sprintf(format, args...)}}
}

// under gives a fault the id of a message, so that its sender can tell what
// was refused.
func (f *fault) under(m message) *fault {
	f.id = m.id
	return f
}

// encode is the fault as a response. Where the id is not known it is left out
// rather than null, which MCP does not allow as an id.
func (f *fault) encode() []byte {
	out, err := json.Marshal(struct {
		Version string          `json:"jsonrpc"`
		ID      json.RawMessage `json:"id,omitempty"`
		Error   *jsonrpc.Error  `json:"error"`
	}{"2.0", f.id, &f.err})
	if err != nil {
		panic(err) // all parts are valid JSON
	}
	return out
}

// tooDeep refuses a message under its id, where that can be read, so that its
// sender does not wait.
func tooDeep(body []byte, valid bool, limit int) *fault {
	f := newFault(jsonrpc.CodeInvalidRequest, "the message is nested deeper than %d levels", limit)
	if valid && body[0] == '{' {
		if m, unread := readMessage(body); unread == nil {
			return f.under(m)
		}
	}
	return f
}

// readMessages reads a body that is one message or a batch of them, and
// refuses what the SDK would answer with plain text, wrongly, or with the end
// of the session.
func readMessages(body []byte, b Bounds) (messages []message, batch bool, _ *fault) {
	if !utf8.Valid(body) {
		return nil, false, newFault(jsonrpc.CodeParseError, "the message is not UTF-8")
	}
	deep, valid := deeper(body, b.Depth), json.Valid(body)
	body = bytes.TrimSpace(body)
	switch {
	case deep:
		return nil, false, tooDeep(body, valid, b.Depth)
	case !valid:
		return nil, false, newFault(jsonrpc.CodeParseError, "the message is not valid JSON")
	}
	if body[0] != '[' {
		m, f := readMessage(body)
		return []message{m}, false, f
	}
	ids := make(map[string]bool)
	for element := range elements(body) {
		if len(messages) == b.Batch {
			return nil, true, newFault(jsonrpc.CodeInvalidRequest, "a batch may hold at most %d messages", b.Batch)
		}
		m, f := readMessage(element)
		if f != nil {
			return nil, true, f
		}
		if m.method == "initialize" || m.method == "subscriptions/listen" {
			return nil, true, newFault(jsonrpc.CodeInvalidRequest, "%s cannot be part of a batch", m.method).under(m)
		}
		if m.isCall() && ids[string(m.id)] {
			return nil, true, newFault(jsonrpc.CodeInvalidRequest, "two messages of the batch have the same id").under(m)
		}
		ids[string(m.id)] = true
		messages = append(messages, m)
	}
	if len(messages) == 0 {
		return nil, true, newFault(jsonrpc.CodeInvalidRequest, "a batch has to hold a message")
	}
	return messages, true, nil
}

// readMessage reads one message out of valid JSON.
func readMessage(raw []byte) (message, *fault) {
	m := message{raw: raw}
	if raw[0] != '{' {
		return m, newFault(jsonrpc.CodeInvalidRequest, "a message is a JSON object")
	}
	var version, id, method, answer, twice json.RawMessage
	for key, value := range members(raw) {
		var field *json.RawMessage
		switch key {
		case "jsonrpc":
			field = &version
		case "id":
			field = &id
		case "method":
			field = &method
		case "params":
			field = &m.params
		case "result", "error":
			field = &answer
		default:
			continue
		}
		if *field != nil {
			twice = value
		}
		*field = value
	}
	idIsGood := id == nil || isMessageID(id)
	if idIsGood {
		m.id = id
	}
	if string(m.params) == "null" {
		m.params = nil
	}
	refuse := func(code int64, format string, args ...any) (message, *fault) {
		return m, newFault(code, format, args...).under(m)
	}
	switch {
	case twice != nil:
		return refuse(jsonrpc.CodeInvalidRequest, "a member of the message is there twice")
	case !isText(version, "2.0"):
		return refuse(jsonrpc.CodeInvalidRequest, `the message does not say "jsonrpc": "2.0"`)
	case !idIsGood:
		return refuse(jsonrpc.CodeInvalidRequest, "an id is a string or a whole number of at most 53 bits")
	case method == nil && (id == nil || answer == nil):
		return refuse(jsonrpc.CodeInvalidRequest, "the message is neither a request nor a response")
	case method == nil:
		return m, nil
	case method[0] != '"' || len(method) == len(`""`):
		return refuse(jsonrpc.CodeInvalidRequest, "the method is not a name")
	}
	m.method = unquote(method)
	switch {
	case isNotification(m.method) && m.id != nil:
		return refuse(jsonrpc.CodeInvalidRequest, "a notification has no id")
	case !isNotification(m.method) && m.id == nil:
		return refuse(jsonrpc.CodeInvalidRequest, "a request needs an id")
	}
	if f := checkParams(m); f != nil {
		return m, f.under(m)
	}
	return m, nil
}

// paramKind says how the value of a member of params has to begin, whatever the
// method, since names mean the same throughout the protocol; 0 is any way.
func paramKind(name string) (begins byte, kind string) {
	switch name {
	case "name", "cursor", "requestState", "protocolVersion":
		return '"', "a string"
	case "_meta", "capabilities", "clientInfo", "inputResponses", "notifications":
		return '{', "an object"
	}
	return 0, ""
}

// checkParams refuses params of the wrong kind, which the SDK would answer
// with the names of its Go types.
func checkParams(m message) *fault {
	if m.params == nil {
		if m.method == "tools/call" || m.method == "initialize" || m.method == "subscriptions/listen" {
			return newFault(jsonrpc.CodeInvalidParams, "%s needs params", m.method)
		}
		return nil
	}
	if m.params[0] != '{' {
		return newFault(jsonrpc.CodeInvalidParams, "params have to be an object")
	}
	named := false
	seen := make(map[string]bool)
	for key, value := range members(m.params) {
		if seen[key] {
			// Whoever stands in front of this server may have judged the other.
			return newFault(jsonrpc.CodeInvalidParams, "params.%s is there twice", key)
		}
		seen[key] = true
		begins, kind := paramKind(key)
		if begins != 0 && value[0] != begins {
			return newFault(jsonrpc.CodeInvalidParams, "params.%s has to be %s", key, kind)
		}
		named = named || key == "name"
	}
	if m.method == "tools/call" && !named {
		return newFault(jsonrpc.CodeInvalidParams, "params.name is missing")
	}
	if m.method == "initialize" && json.Unmarshal(m.params, new(mcp.InitializeParams)) != nil {
		return newFault(jsonrpc.CodeInvalidParams, "params of initialize are not of the right form")
	}
	return nil
}

func isNotification(method string) bool { return strings.HasPrefix(method, "notifications/") }

// isMessageID reports whether an id comes back as it was sent: the SDK reads
// numbers as floating point and sends them as integers.
func isMessageID(raw json.RawMessage) bool {
	if raw[0] == '"' {
		return true
	}
	n, err := strconv.ParseFloat(string(raw), 64)
	return err == nil && n == math.Trunc(n) && math.Abs(n) < 1<<53 // 2^53 is also what 2^53+1 is read as
}

func isText(raw json.RawMessage, want string) bool {
	return len(raw) > 0 && raw[0] == '"' && unquote(raw) == want
}
