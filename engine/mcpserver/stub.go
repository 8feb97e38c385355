package mcpserver

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/toolsd/toolsd/engine"
)

// follow puts the view of a catalog in place: stubs of new tools first, then
// the lists, then the stubs of tools that are gone, so that what is listed can
// always be called. Clients are told once, and only of a difference they can
// see: a new body is none.
func (s *Server) follow(c *engine.Catalog) {
	s.publishing.Lock()
	defer s.publishing.Unlock()
	old := s.view.Load()
	if c.Generation() < old.catalog.Generation() {
		return // a later publication has been followed already
	}
	next := newView(c, s.options)
	var stubs, gone []string
	differs := false
	for name, e := range next.entries {
		was, known := old.entries[name]
		if !known || was.schema != e.schema {
			stubs = append(stubs, name)
		}
		differs = differs || !known || was != e
	}
	for name := range old.entries {
		if _, kept := next.entries[name]; !kept {
			gone = append(gone, name)
		}
	}
	if !differs && len(gone) == 0 {
		s.view.Store(next)
		return
	}
	s.announce.hold()
	for _, name := range slices.Sorted(slices.Values(stubs)) {
		s.addStub(name, next.entries[name].schema)
	}
	s.view.Store(next)
	s.announce.release(s.mcp.Sessions())
	// The SDK notifies after the last change made to it, which is this one.
	if len(gone) > 0 {
		s.mcp.RemoveTools(gone...)
		return
	}
	s.addLast(next.entries)
}

// addLast registers the last of the tools once more, upon which the SDK
// notifies.
func (s *Server) addLast(entries map[string]entry) {
	last := slices.Max(slices.Collect(maps.Keys(entries)))
	s.addStub(last, entries[last].schema)
}

func (s *Server) addStub(name, schema string) {
	s.mcp.AddTool(&mcp.Tool{Name: name, InputSchema: json.RawMessage(schema)}, s.call)
}

const bareSchema = `{"type":"object"}`

// stubSchema is the part of an input schema that the SDK has a use for: the
// properties that clients repeat in a header (x-mcp-header, MCP 2026-07-28,
// Transports), which it compares with the body. It parses the schema at each
// call, so that the rest is left out. That the annotations are as the
// specification wants them was checked with the schema.
func stubSchema(input json.RawMessage) string {
	if !bytes.Contains(input, []byte(`"x-mcp-header"`)) {
		return bareSchema
	}
	var root headerProperty
	if json.Unmarshal(input, &root) != nil {
		return bareSchema
	}
	root.prune()
	schema, err := json.Marshal(root)
	if err != nil {
		return bareSchema
	}
	return string(schema)
}

// A headerProperty is a schema reduced to what x-mcp-header needs.
type headerProperty struct {
	Type       any                        `json:"type,omitempty"`
	Header     string                     `json:"x-mcp-header,omitempty"`
	Properties map[string]*headerProperty `json:"properties,omitempty"`
}

// UnmarshalJSON passes over the schemas true and false.
func (p *headerProperty) UnmarshalJSON(b []byte) error {
	if b[0] != '{' {
		return nil
	}
	type plain headerProperty
	return json.Unmarshal(b, (*plain)(p))
}

// prune takes out the properties that name no header. The SDK reads types only
// where they are text.
func (p *headerProperty) prune() {
	maps.DeleteFunc(p.Properties, func(_ string, child *headerProperty) bool {
		child.prune()
		return child.Header == "" && len(child.Properties) == 0
	})
	if _, text := p.Type.(string); !text {
		p.Type = nil
	}
}

// isToken reports whether s is a token of RFC 9110 §5.6.2.
func isToken(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool {
		alnum := '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		return !alnum && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
	}) < 0
}
