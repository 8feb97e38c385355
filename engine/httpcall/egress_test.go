package httpcall

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Where URLs lead, whoever wrote them: what a resolver, a proxy or a person
// could read in two ways leads nowhere.
func TestOrigins(t *testing.T) {
	tests := map[string]string{ // the origin, or the error
		"https://api.example.com":            "https://api.example.com",
		"HTTPS://API.Example.COM:443/a?b#c":  "https://api.example.com",
		"http://api.example.com:080":         "http://api.example.com",
		"http://api.example.com:":            "http://api.example.com",
		"http://api.example.com:8080":        "http://api.example.com:8080",
		"http://[2606:4700::1111]":           "http://[2606:4700::1111]",
		"http://[2606:4700:0:0:0:0:0:1111]":  "http://[2606:4700::1111]",
		"http://xn--bcher-kva.example":       "http://xn--bcher-kva.example",
		"http://3com.example":                "http://3com.example",
		"http://example.0xyz":                "http://example.0xyz",
		"http://api.example.com.":            "http://api.example.com.", // another origin than that without a dot
		"http://[fe80::1%25eth0]":            "http://[fe80::1%eth0]",
		"file:///etc/passwd":                 errScheme.Error(),
		"gopher://127.0.0.1:70/1":            errScheme.Error(),
		"ftp://api.example.com":              errScheme.Error(),
		"unix:/run/docker.sock":              errScheme.Error(),
		"http:api.example.com":               errScheme.Error(),
		"//api.example.com":                  errScheme.Error(),
		"http:///path":                       errNoHost.Error(),
		"http://:80":                         errNoHost.Error(),
		"http://user@api.example.com":        errUserInfo.Error(),
		"http://api.example.com:80@evil.org": errUserInfo.Error(),
		"http://api.example.com%40evil.org":  "not a URL",
		"http://api.example.com\\@evil.org":  "not a URL",
		"http://api.example.com:0":           errPort.Error(),
		"http://api.example.com:99999":       errPort.Error(),
		"http://api.example.com:-1":          "not a URL",
		"http://api.example.com:80 ":         "not a URL",
		"http://api.example.com:８０":          "not a URL",
		"http://2130706433":                  errNumber.Error(),
		"http://0x7f000001":                  errNumber.Error(),
		"http://0x7F.1":                      errNumber.Error(),
		"http://0177.0.0.1":                  errNumber.Error(),
		"http://127.1":                       errNumber.Error(),
		"http://127.0.0.1.":                  errNumber.Error(),
		"http://127.0.0.1.1":                 errNumber.Error(),
		"http://0":                           errNumber.Error(),
		"http://0x":                          errNumber.Error(),
		"http://１２７.0.0.1":                   errForeign.Error(),
		"http://127。0。0。1":                   errForeign.Error(),
		"http://ｌocalhost":                   errForeign.Error(),
		"http://bücher.example":              errForeign.Error(),
		"http://%EF%BD%8Cocalhost":           errForeign.Error(),
		"http://%31%32%37.0.0.1":             "not a URL",
		"http://[::1":                        "not a URL",
		"http://[127.0.0.1]":                 "not a URL",
	}
	for text, want := range tests {
		got := "not a URL"
		if u, err := url.Parse(text); err == nil {
			o, err := originOf(u)
			if got = o.String(); err != nil {
				got = err.Error()
			}
		}
		if got != want {
			t.Errorf("%s leads to %q, want %q", text, got, want)
		}
	}
}

