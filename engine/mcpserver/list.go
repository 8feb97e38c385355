package mcpserver

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/toolsd/toolsd/engine"
)

// listTools answers tools/list from the view, in the order of the names: what
// the caller may see, as one list of one generation however many pages it
// takes. A cursor names the list it goes on with by its content, so that it
// holds in every process that serves the same; once the list has changed the
// client has to begin anew.
func (s *Server) listTools(ctx context.Context, req *mcp.ListToolsRequest) (mcp.Result, error) {
	v := s.view.Load()
	tools := v.catalog.Visible(ctx)
	start := 0
	if req.Params != nil && req.Params.Cursor != "" {
		var ok bool
		if start, ok = parseCursor(req.Params.Cursor, tools); !ok {
			return nil, &jsonrpc.Error{
				Code:    jsonrpc.CodeInvalidParams,
				Message: "this cursor belongs to a list that has changed since: list again from the beginning",
			}
		}
	}
	end := min(start+s.options.Bounds.Page, len(tools))
	res := &mcp.ListToolsResult{
		Tools:     make([]*mcp.Tool, 0, end-start), // an empty list is [], not null
		Cacheable: s.cacheable(v.catalog.VisibleToAll()),
	}
	rendered := v.rendered()
	for _, t := range tools[start:end] {
		res.Tools = append(res.Tools, rendered[t.Name()])
	}
	if end < len(tools) {
		res.NextCursor = cursor(tools, end)
	}
	return res, nil
}

// listDigestSize is the part of a list's digest that stands in a cursor.
const listDigestSize = 16

// cursor is the place in a list at which the next page begins.
func cursor(tools []*engine.Tool, next int) string {
	digest := listDigest(tools)
	return base64.RawURLEncoding.EncodeToString(binary.AppendUvarint(digest[:], uint64(next)))
}

// parseCursor returns where in the list to go on, unless the cursor belongs to
// another list or is none.
func parseCursor(cursor string, tools []*engine.Tool) (next int, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(raw) <= listDigestSize || [listDigestSize]byte(raw) != listDigest(tools) {
		return 0, false
	}
	n, size := binary.Uvarint(raw[listDigestSize:])
	if size != len(raw)-listDigestSize || n >= uint64(len(tools)) {
		return 0, false
	}
	return int(n), true
}

func listDigest(tools []*engine.Tool) [listDigestSize]byte {
	h := sha256.New()
	for _, t := range tools {
		hash := t.Advertised().Hash
		h.Write(hash[:])
	}
	return [listDigestSize]byte(h.Sum(nil))
}
