package mcpserver

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// Clients of both eras are told of each change of what is advertised, once,
// and of nothing else.
func TestToldOnce(t *testing.T) {
	for _, version := range eras {
		t.Run(version, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, e := serve(t, Options{}, toolSaying("t", "Version 0.", "0"))
				told := 0
				connectPipes(t, s, version, &mcp.ClientOptions{
					ToolListChangedHandler: func(context.Context, *mcp.ToolListChangedRequest) { told++ },
				})
				settle := func() {
					time.Sleep(time.Second) // of the bubble, in which no time is lost
					synctest.Wait()
				}
				settle()
				many := make([]string, 0, 50)
				for i := range cap(many) {
					many = append(many, toolSaying(fmt.Sprintf("m%d", i), "One of many.", "x"))
				}
				for i := range 20 {
					described := toolSaying("t", fmt.Sprintf("Version %d.", i+1), "0")
					for _, step := range []struct {
						what        string
						definitions []string
						want        int
					}{
						{"a description", []string{described}, 1},
						{"the same again", []string{described}, 0},
						{"a body", []string{strings.Replace(described, `"0"`, `"1"`, 1)}, 0},
						{"many new tools", append(many, described), 1},
						{"many gone", []string{described}, 1},
						{"one for another", []string{toolSaying("u", "New.", "x")}, 1},
						{"none left", []string{}, 1},
					} {
						told = 0
						publish(t, e, step.definitions...)
						settle()
						if told != step.want {
							t.Fatalf("reload %d, %s: told %d times, want %d", i, step.what, told, step.want)
						}
					}
				}
			})
		})
	}
}

// The same over HTTP: every reload is one event on each stream.
func TestToldOverHTTP(t *testing.T) {
	s, e := serve(t, Options{}, toolSaying("t", "Version 0.", "0"))
	url := serveHTTP(t, s)

	get := send(t, http.MethodGet, url, openSession(t, url), "")
	defer get.Body.Close()
	listen := send(t, http.MethodPost, url, modernHeader("subscriptions/listen"),
		`{"jsonrpc":"2.0","id":9,"method":"subscriptions/listen","params":{"notifications":{"toolsListChanged":true},`+modernMeta+`}}`)
	defer listen.Body.Close()
	legacy, modern := events(get.Body), events(listen.Body)
	if ack := <-modern; !strings.Contains(ack, "notifications/subscriptions/acknowledged") {
		t.Fatalf("got %s", ack)
	}
	for i := range 20 {
		publish(t, e, toolSaying("t", fmt.Sprintf("Version %d.", i+1), "0"))
		for era, stream := range map[string]<-chan string{"legacy": legacy, "modern": modern} {
			if got := <-stream; !strings.Contains(got, `"method":"notifications/tools/list_changed"`) {
				t.Fatalf("%s stream: got %q", era, got)
			}
		}
	}
	s.Close()
	for got := range legacy {
		t.Errorf("legacy stream: one more: %s", got)
	}
	for got := range modern {
		if strings.Contains(got, "list_changed") {
			t.Errorf("modern stream: one more: %s", got)
		}
	}
}

// Two tools that always change together are read by listers and callers in
// both eras while they are published over and over. No call fails, and no list
// shows one of them new and the other old.
func TestReloadsUnderLoad(t *testing.T) {
	pair := func(n int) []string {
		return []string{
			toolSaying("left", fmt.Sprintf("Version %d.", n), fmt.Sprint(n)),
			toolSaying("right", fmt.Sprintf("Version %d.", n), fmt.Sprint(n)),
		}
	}
	s, e := serve(t, Options{ListTTL: time.Nanosecond}, pair(0)...) // clients cache nothing
	url := serveHTTP(t, s)
	ctx, stop := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	read := func(what string, f func() error) {
		readers.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				if err := f(); err != nil {
					t.Errorf("%s %d: %v", what, n, err)
					return
				}
			}
		})
	}
	for _, version := range eras {
		client := connect(t, &mcp.StreamableClientTransport{Endpoint: url}, version, nil)
		read(version+" list", func() error {
			list, err := client.ListTools(t.Context(), nil)
			if err != nil {
				return err
			}
			if len(list.Tools) != 2 || list.Tools[0].Description != list.Tools[1].Description {
				return fmt.Errorf("mixed: %q and %q", list.Tools[0].Description, list.Tools[1].Description)
			}
			return nil
		})
		read(version+" call", func() error {
			res, err := client.CallTool(t.Context(), &mcp.CallToolParams{Name: "left"})
			if err == nil && res.IsError {
				err = errors.New(textOf(t, res))
			}
			return err
		})
	}
	for n := range 500 {
		publish(t, e, pair(n)...)
	}
	stop()
	readers.Wait()
}
