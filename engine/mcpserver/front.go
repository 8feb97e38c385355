package mcpserver

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
)

// A Front decides which requests come near the server at all, by the name it
// was reached under and by the page that sent them. It is what keeps a page in
// a browser from talking to a server on the same machine (MCP, Transports,
// Security Warning), and belongs before authentication.
type Front struct {
	// Loopback says that only this machine can reach the server: its own
	// names are the ones it may be reached under, and pages that this machine
	// serves, at whatever port, may send requests.
	Loopback bool
	// Hosts are further names the server may be reached under, each with a
	// port or for any port. Without any, and not on loopback, every name is
	// good.
	Hosts []string
	// Origins are the pages that may send requests, such as
	// "https://example.com"; "*" is all of them. A page of the host itself
	// always may.
	Origins []string
	// Forwarded says that X-Forwarded-Host is set by a proxy in front and is
	// the name the server was reached under.
	Forwarded bool
}

// Handler puts the front before next. It answers preflight requests itself.
func (f Front) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := f.host(r)
		if !f.allowsHost(host) {
			refuse(w, http.StatusForbidden, newFault(jsonrpc.CodeInvalidRequest, "this server is not known under the name of the request"))
			return
		}
		w.Header().Add("Vary", "Origin")
		origin := r.Header.Get("Origin")
		if origin == "" {
			next.ServeHTTP(w, r)
			return
		}
		if !f.allowsOrigin(origin, host) {
			refuse(w, http.StatusForbidden, newFault(jsonrpc.CodeInvalidRequest, "requests from this origin are not allowed"))
			return
		}
		w.Header().Set("Access-Control-Allow-Origin", origin)
		if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
			preflight(w, r)
			return
		}
		w.Header().Set("Access-Control-Expose-Headers", "Mcp-Session-Id, MCP-Protocol-Version, WWW-Authenticate, Retry-After")
		next.ServeHTTP(w, r)
	})
}

// preflight says what a page may send (Fetch, CORS-preflight request). Headers
// that repeat an argument are named by each tool.
func preflight(w http.ResponseWriter, r *http.Request) {
	allowed := []string{
		"Accept", "Authorization", "Content-Type", "Last-Event-ID", "Mcp-Method", "Mcp-Name",
		"MCP-Protocol-Version", "Mcp-Session-Id", "Traceparent", "X-Functions-Key",
	}
	for name := range strings.SplitSeq(r.Header.Get("Access-Control-Request-Headers"), ",") {
		name = strings.TrimSpace(name)
		if argument, ok := strings.CutPrefix(strings.ToLower(name), "mcp-param-"); ok && isToken(argument) {
			allowed = append(allowed, name)
		}
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Methods", "GET, POST, DELETE")
	h.Set("Access-Control-Allow-Headers", strings.Join(allowed, ", "))
	h.Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
}

// host is the name the server was reached under, in lower case. Of several
// forwarded names the last is the proxy's own: those before it came with the
// request, and a page may have written them.
func (f Front) host(r *http.Request) string {
	host := r.Host
	if forwarded := strings.Join(r.Header.Values("X-Forwarded-Host"), ","); f.Forwarded && forwarded != "" {
		host = forwarded[strings.LastIndex(forwarded, ",")+1:]
	}
	return strings.ToLower(strings.TrimSpace(host))
}

func (f Front) allowsHost(host string) bool {
	if f.Loopback && isLoopback(host) {
		return true
	}
	if len(f.Hosts) == 0 {
		return !f.Loopback
	}
	return slices.ContainsFunc(f.Hosts, func(allowed string) bool {
		allowed = strings.ToLower(allowed)
		return allowed == host || allowed == hostname(host)
	})
}

func (f Front) allowsOrigin(origin, host string) bool {
	if slices.ContainsFunc(f.Origins, func(allowed string) bool {
		return allowed == "*" || strings.EqualFold(strings.TrimSuffix(allowed, "/"), origin)
	}) {
		return true
	}
	u, err := url.Parse(origin)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	return strings.EqualFold(u.Host, host) || f.Loopback && isLoopback(strings.ToLower(u.Host))
}

// isLoopback reports whether a name, with or without a port, always means this
// machine.
func isLoopback(host string) bool {
	name := hostname(host)
	if name == "localhost" {
		return true
	}
	address, err := netip.ParseAddr(strings.Trim(name, "[]"))
	return err == nil && address.IsLoopback()
}

// hostname is a host without its port; an IPv6 address keeps its brackets.
func hostname(host string) string {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		return host
	}
	if strings.Contains(name, ":") {
		return "[" + name + "]"
	}
	return name
}
