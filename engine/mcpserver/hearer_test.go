//lint:file-ignore SA1019 what is deprecated is served until it is removed from the protocol

package mcpserver

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

const toolTalking = `tool: talk
description: Says what it is doing.
inputSchema: {type: object, properties: {}, additionalProperties: false}
steps:
  - log: {level: debug, message: Beginning.}
  - progress: {message: Half way.}
  - id: n
    expr: 42
  - log: {level: warning, message: "It is ${steps.n}."}
result: ${steps.n}
`

const toolMeasuring = `tool: measure
description: Says in its own numbers how far it is.
inputSchema: {type: object, properties: {}, additionalProperties: false}
steps:
  - progress: {done: 0, total: 100}
  - progress: {done: 50, total: 100, message: Half way.}
  - progress: {done: 50, total: 100, message: This is no progress.}
  - progress: {done: 100, total: 100}
`

// heard is what a client is told during a call, which it may see after the
// answer.
type heard chan string

func (h heard) options() *mcp.ClientOptions {
	return &mcp.ClientOptions{
		ProgressNotificationHandler: func(_ context.Context, req *mcp.ProgressNotificationClientRequest) {
			p := req.Params
			h <- fmt.Sprintf("%v: %v of %v %s", p.ProgressToken, p.Progress, p.Total, p.Message)
		},
		LoggingMessageHandler: func(_ context.Context, req *mcp.LoggingMessageRequest) {
			h <- fmt.Sprintf("%s %s: %v", req.Params.Level, req.Params.Logger, req.Params.Data)
		},
	}
}

// A client is told of progress when it gave a token, and of log lines at the
// level that it asked for. Over stdio and HTTP, at both eras.
func TestTold(t *testing.T) {
	const token = "t1"
	for _, test := range []struct {
		name, tool string
		meta       mcp.Meta
		want       []string
	}{
		{"progress", "talk", mcp.Meta{"progressToken": token}, []string{
			"t1: 1 of 4 ", "t1: 2 of 4 Half way.", "t1: 3 of 4 ", "t1: 4 of 4 ",
		}},
		{"its own numbers", "measure", mcp.Meta{"progressToken": token}, []string{
			"t1: 0 of 100 ", "t1: 50 of 100 Half way.", "t1: 100 of 100 ",
		}},
		{"log", "talk", mcp.Meta{mcp.MetaKeyLogLevel: "info"}, []string{"warning talk: It is 42."}},
	} {
		for _, version := range eras {
			for _, transport := range []string{"stdio", "http"} {
				t.Run(test.name+"/"+version+"/"+transport, func(t *testing.T) {
					s, _ := serve(t, Options{}, toolTalking, toolMeasuring)
					h := make(heard, 10)
					var client *mcp.ClientSession
					if transport == "stdio" {
						client = connectPipes(t, s, version, h.options())
					} else {
						client = connect(t, &mcp.StreamableClientTransport{Endpoint: serveHTTP(t, s)}, version, h.options())
					}
					if level, ok := test.meta[mcp.MetaKeyLogLevel]; ok && version == lastLegacy {
						if err := client.SetLoggingLevel(t.Context(), &mcp.SetLoggingLevelParams{Level: mcp.LoggingLevel(level.(string))}); err != nil {
							t.Fatal(err)
						}
					}
					res, err := client.CallTool(t.Context(), &mcp.CallToolParams{Name: test.tool, Meta: test.meta})
					if err != nil || res.IsError {
						t.Fatal(err, res)
					}
					var got []string
					for range test.want {
						got = append(got, <-h)
					}
					slices.Sort(got) // clients may take them in any order
					if diff := cmp.Diff(slices.Sorted(slices.Values(test.want)), got); diff != "" {
						t.Errorf("(-want +got):\n%s", diff)
					}
				})
			}
		}
	}
}

// On the wire there is exactly what was asked for, in order, before the answer.
func TestToldOnTheWire(t *testing.T) {
	s, _ := serve(t, Options{}, toolTalking, toolMeasuring)
	url := serveHTTP(t, s)
	for meta, want := range map[string][]string{
		"":                   nil,
		`"progressToken":7,`: {"0", "50", "100"},
		`"io.modelcontextprotocol/logLevel":"emergency",`: nil,
	} {
		body := `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"measure",` + strings.Replace(modernMeta, "{", "{"+meta, 1) + "}}"
		res := send(t, http.MethodPost, url, modernHeader("tools/call", headerName, "measure"), body)
		defer res.Body.Close()
		var got []string
		answered := false
		for event := range events(res.Body) {
			var message struct {
				Method string
				Params struct {
					ProgressToken int
					Progress      json.Number
				}
			}
			if err := json.Unmarshal([]byte(event), &message); err != nil || answered {
				t.Fatal(err, event)
			}
			answered = message.Method == ""
			if message.Params.ProgressToken == 7 {
				got = append(got, message.Params.Progress.String())
			} else if !answered {
				t.Errorf("%s: told %s", meta, event)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" || !answered {
			t.Errorf("%s: answered %v (-want +got):\n%s", meta, answered, diff)
		}
	}
}

// A step that says so makes clients of both eras read the list again, once.
func TestNotify(t *testing.T) {
	const toolNotifying = `tool: notify
description: Says that tools have changed.
inputSchema: {type: object, properties: {}, additionalProperties: false}
steps: [{notify: tools}]
`
	for _, version := range eras {
		t.Run(version, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, _ := serve(t, Options{}, toolNotifying)
				told := 0
				client := connectPipes(t, s, version, &mcp.ClientOptions{
					ToolListChangedHandler: func(context.Context, *mcp.ToolListChangedRequest) { told++ },
				})
				for want := range 3 {
					time.Sleep(time.Second) // of the bubble, in which no time is lost
					synctest.Wait()
					if told != want {
						t.Fatalf("told %d times, want %d", told, want)
					}
					if _, err := client.CallTool(t.Context(), &mcp.CallToolParams{Name: "notify"}); err != nil {
						t.Fatal(err)
					}
				}
			})
		})
	}
}
