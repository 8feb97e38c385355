package httpcall

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// ClientOptions are the operator's side of all calls.
type ClientOptions struct {
	// Hosts are the hosts that may be called, each a name or "*.example.com"
	// for all names below one; nil is every host. No definition can widen it.
	Hosts []string
	// Identity are the URLs of identity endpoints, as the platform gives them
	// in the environment. No call reaches them, whatever a definition says.
	Identity []string
	// Identities says where tokens of the platform's identity may go.
	Identities IdentityFence
	// IdentityTokens gives them out; nil: there is no identity.
	IdentityTokens IdentityTokens
	// Answers stands in for the network: nothing is dialed, and no time passes.
	// nil is the network.
	Answers Answerer
	// CacheBytes is the most that answers which are kept may take; default
	// 64 MiB.
	CacheBytes int64
	// Logger is told when an upstream is not called any more or is again, and
	// when an old answer stands in for one that did not come; nil discards.
	Logger *slog.Logger
}

// A Client holds the connections of a process, one transport for each distinct
// connection policy, how upstreams fare, and the tokens and answers that are
// kept. It outlives catalogs and is safe for concurrent use. Close it when done.
type Client struct {
	hosts    []string
	identity []Origin
	answers  Answerer

	identities     IdentityFence
	identityTokens IdentityTokens

	tokens tokens
	dial   func(ctx context.Context, network, address string) (net.Conn, error) // nil is the network

	logger *slog.Logger
	cache  *cache

	mu         sync.Mutex
	transports map[reach]*http.Transport
	gates      map[restraint]*gate
}

// NewClient returns a client without connections.
func NewClient(o ClientOptions) *Client {
	c := &Client{
		answers: o.Answers, logger: cmp.Or(o.Logger, slog.New(slog.DiscardHandler)), cache: newCache(cmp.Or(o.CacheBytes, defaultCacheBytes)),
		identities: o.Identities, identityTokens: o.IdentityTokens,
		transports: map[reach]*http.Transport{}, gates: map[restraint]*gate{},
	}
	if o.Hosts != nil {
		c.hosts = make([]string, len(o.Hosts))
		for i, h := range o.Hosts {
			c.hosts[i] = strings.ToLower(strings.TrimSpace(h))
		}
	}
	for _, text := range o.Identity {
		if u, err := url.Parse(text); err == nil {
			if origin, err := originOf(u); err == nil {
				c.identity = append(c.identity, origin)
			}
		}
	}
	return c
}

// Close lets go of idle connections. Calls under way end in their own time.
func (c *Client) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, t := range c.transports {
		t.CloseIdleConnections()
	}
}

// fenced says that the operator's fence does not let calls go to a host.
type fenced struct {
	host string
	why  error // nil: the host may not be called at all
}

func (f *fenced) Error() string {
	if f.why != nil {
		return fmt.Sprintf("%s: %v", f.host, f.why)
	}
	return fmt.Sprintf("the host %s is not among those that may be called", f.host)
}

var errIdentityEndpoint = errors.New("it is an identity endpoint")

// admit holds an origin against the operator's fence. Identity endpoints that
// have a name are told by it; their addresses are the dialer's to tell.
func (c *Client) admit(o Origin) error {
	host := strings.TrimSuffix(o.Host, ".")
	if slices.ContainsFunc(c.identity, func(endpoint Origin) bool { return endpoint.Host == host && endpoint.Port == o.Port }) {
		return &fenced{o.Host, errIdentityEndpoint}
	}
	if c.hosts == nil || slices.ContainsFunc(c.hosts, func(pattern string) bool { return matchesHost(pattern, o.Host) }) {
		return nil
	}
	return &fenced{host: o.Host}
}

func matchesHost(pattern, host string) bool {
	if below, ok := strings.CutPrefix(pattern, "*."); ok {
		return strings.HasSuffix(host, "."+below)
	}
	return pattern == host
}

// transport returns the transport of a reach, made on first use.
func (c *Client) transport(r reach) *http.Transport {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.transports[r]
	if t == nil {
		t = c.newTransport(r)
		c.transports[r] = t
	}
	return t
}

// newTransport returns a transport that takes no proxy from the environment: a
// proxy would connect in the guard's place.
func (c *Client) newTransport(r reach) *http.Transport {
	dial := c.dial
	if dial == nil {
		dial = c.guarded(r)
	}
	return &http.Transport{
		DialContext:            dial,
		TLSClientConfig:        r.tls.config(),
		TLSHandshakeTimeout:    10 * time.Second,
		ForceAttemptHTTP2:      true,
		MaxIdleConns:           1024,
		MaxIdleConnsPerHost:    128,
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
	}
}

// guarded dials where the reach allows.
func (c *Client) guarded(r reach) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, network, dialed string) (net.Conn, error) {
		return c.dialer(r, dialed).DialContext(ctx, network, dialed)
	}
}

// dialer returns what dials a host and port. It looks at the address after
// names are resolved, right before the connection is made, so that a name
// cannot mean one address when it is checked and another when it is dialed.
func (c *Client) dialer(r reach, dialed string) *net.Dialer {
	return &net.Dialer{
		Timeout:   10 * time.Second,
		KeepAlive: 30 * time.Second,
		ControlContext: func(_ context.Context, _, resolved string, _ syscall.RawConn) error {
			to, err := netip.ParseAddrPort(resolved)
			if err != nil {
				return errors.Join(errUnknownAddress, err)
			}
			if c.isIdentity(to) {
				return &blocked{to, metadata}
			}
			return r.check(dialed, to)
		},
	}
}

var errUnknownAddress = errors.New("egress guard: not an address of the internet")

// isIdentity reports whether an address is that of an identity endpoint. One
// on this machine is meant by every loopback address with its port.
func (c *Client) isIdentity(to netip.AddrPort) bool {
	ip := to.Addr().WithZone("").Unmap()
	return slices.ContainsFunc(c.identity, func(o Origin) bool {
		if o.Port != fmt.Sprint(to.Port()) {
			return false
		}
		configured, err := netip.ParseAddr(o.Host)
		if isLocalhost(o.Host) || err == nil && configured.IsLoopback() {
			return ip.IsLoopback()
		}
		return err == nil && configured.Unmap() == ip
	})
}
