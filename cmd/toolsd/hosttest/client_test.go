//go:build functionshost && linux

package hosttest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// An era is a version of MCP as its messages look on the wire.
type era string

const (
	sessions  era = "2025-11-25" // begins with initialize
	stateless era = "2026-07-28" // every request says what it needs
)

// A reply is the part of a JSON-RPC response that the tests look at.
type reply struct {
	Result json.RawMessage
	Error  *struct {
		Code    int
		Message string
	}
}

// A toolResult is the part of the result of tools/call that the tests look at.
type toolResult struct {
	StructuredContent json.RawMessage
	IsError           bool
	Content           []struct{ Text string }
}

// request makes a request as the era wants it. The name is that of the tool,
// where one is called.
func (h *host) request(e era, method, name string, params map[string]any) (*http.Request, error) {
	if e == stateless {
		params["_meta"] = map[string]any{
			"io.modelcontextprotocol/protocolVersion":    e,
			"io.modelcontextprotocol/clientCapabilities": map[string]any{},
			"io.modelcontextprotocol/clientInfo":         map[string]any{"name": "hosttest", "version": "1"},
		}
	}
	body, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequest(http.MethodPost, h.url+"/mcp", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json, text/event-stream")
	if method != "initialize" {
		r.Header.Set("MCP-Protocol-Version", string(e))
	}
	if e == stateless {
		r.Header.Set("Mcp-Method", method)
		if name != "" {
			r.Header.Set("Mcp-Name", name)
		}
	}
	return r, nil
}

// send returns the result of a request, whether it comes as JSON or as the
// last event of a stream.
func (h *host) send(e era, method, name string, params map[string]any) (json.RawMessage, error) {
	request, err := h.request(e, method, name, params)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	message := body
	if strings.HasPrefix(response.Header.Get("Content-Type"), "text/event-stream") {
		for line := range bytes.Lines(body) {
			if data, ok := bytes.CutPrefix(line, []byte("data:")); ok {
				message = data
			}
		}
	}
	var r reply
	if err := json.Unmarshal(message, &r); err != nil {
		return nil, fmt.Errorf("%s in %s: status %d: %q: %w", method, e, response.StatusCode, body, err)
	}
	if response.StatusCode != http.StatusOK || r.Error != nil || r.Result == nil {
		return nil, fmt.Errorf("%s in %s: status %d: %s", method, e, response.StatusCode, body)
	}
	return r.Result, nil
}

// call calls a tool.
func (h *host) call(e era, name string, arguments map[string]any) (toolResult, error) {
	var result toolResult
	raw, err := h.send(e, "tools/call", name, map[string]any{"name": name, "arguments": arguments})
	if err != nil {
		return result, err
	}
	return result, json.Unmarshal(raw, &result)
}

// A health is what /healthz says.
type health struct{ Status, Digest string }

// health asks for it; it needs no key.
func (h *host) health(t *testing.T) health {
	t.Helper()
	var answer health
	h.getJSON(t, "/healthz", "", &answer)
	return answer
}

// getJSON decodes an answer that must be 200 with JSON.
func (h *host) getJSON(t *testing.T, path, key string, into any) {
	t.Helper()
	status, body := h.get(t, path, key)
	if status != http.StatusOK {
		t.Fatalf("GET %s: status %d: %s", path, status, body)
	}
	if err := json.Unmarshal(body, into); err != nil {
		t.Fatalf("GET %s: %q: %v", path, body, err)
	}
}

// get sends a key, unless it is empty, in the header.
func (h *host) get(t *testing.T, path, key string) (int, []byte) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if key != "" {
		r.Header.Set("x-functions-key", key)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, body
}
