package mcpserver

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"
)

func TestReply(t *testing.T) {
	id := []byte(`5`)
	event := func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, "data: {}\n\n")
	}
	for _, c := range []struct {
		name   string
		serve  func(http.ResponseWriter)
		status int
		kind   string
		want   string
	}{
		{"event", event, 200, "text/event-stream", "data: {}\n\n"},
		{"silence before an event", func(w http.ResponseWriter) {
			time.Sleep(25 * time.Second)
			event(w)
		}, 200, "text/event-stream", ": still here\n\n: still here\n\ndata: {}\n\n"},
		{"silence after an event", func(w http.ResponseWriter) {
			event(w)
			time.Sleep(15 * time.Second)
			event(w)
			time.Sleep(5 * time.Second)
		}, 200, "text/event-stream", "data: {}\n\n: still here\n\ndata: {}\n\n"},
		{"late error", func(w http.ResponseWriter) {
			time.Sleep(15 * time.Second)
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(400)
			_, _ = io.WriteString(w, `{"error":1}`)
		}, 200, "text/event-stream", ": still here\n\nevent: message\ndata: {\"error\":1}\n\n"},
		{
			"plain text", func(w http.ResponseWriter) { http.Error(w, "no such thing", 404) }, 404, "application/json",
			`{"jsonrpc":"2.0","id":5,"error":{"code":-32600,"message":"no such thing"}}`,
		},
		{
			"plain text of a failure", func(w http.ResponseWriter) { http.Error(w, "a secret", 500) }, 500, "application/json",
			`{"jsonrpc":"2.0","id":5,"error":{"code":-32603,"message":"the request could not be completed"}}`,
		},
		{"JSON error", func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(400)
			_, _ = io.WriteString(w, `{"error":1}`)
		}, 400, "application/json", `{"error":1}`},
		{"accepted", func(w http.ResponseWriter) {
			w.WriteHeader(202)
			time.Sleep(15 * time.Second)
		}, 202, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				recorder := httptest.NewRecorder()
				r := newReply(recorder, id, 10*time.Second, nil)
				c.serve(r)
				r.end()
				time.Sleep(time.Minute) // nothing comes after the end
				synctest.Wait()
				got := recorder.Result()
				body, err := io.ReadAll(got.Body)
				if err != nil {
					t.Fatal(err)
				}
				if got.StatusCode != c.status || got.Header.Get("Content-Type") != c.kind || string(body) != c.want {
					t.Errorf("got  %d %s %q\nwant %d %s %q", got.StatusCode, got.Header.Get("Content-Type"), body, c.status, c.kind, c.want)
				}
			})
		})
	}
}
