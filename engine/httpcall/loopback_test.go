package httpcall

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A middleman stands between a client and a service on loopback, and does
// something wrong with what the service says.
type middleman struct {
	net.Listener
	does func(client, service *net.TCPConn)
	open atomic.Int32 // connections of clients
	done sync.WaitGroup
}

func standBetween(t *testing.T, service string, does func(client, service *net.TCPConn)) *middleman {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m := &middleman{Listener: l, does: does}
	m.done.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			m.open.Add(1)
			m.done.Go(func() {
				defer m.open.Add(-1)
				defer client.Close()
				behind, err := net.Dial("tcp", service)
				if err != nil {
					return
				}
				defer behind.Close()
				var sending sync.WaitGroup
				sending.Go(func() { io.Copy(behind, client); behind.(*net.TCPConn).CloseWrite() })
				does(client.(*net.TCPConn), behind.(*net.TCPConn))
				client.Close()
				behind.Close()
				sending.Wait()
			})
		}
	})
	return m
}

// passOn passes on what a service says, up to n bytes of it; a negative n is
// all.
func passOn(client, service *net.TCPConn, n int64) {
	if n < 0 {
		io.Copy(client, service)
		return
	}
	io.CopyN(client, service, n)
}

// untilGone waits for the client to go away: what it says is lost.
func untilGone(client net.Conn) {
	for one := make([]byte, 1<<10); ; {
		client.SetWriteDeadline(time.Now().Add(time.Second))
		client.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
		if _, err := client.Read(one); err != nil && !isTimeout(err) {
			return
		}
	}
}

func isTimeout(err error) bool {
	network, ok := err.(net.Error)
	return ok && network.Timeout()
}

