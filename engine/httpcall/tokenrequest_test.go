package httpcall

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// raw serves bytes to each connection once a request was read, and leaves it
// open.
func raw(t *testing.T, answer func(request *http.Request) string) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				r, err := http.ReadRequest(bufio.NewReader(conn))
				if err != nil {
					return
				}
				io.WriteString(conn, answer(r))
				io.Copy(io.Discard, conn)
			}()
		}
	}()
	return "http://" + l.Addr().String()
}

// A token endpoint that switches protocols would hold the connection, and
// whoever reads from it, for ever.
func TestTokenEndpointSwitchesProtocols(t *testing.T) {
	endpoint := raw(t, func(*http.Request) string {
		return "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n"
	})
	p := build(t, tool("http://127.0.0.1:1", "retry: {attempts: 1}\n"+oauth2(endpoint, ""), ""), oauthSecrets)
	c := newClient(t, ClientOptions{})
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	_, err := p.Run(ctx, c, inputs(nil))
	if ctx.Err() != nil {
		t.Error("the call hung")
	}
	if got := failure(t, err); !strings.HasPrefix(got, "no access token") {
		t.Errorf("message = %q", got)
	}
}

// A parameter of a token request may be as secret as the client's secret.
func TestFurtherParametersAreSecret(t *testing.T) {
	endpoint := giveTokens(t, func(_ int, w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(400)
		fmt.Fprintf(w, `{"error": "invalid_request", "error_description": "no %s here"}`, r.FormValue("password"))
	})
	endpoint.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { endpoint.answer(0, w, r) })
	p := build(t, tool("http://127.0.0.1:1", oauth2(endpoint.URL, "parameters: {password: '${env.PASSWORD}'}"), ""),
		environ{"ID": "id", "SECRET": "secret", "PASSWORD": "planted-password"})
	_, err := p.Run(t.Context(), newClient(t, ClientOptions{}), inputs(nil))
	if got := reasons(err); strings.Contains(got, "planted") || !strings.Contains(got, "no *** here") {
		t.Error(got)
	}
}

// The line break that a file or a console leaves behind a secret is no part of it.
func TestSecretsWithALineBreak(t *testing.T) {
	endpoint := giveTokens(t, nil)
	upstream := guardService(t, admitAll)
	p := build(t, tool(upstream.URL, oauth2(endpoint.URL, "clientAuth: body"), ""), environ{"ID": "id\r\n", "SECRET": "secret\n"})
	if _, err := call(t, p, nil); err != nil {
		t.Fatal(err)
	}
	if got := endpoint.forms[0]; got.Get("client_id") != "id" || got.Get("client_secret") != "secret" {
		t.Errorf("sent %q", got)
	}
}

// A token that is fetched anew costs a further request, which waits for its turn.
func TestRenewedTokenKeepsThePace(t *testing.T) {
	endpoint := giveTokens(t, nil)
	upstream := guardService(t, func(credential string) bool { return credential != "Bearer a-token-1" })
	p := build(t, tool(upstream.URL, "rateLimit: {requests: 1, per: 1h}\n"+oauth2(endpoint.URL, ""), ""), oauthSecrets)
	_, err := call(t, p, nil)
	if got := failure(t, err); !strings.HasPrefix(got, "this server calls api at most 1 times in 3600 s") || len(upstream.seen()) != 1 {
		t.Errorf("message = %q after %d requests", got, len(upstream.seen()))
	}
}