// names is a resolver that answers each look-up of an IPv4 or IPv6 address
// with the next of its answers.
func names(t *testing.T, answers [][]string) *net.Resolver {
	var turn [2]int // of A, of AAAA
	reply := func(question []byte) []byte {
		const aRecord, aaaaRecord = 1, 28
		end := 12
		for question[end] != 0 {
			end += int(question[end]) + 1
		}
		kind := binary.BigEndian.Uint16(question[end+1:])
		of := 0
		if kind == aaaaRecord {
			of = 1
		}
		given := answers[min(turn[of], len(answers)-1)]
		turn[of]++
		message := append([]byte{}, question[:end+5]...)
		message[2], message[3] = 0x81, 0x80 // an answer, without an error
		clear(message[6:12])
		for _, text := range given {
			ip := netip.MustParseAddr(text)
			if ip.Is4() != (kind == aRecord) {
				continue
			}
			message[7]++
			message = append(message, 0xc0, 12, 0, byte(kind), 0, 1, 0, 0, 0, 0, 0, byte(len(ip.AsSlice())))
			message = append(message, ip.AsSlice()...)
		}
		return message
	}
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		near, far := net.Pipe()
		go func() {
			defer far.Close()
			for {
				var length [2]byte
				if _, err := io.ReadFull(far, length[:]); err != nil {
					return
				}
				question := make([]byte, binary.BigEndian.Uint16(length[:]))
				if _, err := io.ReadFull(far, question); err != nil {
					return
				}
				message := reply(question)
				if _, err := far.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(message))), message...)); err != nil {
					return
				}
			}
		}()
		return near, nil
	}}
}

var errReached = errors.New("the guard let it pass, and nothing was dialed")

// A name is judged by what it means when it is dialed, each time anew, and so
// is each of several addresses of it.
func TestNamesAreJudgedWhenTheyAreDialed(t *testing.T) {
	tests := []struct {
		name, upstream string
		answers        [][]string // of the look-ups, one after the other
		want           []string   // addresses that were looked at, and what of them
	}{
		{
			name: "another address each time", answers: [][]string{{"8.8.8.8"}, {"127.0.0.1"}, {"169.254.169.254"}, {"8.8.4.4"}},
			want: []string{"8.8.8.8:80 reached", "127.0.0.1:80 blocked", "169.254.169.254:80 blocked", "8.8.4.4:80 reached"},
		},
		{
			name: "several addresses", answers: [][]string{{"10.0.0.1", "8.8.8.8", "127.0.0.1"}},
			want: []string{"10.0.0.1:80 blocked", "8.8.8.8:80 reached", "127.0.0.1:80 blocked"},
		},
		{
			name: "addresses that hold another", answers: [][]string{
				{"::ffff:127.0.0.1"}, {"64:ff9b::7f00:1"}, {"64:ff9b:1::7f00:1"}, {"2002:7f00:1::"}, {"2001:0:7f00:1::"}, {"::127.0.0.1"},
			},
			want: []string{
				"127.0.0.1:80 blocked", "[64:ff9b::7f00:1]:80 blocked", "[64:ff9b:1::7f00:1]:80 blocked", "[2002:7f00:1::]:80 blocked",
				"[2001:0:7f00:1::]:80 blocked", "[::7f00:1]:80 blocked",
			},
		},
		{
			name: "addresses that are no host's", answers: [][]string{{"0.0.0.0"}, {"255.255.255.255"}, {"224.0.0.1"}, {"192.0.0.8"}, {"240.0.0.1"}, {"::"}, {"ff02::1"}},
			want: []string{
				"0.0.0.0:80 blocked", "255.255.255.255:80 blocked", "224.0.0.1:80 blocked", "192.0.0.8:80 blocked", "240.0.0.1:80 blocked",
				"[::]:80 blocked", "[ff02::1]:80 blocked",
			},
		},
		{
			name: "networks around", answers: [][]string{{"100.64.0.1"}, {"198.18.0.1"}, {"fc00::1"}, {"fe80::1"}, {"::1"}, {"172.16.0.1"}},
			want: []string{
				"100.64.0.1:80 blocked", "198.18.0.1:80 blocked", "[fc00::1]:80 blocked", "[fe80::1]:80 blocked", "[::1]:80 blocked", "172.16.0.1:80 blocked",
			},
		},
		{
			name: "networks around, where they are allowed", upstream: "allowPrivate: true",
			answers: [][]string{{"100.64.0.1"}, {"::1"}, {"169.254.169.254"}, {"168.63.129.16"}, {"fd00:ec2::254"}, {"64:ff9b::a9fe:a9fe"}, {"0.0.0.0"}},
			want: []string{
				"100.64.0.1:80 reached", "[::1]:80 reached", "169.254.169.254:80 blocked", "168.63.129.16:80 blocked", "[fd00:ec2::254]:80 blocked",
				"[64:ff9b::a9fe:a9fe]:80 blocked", "0.0.0.0:80 blocked",
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := build(t, tool("http://rebound.example.com", "retry: {attempts: 1}\n"+tt.upstream, ""), nil)
			c := newClient(t, ClientOptions{})
			resolver := names(t, tt.answers)
			var got []string
			c.dial = func(ctx context.Context, network, address string) (net.Conn, error) {
				d := c.dialer(p.reach, address)
				d.Resolver, d.FallbackDelay = resolver, -1
				check := d.ControlContext
				d.ControlContext = func(ctx context.Context, network, resolved string, raw syscall.RawConn) error {
					if err := check(ctx, network, resolved, raw); err != nil {
						got = append(got, resolved+" blocked")
						return err
					}
					got = append(got, resolved+" reached")
					return errReached
				}
				return d.DialContext(ctx, network, address)
			}
			for range tt.answers {
				_, err := p.Run(t.Context(), c, inputs(nil))
				failure(t, err, "rebound", "8.8")
			}
			slices.Sort(tt.want) // several addresses of a name are tried in an order of their own
			slices.Sort(got)
			if diff := cmp.Diff(tt.want, slices.Compact(got)); diff != "" {
				t.Errorf("dialed (-want +got):\n%s", diff)
			}
		})
	}
}

