//go:build functionshost && linux

package hosttest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"testing"
)

// With --enableAuth the host checks keys as it does on Azure.
func TestKeys(t *testing.T) {
	h := start(t, newApp(t, "add.yaml", fmt.Sprintf(addTool, "input.a + input.b")), "--enableAuth")
	if status, body := h.get(t, "/mcp", ""); status != http.StatusUnauthorized || len(body) > 0 {
		t.Errorf("without a key: status %d, %q", status, body)
	}
	function, master := h.keys(t)

	post := func(query, header string) (int, string) {
		t.Helper()
		r, err := h.request(stateless, "tools/call", "add", map[string]any{"name": "add", "arguments": map[string]any{"a": 40, "b": 2}})
		if err != nil {
			t.Fatal(err)
		}
		r.URL.RawQuery = query
		if header != "" {
			r.Header.Set("x-functions-key", header)
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
		return response.StatusCode, string(body)
	}
	for name, test := range map[string]struct {
		query, header string
		want          int
	}{
		"no key":              {"", "", 401},
		"header":              {"", function, 200},
		"query":               {"code=" + url.QueryEscape(function), "", 200},
		"master":              {"", master, 200},
		"wrong key":           {"", "wrong", 401},
		"header before query": {"code=" + url.QueryEscape(function), "wrong", 401},
	} {
		if got, body := post(test.query, test.header); got != test.want || (got == 401) != (body == "") {
			t.Errorf("%s: status %d, want %d: %s", name, got, test.want, body)
		}
	}

	for path, wants := range map[string]map[string]int{
		"/healthz": {"": 200, function: 200, master: 200},
		"/status":  {"": 401, function: 401, master: 200},
		"/other":   {"": 404, master: 404},
	} {
		for key, want := range wants {
			if got, body := h.get(t, path, key); got != want {
				t.Errorf("GET %s: status %d, want %d: %s", path, got, want, body)
			}
		}
	}
	var status struct {
		Generation uint64
		Digest     string
	}
	h.getJSON(t, "/status", master, &status)
	if status.Generation == 0 || status.Digest != h.health(t).Digest {
		t.Errorf("the status is %+v, the health %+v", status, h.health(t))
	}
}

// keys reads the keys that the host makes when it first has one to compare.
func (h *host) keys(t *testing.T) (function, master string) {
	t.Helper()
	h.get(t, "/mcp", "wrong")
	type key struct{ Value string }
	var file struct {
		MasterKey    key
		FunctionKeys []key
	}
	h.eventually(t, "the host has made its keys", func() bool {
		data, err := os.ReadFile(filepath.Join(h.temp, "secrets", "functions", "secrets", "host.json"))
		return err == nil && json.Unmarshal(bytes.TrimPrefix(data, []byte("\ufeff")), &file) == nil && len(file.FunctionKeys) > 0
	})
	return file.FunctionKeys[0].Value, file.MasterKey.Value
}
