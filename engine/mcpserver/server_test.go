package mcpserver

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

const serverTexts = `server: example
title: An example
version: "3.1"
instructions: Add before you ask.
`

// everyTransport runs a test for each era over each transport.
func everyTransport(t *testing.T, test func(t *testing.T, version string, connected func(*testing.T, *Server) *mcp.ClientSession)) {
	for _, version := range eras {
		t.Run(version+"/stdio", func(t *testing.T) {
			test(t, version, func(t *testing.T, s *Server) *mcp.ClientSession { return connectPipes(t, s, version, nil) })
		})
		t.Run(version+"/http", func(t *testing.T) {
			test(t, version, func(t *testing.T, s *Server) *mcp.ClientSession {
				return connect(t, &mcp.StreamableClientTransport{Endpoint: serveHTTP(t, s)}, version, nil)
			})
		})
	}
}

func TestListAndCall(t *testing.T) {
	everyTransport(t, func(t *testing.T, version string, connected func(*testing.T, *Server) *mcp.ClientSession) {
		s, _ := serve(t, Options{Name: "toolsd", Version: "1.2.3"}, toolAdd, toolRange)
		client := connected(t, s)
		list, err := client.ListTools(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, tool := range list.Tools {
			names = append(names, tool.Name)
		}
		if diff := cmp.Diff([]string{"add", "range"}, names); diff != "" {
			t.Errorf("tools (-want +got):\n%s", diff)
		}
		if a := list.Tools[0].Annotations; a == nil || !a.ReadOnlyHint || a.OpenWorldHint == nil || *a.OpenWorldHint {
			t.Errorf("annotations of add are %+v", a)
		}

		res, err := client.CallTool(t.Context(), &mcp.CallToolParams{Name: "add", Arguments: map[string]any{"a": 2, "b": 3}})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(map[string]any{"sum": 5.0}, res.StructuredContent); diff != "" {
			t.Errorf("structuredContent (-want +got):\n%s", diff)
		}
		if got, want := textOf(t, res), `{"sum":5}`; got != want {
			t.Errorf("text is %s, want %s", got, want)
		}

		res, err = client.CallTool(t.Context(), &mcp.CallToolParams{Name: "range"})
		if err != nil {
			t.Fatal(err)
		}
		var want any // a list is structured content from 2026-07-28 on
		if version >= firstModern {
			want = []any{1.0, 2.0}
		}
		if diff := cmp.Diff(want, res.StructuredContent); diff != "" {
			t.Errorf("structuredContent of a list (-want +got):\n%s", diff)
		}
		if got, want := textOf(t, res), `[1,2]`; got != want {
			t.Errorf("text is %s, want %s", got, want)
		}

		_, err = client.CallTool(t.Context(), &mcp.CallToolParams{Name: "missing"})
		var coded *jsonrpc.Error
		if !errors.As(err, &coded) || coded.Code != jsonrpc.CodeInvalidParams || coded.Message != `unknown tool "missing"` {
			t.Errorf("a call of an unknown tool gives %v", err)
		}
	})
}

func TestNotOffered(t *testing.T) {
	everyTransport(t, func(t *testing.T, _ string, connected func(*testing.T, *Server) *mcp.ClientSession) {
		s, _ := serve(t, Options{}, toolAdd)
		client := connected(t, s)
		//lint:ignore SA1019 it is served until it is removed from the protocol
		if diff := cmp.Diff(&mcp.ServerCapabilities{Logging: &mcp.LoggingCapabilities{}, Tools: &mcp.ToolCapabilities{ListChanged: true}}, client.InitializeResult().Capabilities); diff != "" {
			t.Errorf("capabilities (-want +got):\n%s", diff)
		}
		_, prompts := client.ListPrompts(t.Context(), nil)
		_, resources := client.ListResources(t.Context(), nil)
		for _, err := range []error{prompts, resources} {
			var coded *jsonrpc.Error
			if !errors.As(err, &coded) || coded.Code != jsonrpc.CodeMethodNotFound {
				t.Errorf("a list that is not offered gives %v", err)
			}
		}
	})
}

// What the server says of itself follows the definitions.
func TestIdentity(t *testing.T) {
	everyTransport(t, func(t *testing.T, version string, connected func(*testing.T, *Server) *mcp.ClientSession) {
		s, e := serve(t, Options{Name: "toolsd", Version: "1.2.3"}, toolAdd)
		for _, c := range []struct {
			definitions  []string
			title        string
			version      string
			instructions string
		}{
			{[]string{toolAdd}, "", "1.2.3", ""},
			{[]string{serverTexts, toolAdd}, "An example", "3.1", "Add before you ask."},
		} {
			publish(t, e, c.definitions...)
			got := connected(t, s).InitializeResult()
			if got.ServerInfo.Title != c.title || got.ServerInfo.Version != c.version || got.Instructions != c.instructions {
				t.Errorf("got %+v and instructions %q, want %+v", got.ServerInfo, got.Instructions, c)
			}
		}
	})
}

func TestPages(t *testing.T) {
	var definitions []string
	for i := range 5 {
		definitions = append(definitions, toolSaying(fmt.Sprintf("t%d", i), "A tool.", "x"))
	}
	s, e := serve(t, Options{ListTTL: time.Nanosecond, Bounds: Bounds{Page: 2}}, definitions...) // clients cache nothing
	client := connectPipes(t, s, firstModern, nil)
	var names []string
	for tool, err := range client.Tools(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, tool.Name)
	}
	if diff := cmp.Diff([]string{"t0", "t1", "t2", "t3", "t4"}, names); diff != "" {
		t.Errorf("tools (-want +got):\n%s", diff)
	}

	first, err := client.ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	next := &mcp.ListToolsParams{Cursor: first.NextCursor}
	// A new body changes nothing that is listed.
	publish(t, e, append([]string{toolSaying("t0", "A tool.", "y")}, definitions[1:]...)...)
	if _, err := client.ListTools(t.Context(), next); err != nil {
		t.Errorf("after a new body: %v", err)
	}
	publish(t, e, append([]string{toolSaying("t0", "Another tool.", "y")}, definitions[1:]...)...)
	for _, cursor := range []string{first.NextCursor, "x", "AAAA", first.NextCursor + "A"} {
		_, err := client.ListTools(t.Context(), &mcp.ListToolsParams{Cursor: cursor})
		var coded *jsonrpc.Error
		if !errors.As(err, &coded) || coded.Code != jsonrpc.CodeInvalidParams {
			t.Errorf("a cursor of another list (%q) gives %v", cursor, err)
		}
	}
}

