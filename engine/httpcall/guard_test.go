package httpcall

import (
	"context"
	"errors"
	"net/netip"
	"testing"
)

func TestClassify(t *testing.T) {
	tests := map[class][]string{
		public: {"8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "2a00::1"},
		private: {
			"127.0.0.1", "127.255.0.1", "::1", "::ffff:127.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
			"::ffff:192.168.1.1", "fc00::1", "fd12::1", "169.254.1.1", "fe80::1", "fe80::1%eth0", "100.64.0.1", "100.127.255.255", "198.18.0.1", "198.19.0.1",
		},
		never: {
			"0.0.0.0", "0.1.2.3", "::", "224.0.0.1", "239.1.1.1", "ff02::1", "255.255.255.255", "240.0.0.1",
			"192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1",
			"2002:7f00:1::", "2001:0:7f00::1", "::127.0.0.1", "::8.8.8.8", "192.88.99.1", "100::1", "fec0::1", "192.0.0.8",
		},
		metadata: {"169.254.169.254", "::ffff:169.254.169.254", "168.63.129.16", "fd00:ec2::254", "169.254.170.2", "100.100.100.200", "169.254.42.42", "169.254.0.23"},
	}
	for want, addresses := range tests {
		for _, a := range addresses {
			if got := classify(netip.MustParseAddr(a)); got != want {
				t.Errorf("classify(%s) = %d, want %d", a, got, want)
			}
		}
	}
}

func TestReach(t *testing.T) {
	tests := []struct {
		base         string
		allowPrivate bool
		dialed       string // host and port
		resolved     string
		ok           bool
	}{
		{"https://api.example.com", false, "api.example.com:443", "8.8.8.8:443", true},
		{"https://api.example.com", false, "api.example.com:443", "127.0.0.1:443", false},
		{"https://api.example.com", false, "api.example.com:443", "10.0.0.1:443", false},
		{"https://api.example.com", true, "api.example.com:443", "10.0.0.1:443", true},
		{"https://api.example.com", true, "api.example.com:443", "169.254.169.254:443", false},
		{"https://api.example.com", true, "api.example.com:443", "[64:ff9b::a00:1]:443", false},
		{"https://api.example.com", true, "api.example.com:443", "0.0.0.0:443", false},
		{"http://127.0.0.1:8080", false, "127.0.0.1:8080", "127.0.0.1:8080", true},
		{"http://127.0.0.1:8080", false, "evil.example.com:8080", "127.0.0.1:8080", false},
		{"http://127.0.0.1:8080", false, "127.0.0.1:9090", "127.0.0.1:9090", false},
		{"http://localhost:3000", false, "localhost:3000", "127.0.0.1:3000", true},
		{"http://localhost:3000", false, "localhost:3000", "[::1]:3000", true},
		{"http://localhost:3000", false, "localhost:3000", "10.0.0.1:3000", false},
		{"http://[::1]:3000", false, "[::1]:3000", "[::1]:3000", true},
		{"http://[::ffff:127.0.0.1]:80", false, "[::ffff:127.0.0.1]:80", "127.0.0.1:80", true},
		{"http://169.254.169.254", false, "169.254.169.254:80", "169.254.169.254:80", false},
		{"http://169.254.169.254", true, "169.254.169.254:80", "169.254.169.254:80", false},
		{"http://[fd00:ec2::254]", false, "[fd00:ec2::254]:80", "[fd00:ec2::254]:80", false},
		{"http://0.0.0.0:80", false, "0.0.0.0:80", "0.0.0.0:80", false},
	}
	for _, tt := range tests {
		b, err := parseBase(tt.base)
		if err != nil {
			t.Fatalf("%s: %v", tt.base, err)
		}
		err = reachOf(b.origin, tt.allowPrivate).check(tt.dialed, netip.MustParseAddrPort(tt.resolved))
		if (err == nil) != tt.ok {
			t.Errorf("base %s, private %t: dialing %s at %s: %v, want allowed %t", tt.base, tt.allowPrivate, tt.dialed, tt.resolved, err, tt.ok)
		}
	}
}

// The guard sits where connections are made: a real dial ends in it.
func TestGuardedDial(t *testing.T) {
	server := record(t, reply(200, ""))
	address := server.listener.Addr().String()
	for _, r := range []reach{{}, {local: "127.0.0.1:1"}, {local: "localhost:1"}} {
		_, err := newClient(t, ClientOptions{}).guarded(r)(context.Background(), "tcp", address)
		if b, ok := errors.AsType[*blocked](err); !ok || b.class != private {
			t.Errorf("reach %+v: err = %v, want blocked", r, err)
		}
	}
	for _, endpoint := range []string{"http://" + address + "/msi/token", "http://localhost:" + portOf(address)} {
		c := newClient(t, ClientOptions{Identity: []string{endpoint}})
		_, err := c.guarded(reach{private: true})(context.Background(), "tcp", address)
		if b, ok := errors.AsType[*blocked](err); !ok || b.class != metadata {
			t.Errorf("identity endpoint %s: err = %v, want blocked", endpoint, err)
		}
	}
	conn, err := newClient(t, ClientOptions{}).guarded(reach{local: address})(context.Background(), "tcp", address)
	if err != nil {
		t.Fatalf("the configured address: %v", err)
	}
	conn.Close()
}

func portOf(address string) string {
	return netip.MustParseAddrPort(address).String()[len("127.0.0.1:"):]
}

func TestTransportsAreSharedByEqualReachesOnly(t *testing.T) {
	c := newClient(t, ClientOptions{})
	if first, second := c.transport(reach{}), c.transport(reach{}); first != second {
		t.Error("equal reaches have transports of their own")
	}
	for _, other := range []reach{{private: true}, {local: "127.0.0.1:80"}} {
		if c.transport(reach{}) == c.transport(other) {
			t.Errorf("a transport is shared with %+v", other)
		}
	}
	if c.transport(reach{}).Proxy != nil {
		t.Error("a transport has a proxy")
	}
}

func TestFence(t *testing.T) {
	c := newClient(t, ClientOptions{Hosts: []string{"api.example.com", "*.example.org"}})
	for host, want := range map[string]bool{
		"api.example.com": true, "example.com": false, "x.api.example.com": false,
		"a.example.org": true, "a.b.example.org": true, "example.org": false, "badexample.org": false,
	} {
		if got := c.admit(Origin{Host: host}) == nil; got != want {
			t.Errorf("%s: admitted %t, want %t", host, got, want)
		}
	}
	if newClient(t, ClientOptions{Hosts: []string{}}).admit(Origin{Host: "api.example.com"}) == nil {
		t.Error("an empty fence admits a host")
	}
	c = newClient(t, ClientOptions{Identity: []string{"http://identity.internal:8080/token"}})
	for o, want := range map[Origin]bool{
		{"http", "identity.internal", "8080"}: false, {"https", "identity.internal.", "8080"}: false,
		{"http", "identity.internal", "80"}: true, {"http", "other.internal", "8080"}: true,
	} {
		if got := c.admit(o) == nil; got != want {
			t.Errorf("%s: admitted %t, want %t", o, got, want)
		}
	}
}