// Wherever a redirect leads, it passes the same guard.
func TestRedirectsAreGuarded(t *testing.T) {
	const blocked = "api may not be called from this server; whoever runs it has to allow it"
	const away = "api redirected to another place, which this tool does not follow"
	inside := record(t, replyJSON(200, `"inside"`))
	port := portOf(inside.listener.Addr().String())
	tests := map[string]string{
		"http://127.0.0.1:" + port + "/":           blocked,
		"//127.0.0.1:" + port + "/":                blocked,
		"http://localhost:" + port + "/":           blocked,
		"http://[::ffff:127.0.0.1]:" + port + "/":  blocked,
		"http://[::127.0.0.1]:" + port + "/":       blocked,
		"http://0.0.0.0:" + port + "/":             blocked,
		"http://[::]:" + port + "/":                blocked,
		"http://10.0.0.1/":                         blocked,
		"http://169.254.169.254/latest/meta-data/": blocked,
		"http://[fd00:ec2::254]/latest/":           blocked,
		"http://168.63.129.16/metadata":            blocked,
		"http://[64:ff9b::7f00:1]/":                blocked,
		"http://127.1:" + port + "/":               away,
		"http://2130706433:" + port + "/":          away,
		"http://0x7f.1:" + port + "/":              away,
		"http://0177.0.0.1:" + port + "/":          away,
		"http://127。0。0。1:" + port + "/":           away,
		"http://127.0.0.1:0/":                      away,
		"http://user:pw@127.0.0.1:" + port + "/":   away,
		"http://api.example.com:80@127.0.0.1/":     away,
		"https:///etc/passwd":                      away,
		"file:///etc/passwd":                       away,
		"gopher://127.0.0.1:" + port + "/_GET":     away,
	}
	for location, want := range tests {
		server := record(t, reply(302, "", "Location: "+location))
		for hops, want := range map[string]string{"any": want, "same-origin": away} {
			_, err := call(t, build(t, tool(server.base(), "redirects: "+hops, "path: /a"), nil), nil)
			if got := failure(t, err, "10.0.0.1", "169.254"); got != want {
				t.Errorf("redirects %s to %s: %q, want %q", hops, location, got, want)
			}
		}
	}
	if n := len(inside.seen()); n != 0 {
		t.Errorf("%d requests went where none may go: %q", n, inside.seen())
	}
}

