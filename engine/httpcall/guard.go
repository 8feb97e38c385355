package httpcall

import (
	"fmt"
	"net/netip"
	"strings"
)

// class is what an address of the network may be dialed for.
type class uint8

const (
	public   class = iota
	private        // this machine and the networks around it: only where allowed
	never          // nothing that a definition may call
	metadata       // where a cloud hands out credentials: nothing may
)

// privateRanges are opened by allowPrivate, and by a baseUrl that names the
// address itself.
var privateRanges = prefixes(
	"127.0.0.0/8", "::1/128", // loopback
	"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", // private (RFC 1918, RFC 4193)
	"169.254.0.0/16", "fe80::/10", // link-local
	"100.64.0.0/10", // shared by carriers (RFC 6598)
	"198.18.0.0/15", // benchmarks (RFC 2544), used by local proxies
)

// neverRanges are not hosts, or are addresses that carry another inside and
// so would slip past a look at the outer one (IANA special-purpose registries).
var neverRanges = prefixes(
	"0.0.0.0/8", "::/128", // unspecified
	"224.0.0.0/4", "ff00::/8", // multicast
	"240.0.0.0/4",                                                                     // reserved, broadcast
	"192.0.0.0/24",                                                                    // protocol assignments
	"192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20", // documentation
	"192.88.99.0/24", "2002::/16", // 6to4
	"64:ff9b::/96", "64:ff9b:1::/48", // NAT64
	"2001::/23",                // protocol assignments, Teredo among them
	"::/96", "::ffff:0:0:0/96", // IPv4 inside IPv6
	"100::/64",  // discard
	"5f00::/16", // segment routing
	"fec0::/10", // site-local, withdrawn
)

// metadataAddresses hand out the identity of the machine to whoever asks.
var metadataAddresses = addresses(
	"169.254.169.254", "169.254.170.2", "169.254.170.23", "fd00:ec2::254", "fd00:ec2::23", // AWS and most others
	"168.63.129.16",                // Azure's host
	"100.100.100.200",              // Alibaba
	"192.0.0.192",                  // Oracle
	"fd20:ce::254",                 // Google
	"169.254.42.42", "fd00:42::42", // Scaleway
	"169.254.0.23", // Tencent
)

// classify says what an address may be dialed for. A zone is ignored, and an
// IPv4 address mapped into IPv6 is what it maps.
func classify(ip netip.Addr) class {
	ip = ip.WithZone("").Unmap()
	if metadataAddresses[ip] {
		return metadata
	}
	for _, p := range privateRanges {
		if p.Contains(ip) {
			return private
		}
	}
	for _, p := range neverRanges {
		if p.Contains(ip) {
			return never
		}
	}
	return public
}

// A blocked error says that the egress guard refused to connect. It is for
// the operator's log.
type blocked struct {
	address netip.AddrPort
	class   class
}

func (b *blocked) Error() string {
	why := "is not an address of a host"
	switch b.class {
	case private:
		why = "is an address of a private network or of this machine, and the upstream does not say allowPrivate"
	case metadata:
		why = "is a metadata or identity endpoint"
	}
	return fmt.Sprintf("egress guard: %s %s", b.address, why)
}

// A reach is how far connections may reach: the policy of a transport. Equal
// reaches share their connections, unequal ones never do.
type reach struct {
	private bool
	// local is the host and port of a configured address that is itself
	// private, such as 127.0.0.1:8080 or localhost:3000; "" is none.
	local string
	// tls is who shows itself in the connection, and who is trusted there.
	tls tlsIdentity
}

// reachOf returns the reach of calls to a configured origin.
func reachOf(o Origin, allowPrivate bool) reach {
	if allowPrivate {
		return reach{private: true}
	}
	ip, err := netip.ParseAddr(o.Host)
	if err == nil && classify(ip) == private || isLocalhost(o.Host) {
		return reach{local: o.address()}
	}
	return reach{}
}

// isParticular reports whether the reach is made for one certificate or one
// address, so that there may be ever new ones.
func (r reach) isParticular() bool { return r.tls != tlsIdentity{} || r.local != "" }

// isLocalhost reports whether a name means this machine (RFC 6761 §6.3).
func isLocalhost(host string) bool {
	host = strings.TrimSuffix(host, ".")
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// check decides about one connection: dialed is the host and port that was
// asked for, to the address behind it.
func (r reach) check(dialed string, to netip.AddrPort) error {
	ip := to.Addr().WithZone("").Unmap()
	switch c := classify(ip); {
	case c == public, c == private && (r.private || r.local != "" && r.local == dialed && r.means(ip)):
		return nil
	default:
		return &blocked{to, c}
	}
}

// means reports whether the configured local host is this address.
func (r reach) means(ip netip.Addr) bool {
	if configured, err := netip.ParseAddrPort(r.local); err == nil {
		return configured.Addr().WithZone("").Unmap() == ip
	}
	return ip.IsLoopback()
}

func prefixes(texts ...string) []netip.Prefix {
	parsed := make([]netip.Prefix, len(texts))
	for i, s := range texts {
		parsed[i] = netip.MustParsePrefix(s)
	}
	return parsed
}

func addresses(texts ...string) map[netip.Addr]bool {
	parsed := make(map[netip.Addr]bool, len(texts))
	for _, s := range texts {
		parsed[netip.MustParseAddr(s)] = true
	}
	return parsed
}
