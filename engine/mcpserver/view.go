package mcpserver

import (
	"bytes"
	"encoding/json"
	"sync"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/schema"
)

// A view is a catalog as the protocol shows it; frozen. Lists come from the
// view, so that a tool is listed only once its stub is there.
type view struct {
	catalog *engine.Catalog
	entries map[string]entry
	// rendered are the tools as they are listed, by name, made when first
	// asked for.
	rendered func() map[string]*mcp.Tool
	info     *mcp.Implementation
}

// An entry is what decides whether clients must be told of a tool, and what
// its stub is registered with.
type entry struct {
	hash   [32]byte
	schema string
}

func newView(c *engine.Catalog, o Options) *view {
	said := c.Server()
	v := &view{
		catalog: c,
		entries: make(map[string]entry, len(c.Tools())),
		info:    &mcp.Implementation{Name: o.Name, Title: said.Title, Version: o.Version},
		rendered: sync.OnceValue(func() map[string]*mcp.Tool {
			tools := make(map[string]*mcp.Tool, len(c.Tools()))
			for _, t := range c.Tools() {
				tools[t.Name()] = render(t.Advertised())
			}
			return tools
		}),
	}
	if said.Name != "" {
		v.info.Name = said.Name
	}
	if said.Version != "" {
		v.info.Version = said.Version
	}
	for _, t := range c.Tools() {
		a := t.Advertised()
		v.entries[a.Name] = entry{hash: t.Seen(), schema: stubSchema(a.InputSchema)}
	}
	return v
}

// render makes what tools/list says of a tool; schemas go out as written.
func render(a *engine.Advertised) *mcp.Tool {
	t := &mcp.Tool{
		Name:        a.Name,
		Title:       a.Title,
		Description: a.Description,
		InputSchema: a.InputSchema,
	}
	if a.OutputSchema != nil {
		t.OutputSchema = a.OutputSchema
	}
	if n := a.Annotations; n != (schema.Annotations{}) {
		t.Annotations = &mcp.ToolAnnotations{
			Title:           n.Title,
			ReadOnlyHint:    n.ReadOnlyHint != nil && *n.ReadOnlyHint,
			IdempotentHint:  n.IdempotentHint != nil && *n.IdempotentHint,
			DestructiveHint: n.DestructiveHint,
			OpenWorldHint:   n.OpenWorldHint,
		}
	}
	// Both were read from checked YAML: they cannot fail to be JSON of the
	// right kind, and a tool without its icon is still a tool.
	_ = decode(a.Icons, &t.Icons)
	_ = decode(a.Meta, &t.Meta)
	return t
}

// decode reads JSON and keeps numbers as they are written. Nothing to read is
// no error.
func decode(raw json.RawMessage, into any) error {
	if raw == nil {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	return d.Decode(into)
}