// A connection that one call was allowed to open serves no call that is not,
// to whatever name, and however the first one is kept.
func TestPooledConnectionsServeTheirOwnReachAlone(t *testing.T) {
	var requests atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		answerJSON(w, 200, "1")
	}))
	defer server.Close()
	redirecting := record(t, reply(302, "", "Location: "+server.URL+"/"))
	for _, permitted := range []string{"", "allowPrivate: true\n", "cache: {ttl: 1h}\n"} {
		c := newClient(t, ClientOptions{})
		ok := build(t, tool(server.URL, permitted, "path: /"), nil)
		if _, err := ok.Run(t.Context(), c, inputs(nil)); err != nil {
			t.Fatal(err)
		}
		before := requests.Load()
		forbidden := build(t, tool(redirecting.base(), "redirects: any\n", "path: /"), nil)
		_, err := forbidden.Run(t.Context(), c, inputs(nil))
		if got := failure(t, err); !strings.Contains(got, "may not be called") {
			t.Errorf("after a call with %q: %s", permitted, got)
		}
		if n := requests.Load() - before; n != 0 {
			t.Errorf("after a call with %q: %d requests came over its connection", permitted, n)
		}
	}
}

// Over HTTP/2 each name has a connection of its own, though one certificate
// and one address serve both (RFC 9113 §9.1.1 would allow to share it). What an
// answer says of other places to ask (RFC 7838) is not heeded.
func TestNamesShareNoConnection(t *testing.T) {
	var connections atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Alt-Svc", `h2="elsewhere.example.com:443"; ma=3600`)
		answerJSON(w, 200, `"`+r.Proto+" "+r.Host+`"`)
	}))
	server.EnableHTTP2 = true
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.StartTLS()
	defer server.Close()
	c := newClient(t, ClientOptions{})
	var dialed []string
	c.dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		dialed = append(dialed, address)
		return (&net.Dialer{}).DialContext(ctx, network, server.Listener.Addr().String())
	}
	trusted := server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	c.transport(reach{}).TLSClientConfig = &tls.Config{RootCAs: trusted}
	for _, host := range []string{"example.com", "www.example.com", "example.com", "www.example.com"} {
		response, err := build(t, tool("https://"+host, "", "path: /"), nil).Run(t.Context(), c, inputs(nil))
		if want := "HTTP/2.0 " + host; err != nil || response["body"] != want {
			t.Fatalf("%v, %v, want %s", response["body"], err, want)
		}
	}
	if diff := cmp.Diff([]string{"example.com:443", "www.example.com:443"}, dialed); diff != "" || connections.Load() != 2 {
		t.Errorf("%d connections, dialed (-want +got):\n%s", connections.Load(), diff)
	}
}

// A proxy of the environment would connect in the guard's place.
func TestProxiesOfTheEnvironmentAreIgnored(t *testing.T) {
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"} {
		t.Setenv(name, "http://proxy.example.com:3128")
	}
	c := newClient(t, ClientOptions{})
	var dialed []string
	c.dial = func(_ context.Context, _, address string) (net.Conn, error) {
		dialed = append(dialed, address)
		return nil, errReached
	}
	for _, base := range []string{"http://api.example.com", "https://api.example.com"} {
		_, err := build(t, tool(base, "retry: {attempts: 1}", "path: /"), nil).Run(t.Context(), c, inputs(nil))
		failure(t, err)
	}
	if diff := cmp.Diff([]string{"api.example.com:80", "api.example.com:443"}, dialed); diff != "" {
		t.Errorf("dialed (-want +got):\n%s", diff)
	}
}