// A definition goes out as its author wrote it.
func TestVerbatim(t *testing.T) {
	const definition = `tool: shaped
title: Shaped
description: Has all that can be told.
meta: {vendor/weight: 12345678901234567890}
inputSchema:
  type: object
  $defs: {city: {type: string, minLength: 1}}
  properties: {city: {$ref: "#/$defs/city", description: A city}}
  additionalProperties: false
outputSchema: {type: object, properties: {n: {type: integer}}, required: [n]}
expr: |
  {n: 1}
`
	s, _ := serve(t, Options{}, definition)
	_, body := post(t, serveHTTP(t, s), modernHeader("tools/list"), `{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{`+modernMeta+`}}`)
	var got struct {
		Result struct {
			ResultType, CacheScope string
			TTLMs                  int
			Tools                  []json.RawMessage
		}
	}
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		t.Fatal(err)
	}
	want := `{"_meta":{"vendor/weight":12345678901234567890},"description":"Has all that can be told.",` +
		`"inputSchema":{"type":"object","$defs":{"city":{"type":"string","minLength":1}},"properties":{"city":{"$ref":"#/$defs/city","description":"A city"}},"additionalProperties":false},` +
		`"name":"shaped","outputSchema":{"type":"object","properties":{"n":{"type":"integer"}},"required":["n"]},"title":"Shaped"}`
	if len(got.Result.Tools) != 1 || string(got.Result.Tools[0]) != want {
		t.Errorf("got  %s\nwant %s", got.Result.Tools, want)
	}
	if got.Result.ResultType != "complete" || got.Result.CacheScope != "public" || got.Result.TTLMs != 2000 {
		t.Errorf("got %+v", got.Result)
	}
}
