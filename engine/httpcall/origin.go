package httpcall

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode"
)

// An Origin is where a URL leads: scheme, host and port (RFC 6454), in one
// form for each, so that origins compare with ==.
type Origin struct {
	Scheme string // "http" or "https"
	Host   string // lower case, without brackets
	Port   string // never empty
}

// Errors of URLs as their author, or whoever gave the value of one, reads them.
var (
	errNotURL   = errors.New("is not a URL")
	errScheme   = errors.New("must begin with http:// or https://")
	errNoHost   = errors.New("has no host")
	errUserInfo = errors.New("must not hold a user or a password")
	errPort     = errors.New("has a port that is not a number from 1 to 65535")
	errForeign  = errors.New("has a host with letters beyond ASCII, which goes as xn--…")
	errNumber   = errors.New("has a number as its host that is no IP address as it is usually written")
)

// originOf returns the origin of an absolute URL.
func originOf(u *url.URL) (Origin, error) {
	scheme := strings.ToLower(u.Scheme)
	switch {
	case scheme != "http" && scheme != "https" || u.Opaque != "":
		return Origin{}, errScheme
	case u.User != nil:
		return Origin{}, errUserInfo
	case u.Hostname() == "":
		return Origin{}, errNoHost
	}
	o := Origin{Scheme: scheme, Host: strings.ToLower(u.Hostname()), Port: u.Port()}
	switch ip, err := netip.ParseAddr(o.Host); {
	case err == nil:
		o.Host = ip.String()
	case strings.ContainsFunc(o.Host, func(r rune) bool { return r > unicode.MaxASCII }):
		return Origin{}, errForeign // it would be dialed as another text than the one compared
	case endsInNumber(o.Host):
		return Origin{}, errNumber
	}
	if o.Port == "" {
		o.Port = map[string]string{"http": "80", "https": "443"}[scheme]
	}
	port, err := strconv.ParseUint(o.Port, 10, 16)
	if err != nil || port == 0 {
		return Origin{}, errPort
	}
	o.Port = strconv.FormatUint(port, 10)
	return o, nil
}

// endsInNumber reports whether some resolvers read a host as an IPv4 address
// in an unusual form, such as 127.1, 0x7f000001 or 2130706433 (the "ends in a
// number" of the URL standard, §3.5). A name of the DNS never does.
func endsInNumber(host string) bool {
	host = strings.TrimSuffix(host, ".")
	last := host[strings.LastIndexByte(host, '.')+1:]
	digits, isHex := strings.CutPrefix(last, "0x")
	if isHex {
		return strings.Trim(digits, "0123456789abcdef") == ""
	}
	return last != "" && strings.Trim(last, "0123456789") == ""
}

// address is what is dialed: host and port.
func (o Origin) address() string { return net.JoinHostPort(o.Host, o.Port) }

// String returns the origin as the beginning of a URL, a default port left out.
func (o Origin) String() string {
	if o.Scheme == "http" && o.Port == "80" || o.Scheme == "https" && o.Port == "443" {
		if strings.Contains(o.Host, ":") {
			return o.Scheme + "://[" + o.Host + "]"
		}
		return o.Scheme + "://" + o.Host
	}
	return o.Scheme + "://" + o.address()
}

// A base is a parsed baseUrl. The zero base is one that is not known, since
// the environment lacks it and whoever checks allows that.
type base struct {
	origin Origin
	path   string // as written, encoded; "" or beginning with "/"
}

func (b base) known() bool { return b.origin != Origin{} }

// prefix is what stands before a path that begins with "/".
func (b base) prefix() string { return strings.TrimSuffix(b.path, "/") }

// parseBase reads a baseUrl.
func parseBase(text string) (base, error) {
	u, err := url.Parse(text)
	if err != nil {
		return base{}, errNotURL
	}
	o, err := originOf(u)
	if err != nil {
		return base{}, err
	}
	if u.RawQuery != "" || u.ForceQuery {
		return base{}, errors.New("must not hold a query, which goes under the key query")
	}
	if strings.Contains(text, "#") {
		return base{}, errors.New("must not hold a fragment")
	}
	if isDotted(unescape(u.EscapedPath())) {
		return base{}, errors.New("must not hold . or .. as a step of its path")
	}
	return base{origin: o, path: encodePathText(u.EscapedPath())}, nil
}