// Over real connections each call ends in one of the right ways, where the
// kernel decides between several, and nothing is left of it.
func TestFaultsOverLoopback(t *testing.T) {
	const body = `{"items": [1, 2, 3], "text": "0123456789012345678901234567890123456789"}`
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		switch r.URL.Path {
		case "/token":
			answerJSON(w, 200, `{"access_token": "a-token"}`)
		case "/lines":
			w.Header().Set("Content-Type", "application/x-ndjson")
			io.WriteString(w, strings.Repeat("{\"n\": 1}\n", 50))
		case "/2":
			w.Header().Set("Link", "</3>; rel=next")
			answerJSON(w, 200, body)
		case "/1":
			w.Header().Set("Link", "</2>; rel=next")
			answerJSON(w, 200, body)
		default:
			answerJSON(w, 200, body)
		}
	})
	plain := httptest.NewServer(handler)
	defer plain.Close()
	a := newAuthority(t)
	certificate, key, _, _ := issue(t, a, "server", time.Hour)
	pair, err := tls.X509KeyPair([]byte(certificate), []byte(key))
	if err != nil {
		t.Fatal(err)
	}
	secured := httptest.NewUnstartedServer(handler)
	clients := x509.NewCertPool()
	clients.AddCert(a.certificate)
	secured.TLS = &tls.Config{Certificates: []tls.Certificate{pair}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: clients}
	secured.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	secured.StartTLS()
	defer secured.Close()
	certificate, key, _, _ = issue(t, a, "client", time.Hour)
	env := environ{"CERTIFICATE": certificate, "KEY": key, "CA": a.pem, "ID": "id", "SECRET": "planted-secret"}

	faults := []struct {
		name  string
		does  func(client, service *net.TCPConn)
		wants []ending // of a connection on which anything was said
	}{
		{"none", func(client, service *net.TCPConn) { passOn(client, service, -1) }, []ending{good}},
		{"delays", func(client, service *net.TCPConn) { time.Sleep(50 * time.Millisecond); passOn(client, service, -1) }, []ending{good}},
		{"byte by byte", func(client, service *net.TCPConn) {
			for one := make([]byte, 1); ; {
				if _, err := service.Read(one); err != nil {
					return
				}
				client.Write(one)
			}
		}, []ending{good}},
		{"hangs", func(client, _ *net.TCPConn) { untilGone(client) }, []ending{silent}},
		{"hangs within", func(client, service *net.TCPConn) { passOn(client, service, 40); untilGone(client) }, []ending{silent}},
		{"closes", func(client, service *net.TCPConn) { io.ReadFull(service, make([]byte, 1)) }, []ending{none, brokenOff}},
		{"cuts", func(client, service *net.TCPConn) { passOn(client, service, 40) }, []ending{brokenOff, none}},
		{"resets", func(client, service *net.TCPConn) { io.ReadFull(service, make([]byte, 1)); client.SetLinger(0) }, []ending{none, brokenOff}},
		{"resets within", func(client, service *net.TCPConn) { passOn(client, service, 40); client.SetLinger(0) }, []ending{brokenOff, none}},
		{"says nonsense", func(client, service *net.TCPConn) {
			io.ReadFull(service, make([]byte, 1))
			io.WriteString(client, "SSH-2.0-x\r\n\r\n")
		}, []ending{brokenOff, none}},
	}
	features := []struct {
		name, settings, http string
		secure               bool
		also                 []ending // that stand for all but a good end
	}{
		{name: "GET", http: "path: /"},
		{name: "a breaker, places, a rate", settings: "circuitBreaker: {failures: 9}\nconcurrency: {limit: 4}\nrateLimit: {requests: 100, per: 1s}\n", http: "path: /"},
		{name: "retries", settings: "attemptTimeout: 100ms\nretry: {attempts: 2, minWait: 1ms}\n", http: "path: /"},
		{name: "an upload", http: "path: /\nmultipart: {file: {data: '" + strings.Repeat("x", 300_000) + "', filename: a}}"},
		{name: "pages", http: "path: /1\npaginate: {next: link, items: response.body.items}"},
		{name: "a stream", http: "path: /lines"},
		{name: "a token", settings: "auth: {oauth2: {tokenUrl: BASE/token, clientId: '${env.ID}', clientSecret: '${env.SECRET}'}}\n", http: "path: /", also: []ending{tokenless}},
		{name: "certificates", settings: "mtls: {certificate: '${env.CERTIFICATE}', key: '${env.KEY}', ca: '${env.CA}'}\n", http: "path: /", secure: true},
	}
	before := connections()
	for _, feature := range features {
		for _, fault := range faults {
			t.Run(feature.name+" "+fault.name, func(t *testing.T) {
				service, scheme := plain, "http://"
				if feature.secure {
					service, scheme = secured, "https://"
				}
				m := standBetween(t, service.Listener.Addr().String(), fault.does)
				base := scheme + m.Addr().String()
				settings := feature.settings
				if !strings.Contains(settings, "retry:") {
					settings += "retry: {attempts: 1}\n"
				}
				if slices.Contains(fault.wants, silent) {
					settings += "timeout: 300ms\n"
				} else { // however busy the machine is
					settings = "timeout: 20s\n" + strings.Replace(settings, "100ms", "15s", 1)
				}
				p := build(t, tool(base, strings.ReplaceAll(settings, "BASE", base), feature.http), env)
				c := NewClient(ClientOptions{})
				var calling sync.WaitGroup
				for range 4 {
					calling.Go(func() {
						response, err := p.Run(context.Background(), c, inputs(nil))
						if slices.Contains(fault.wants, good) {
							if err != nil || response["status"] != 200 {
								t.Errorf("%v %v", response, err)
							}
							return
						}
						wants := slices.Concat(fault.wants, feature.also)
						if err == nil || !slices.ContainsFunc(wants, func(e ending) bool { return strings.Contains(err.Error(), string(e)) }) {
							t.Errorf("ended with %v %v, want one of %q", response["body"], err, wants)
						}
					})
				}
				calling.Wait()
				c.Close()
				m.Close()
				m.done.Wait()
				if n := m.open.Load(); n != 0 {
					t.Errorf("%d connections are left", n)
				}
				for end := time.Now().Add(10 * time.Second); connections() > before; time.Sleep(time.Millisecond) {
					if time.Now().After(end) {
						t.Fatalf("%d goroutines of connections are left", connections()-before)
					}
				}
			})
		}
	}
}

// connections is how many goroutines serve connections of clients.
func connections() int {
	buf := make([]byte, 1<<20)
	return strings.Count(string(buf[:runtime.Stack(buf, true)]), "net/http.(*persistConn).")
}
