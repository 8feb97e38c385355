package mcpserver

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// A request, whatever its body, is answered by a JSON-RPC message, or accepted
// without one; what is refused is refused with JSON, and never for a failure
// of the server.
func FuzzRequest(f *testing.F) {
	for _, body := range []string{
		`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"add","arguments":{"a":1,"b":2}}}`,
		`{"jsonrpc":"2.0","id":"x","method":"tools/list","params":{"cursor":"AA"}}`,
		`{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{` + modernMeta + `}}`,
		`{"jsonrpc":"2.0","id":1,"method":"server/discover","params":{` + modernMeta + `}}`,
		`[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"add"}}]`,
		`[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":1.0,"method":"ping"}]`,
		`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":[]}}`,
		`{"jsonrpc":"2.0","method":"notifications/progress"}`,
		`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"add","inputResponses":{"a":5},"requestState":"x"}}`,
		`{"jsonrpc":"2.0","id":1,"error":5}`,
		initializeBody(lastLegacy), initializeBody(""),
		`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{"roots":5}}}`,
		`[{"jsonrpc":"2.0","id":1,"method":"no"},{"jsonrpc":"2.0","id":2,"method":"ping"}]`, `[{"jsonrpc":"2.0","id":1,"method":"no"}]`,
		`nul`, `[[`, `"`, `{"a`, `{"jsonrpc":"2.0","id":1e400}`, ` `, "\"\\",
	} {
		f.Add(body, "", "")
		f.Add(body, firstModern, "tools/call")
	}
	f.Add("{}", "1900-01-01", "")
	s, _ := serve(f, Options{}, toolAdd)
	handler := s.Handler()
	f.Fuzz(func(t *testing.T, body, version, method string) {
		if strings.Contains(body, "listen") {
			return // which is not over when it was answered
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/mcp", strings.NewReader(body))
		r.Header = legacyHeader(headerVersion, version, "Mcp-Method", method, headerName, "add")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		switch {
		case ctx.Err() != nil:
			t.Fatal("no answer")
		case w.Code == http.StatusAccepted:
			if w.Body.Len() > 0 {
				t.Errorf("accepted with %s", w.Body)
			}
		case w.Code >= http.StatusInternalServerError:
			t.Errorf("status %d: %s", w.Code, w.Body)
		case bytes.HasPrefix(w.Body.Bytes(), []byte("[")): // of a batch
			var answers []json.RawMessage
			if err := json.Unmarshal(w.Body.Bytes(), &answers); err != nil || len(answers) == 0 {
				t.Errorf("no answers: %s", w.Body)
			}
			for _, answer := range answers {
				checkAnswer(t, answer, false)
			}
		case w.Header().Get("Content-Type") == "application/json":
			checkAnswer(t, w.Body.Bytes(), w.Code != http.StatusOK)
		default:
			found := false
			for line := range bytes.Lines(w.Body.Bytes()) {
				if data, ok := bytes.CutPrefix(line, []byte("data: ")); ok {
					found = true
					checkAnswer(t, data, false)
				}
			}
			if !found {
				t.Errorf("status %d without an answer: %q", w.Code, w.Body)
			}
		}
	})
}

// Arguments, whatever they are, give a result that a model can read.
func FuzzArguments(f *testing.F) {
	for _, arguments := range []string{`{}`, `{"a":1,"b":2}`, `[1]`, `null`, `"a"`, `{"a":"x","c":[{}]}`, `{"a":1e999}`, `{"":""}`} {
		f.Add(arguments)
	}
	s, _ := serve(f, Options{}, toolAdd)
	handler := s.Handler()
	f.Fuzz(func(t *testing.T, arguments string) {
		if !json.Valid([]byte(arguments)) {
			return
		}
		body := `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"add","arguments":` + arguments + `}}`
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/mcp", strings.NewReader(body))
		r.Header = legacyHeader()
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		_, data, ok := bytes.Cut(w.Body.Bytes(), []byte("data: "))
		if w.Code != http.StatusOK || !ok {
			checkAnswer(t, w.Body.Bytes(), true)
			return
		}
		checkAnswer(t, data, false)
	})
}

// checkAnswer holds a message against the protocol's schema for responses:
// JSONRPCErrorResponse, or a result, which for tools/call is CallToolResult.
func checkAnswer(t *testing.T, raw []byte, refused bool) {
	t.Helper()
	var m struct {
		Version string           `json:"jsonrpc"`
		ID      *json.RawMessage `json:"id"`
		Result  map[string]any   `json:"result"`
		Error   *struct {
			Code    *int64  `json:"code"`
			Message *string `json:"message"`
			Data    any     `json:"data"`
		} `json:"error"`
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		t.Fatalf("not a message: %v: %s", err, raw)
	}
	switch {
	case m.Version != "2.0",
		m.ID == nil && !refused,
		m.ID != nil && !isMessageID(*m.ID),
		(m.Result == nil) == (m.Error == nil),
		m.Error == nil && refused:
		t.Errorf("not a response: %s", raw)
	case m.Error != nil:
		if m.Error.Code == nil || m.Error.Message == nil || *m.Error.Code == 0 || *m.Error.Message == "" {
			t.Errorf("not an error: %s", raw)
		}
	}
	content, isCall := m.Result["content"]
	if !isCall {
		return
	}
	blocks, ok := content.([]any)
	if !ok || len(blocks) == 0 {
		t.Errorf("content is not a list: %s", raw)
	}
	for _, block := range blocks {
		b, _ := block.(map[string]any)
		if _, ok := b["text"].(string); !ok || b["type"] != "text" {
			t.Errorf("content is not text: %s", raw)
		}
	}
}
