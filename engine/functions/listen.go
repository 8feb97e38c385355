package functions

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
)

// Loopback reports whether an address, as net.Listen takes it, can be reached
// from this machine only. Of names, only localhost is: what others resolve to
// may change.
func Loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// CheckListen refuses to offer tools to a network by oversight. On loopback
// everything goes. Elsewhere a level that asks for a key needs one to be set
// that reaches it, and anonymous needs to be allowed in so many words. The
// error says what to set.
func CheckListen(addr string, level Level, haveKeys, allowAnonymous bool) error {
	switch {
	case Loopback(addr):
		return nil
	case level == Anonymous && !allowAnonymous:
		return fmt.Errorf("refusing to listen on %s: the level is anonymous, so everyone there could call the tools; pass --allow-anonymous if that is wanted, or ask for a key: DefaultAuthorizationLevel \"function\" in host.json and TOOLSD_KEYS=name=key", addr)
	case level == Function && !haveKeys:
		return fmt.Errorf("refusing to listen on %s: the level is function and there is no key; set TOOLSD_KEYS=name=key or TOOLSD_KEYS=@file, or listen on 127.0.0.1", addr)
	case level == Admin && !haveKeys:
		return fmt.Errorf("refusing to listen on %s: the level is admin and there is no master key; set TOOLSD_KEYS=%s=key or TOOLSD_KEYS=@file, or listen on 127.0.0.1", addr, masterKey)
	}
	return nil
}
