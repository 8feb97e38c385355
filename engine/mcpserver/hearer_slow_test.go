package mcpserver

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// callTalk asks for all that can be told of a call.
const callTalk = `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"talk","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",` +
	`"io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/logLevel":"debug","progressToken":"p"}}}`

// toldOf is what a line tells: the method of a notification, or the id of an
// answer.
func toldOf(t *testing.T, line string) string {
	t.Helper()
	var message struct {
		Method string
		ID     json.RawMessage
	}
	if err := json.Unmarshal([]byte(line), &message); err != nil {
		t.Fatal(err, line)
	}
	return message.Method + string(message.ID)
}

// A client that stops reading holds up no call: another one gets the only
// place. When it reads again there is the message that was under way, and the
// answer, and nothing behind it.
func TestASlowClientHoldsUpNoCall(t *testing.T) {
	s, _ := serve(t, Options{Bounds: Bounds{Calls: 1, CallWait: time.Minute}}, toolTalking)
	fromClient, toServer := io.Pipe()
	fromServer, toClient := io.Pipe()
	done := make(chan error, 1)
	go func() {
		done <- s.RunStdio(context.Background(), fromClient, toClient)
		_ = toClient.Close()
	}()
	if _, err := io.WriteString(toServer, callTalk+"\n"); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(fromServer)
	if line, err := lines.ReadString('\n'); err != nil || toldOf(t, line) != "notifications/message" {
		t.Fatal(line, err)
	}
	other := connectPipes(t, s, firstModern, nil)
	if res, err := other.CallTool(t.Context(), &mcp.CallToolParams{Name: "talk"}); err != nil || res.IsError {
		t.Fatal(err, res)
	}
	var got []string
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			break
		}
		if got = append(got, toldOf(t, line)); got[len(got)-1] == "7" {
			_ = toServer.Close()
		}
	}
	if text := strings.Join(got, ", "); text != "notifications/progress, 7" {
		t.Errorf("got %s", text)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// A client that has gone is told nothing more, and its call leaves nothing
// behind: another one gets the only place.
func TestAClientThatIsGoneHoldsUpNoCall(t *testing.T) {
	s, _ := serve(t, Options{Bounds: Bounds{Calls: 1, CallWait: time.Minute}}, toolTalking)
	fromClient, toServer := io.Pipe()
	fromServer, toClient := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- s.RunStdio(context.Background(), fromClient, toClient) }()
	if _, err := io.WriteString(toServer, callTalk+"\n"); err != nil {
		t.Fatal(err)
	}
	if _, err := fromServer.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	_ = fromServer.Close()
	_ = toServer.Close()
	<-done
	other := connectPipes(t, s, firstModern, nil)
	if res, err := other.CallTool(t.Context(), &mcp.CallToolParams{Name: "talk"}); err != nil || res.IsError {
		t.Fatal(err, res)
	}
}

// Without a session progress goes with the answer, before it, and no log line
// does at the versions where a session keeps the level.
func TestToldWithoutASession(t *testing.T) {
	s, _ := serve(t, Options{Stateless: true}, toolTalking)
	url := serveHTTP(t, s)
	for _, test := range []struct {
		header http.Header
		body   string
		want   string
	}{
		{legacyHeader(headerVersion, lastLegacy), `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"talk","_meta":{"progressToken":"p"}}}`,
			strings.Repeat("notifications/progress, ", 4) + "7"},
		{legacyHeader(headerVersion, lastLegacy), `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"talk"}}`, "7"},
		{modernHeader("tools/call", headerName, "talk"), callTalk,
			"notifications/message, notifications/progress, notifications/progress, notifications/progress, notifications/message, notifications/progress, 7"},
	} {
		res := send(t, http.MethodPost, url, test.header, test.body)
		var got []string
		for event := range events(res.Body) {
			got = append(got, toldOf(t, event))
		}
		_ = res.Body.Close()
		if text := strings.Join(got, ", "); text != test.want {
			t.Errorf("%s\ngot  %s\nwant %s", test.body, text, test.want)
		}
	}
}
