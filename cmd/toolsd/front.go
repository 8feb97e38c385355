package main

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"

	"github.com/toolsd/toolsd/engine/functions"
	"github.com/toolsd/toolsd/engine/mcpserver"
)

// front puts together what stands before the endpoints, outermost first: the
// names and pages that may reach the server, the key, and the removal of keys
// and forged identities.
func (s *server) front(a access) http.Handler {
	var layers []func(http.Handler) http.Handler
	guard := mcpserver.Front{Loopback: a.loopback, Hosts: s.flags.allowHosts, Origins: a.origins}
	if s.host.Started {
		// The proxy of the host has set the name that the client used.
		guard.Forwarded, guard.Loopback = true, s.host.Development
		layers = append(layers, guard.Handler, functions.Strip)
	} else {
		layers = append(layers, s.forwarded(guard), a.require, functions.Strip)
	}
	var handler http.Handler = s.routes()
	for _, layer := range slices.Backward(layers) {
		handler = layer(handler)
	}
	return handler
}

// routes are the endpoints.
func (s *server) routes() *http.ServeMux {
	routes := http.NewServeMux()
	routes.Handle("/mcp", s.mcp.Handler())
	routes.Handle("GET /healthz", health(s.engine))
	routes.Handle("GET /status", status(s.engine))
	// The host asks for this until it gets any answer, and so do people.
	routes.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write([]byte("toolsd serves MCP at /mcp\n"))
	})
	return routes
}

// require asks for the key that host.json wants for the path. What says that
// the server is there at all needs none; what only its operator should see
// needs the master key, whatever host.json says.
func (a access) require(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		level := a.settings.Level(r.URL.Path)
		switch r.URL.Path {
		case "/", "/healthz":
			level = functions.Anonymous
		case "/status":
			level = functions.Admin
		}
		functions.Require(level, a.keys, a.loopback)(next).ServeHTTP(w, r)
	})
}

// forwarded applies the guard, believing X-Forwarded-Host from trusted proxies
// alone.
func (s *server) forwarded(guard mcpserver.Front) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		direct := guard.Handler(next)
		guard.Forwarded = true
		proxied := guard.Handler(next)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if s.trusts(r.RemoteAddr) {
				proxied.ServeHTTP(w, r)
			} else {
				direct.ServeHTTP(w, r)
			}
		})
	}
}

// trusts reports whether a connection comes from a trusted proxy.
func (s *server) trusts(remote string) bool {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		return false
	}
	address, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(s.flags.proxies, func(p netip.Prefix) bool { return p.Contains(address.Unmap()) })
}

// parseProxies reads addresses and networks.
func parseProxies(texts []string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, text := range texts {
		if address, err := netip.ParseAddr(text); err == nil {
			all = append(all, netip.PrefixFrom(address, address.BitLen()))
			continue
		}
		network, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("--trusted-proxy: %q is neither an address nor a network such as 10.0.0.0/8", text)
		}
		all = append(all, network)
	}
	return all, nil
}
