package mcpserver

import (
	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/toolsd/toolsd/engine"
)

// result makes an engine's result one of the protocol. Before 2026-07-28
// structuredContent had to be an object; a list is then told as text alone.
func result(r *engine.Result, modern bool) *mcp.CallToolResult {
	res := &mcp.CallToolResult{IsError: r.IsError, Content: make([]mcp.Content, len(r.Content))}
	for i, c := range r.Content {
		res.Content[i] = content(c)
	}
	if len(r.Structured) > 0 && (modern || r.Structured[0] == '{') {
		res.StructuredContent = r.Structured
	}
	return res
}

func content(c engine.Content) mcp.Content {
	switch c.Type {
	case engine.Image:
		return &mcp.ImageContent{Data: c.Data, MIMEType: c.MIMEType}
	case engine.Audio:
		return &mcp.AudioContent{Data: c.Data, MIMEType: c.MIMEType}
	case engine.Blob:
		return &mcp.EmbeddedResource{Resource: &mcp.ResourceContents{URI: c.URI, MIMEType: c.MIMEType, Blob: c.Data}}
	}
	return &mcp.TextContent{Text: c.Text}
}
