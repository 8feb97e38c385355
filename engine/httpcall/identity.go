package httpcall

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/toolsd/toolsd/schema"
)

// IdentityTokens gives out tokens of the identity that the platform runs
// this process under, for a resource such as https://vault.azure.net. clientID
// names one of several identities; "" is that of the system.
type IdentityTokens func(ctx context.Context, resource, clientID string) (token string, expires time.Time, err error)

// An identity is a checked `managedIdentity`.
type identity struct {
	resource string
	clientID string
	home     Origin // where its tokens go
}

// identity checks whose token is asked for, and that it may go where the call
// goes; nil when something is missing or has a fault.
func (c *checker) identity(written *schema.ManagedIdentity) *identity {
	id := &identity{home: c.home.origin}
	var known bool
	if id.resource, known = c.fixed(written.Resource); !known {
		return nil
	}
	if written.ClientID != nil {
		if id.clientID, known = c.fixed(written.ClientID); !known {
			return nil
		}
	}
	if f := c.home.identities; f != nil && c.home.origin != (Origin{}) && !f.allows(id.resource, id.home) {
		c.report(identityNotAllowed, written.Resource.Place, "a token for this resource may not be sent to the host of this call",
			"write the resource that the host belongs to, or have the operator allow this one: TOOLSD_IDENTITY_ALLOW=RESOURCE=HOST")
		return nil
	}
	return id
}

var (
	errNoIdentity     = errors.New("this process has no identity")
	errIdentityFenced = errors.New("a token of the identity for this resource may not be sent to this host; TOOLSD_IDENTITY_ALLOW allows it")
)

// identityKey is what makes a token of the identity.
type identityKey struct{ resource, clientID string }

// ask implements tokenSource. The fence is that of the client, whatever was
// known of it when the call was checked.
func (id *identity) ask(_ context.Context, c *Client) (key any, fetch fetcher, err error) {
	if !c.identities.allows(id.resource, id.home) {
		return nil, nil, &fenced{id.home.Host, errIdentityFenced}
	}
	return identityKey{id.resource, id.clientID}, func(ctx context.Context) (fetched, error) {
		if c.identityTokens == nil {
			return fetched{}, &tokenFault{cause: errNoIdentity}
		}
		token, expires, err := c.identityTokens(ctx, id.resource, id.clientID)
		if err != nil {
			return fetched{}, &tokenFault{cause: err}
		}
		if token == "" || hasControl(token) {
			return fetched{}, &tokenFault{cause: errors.New("the identity endpoint gave no token that can be sent")}
		}
		return fetched{token, min(time.Until(expires), longestLife)}, nil
	}, nil
}

// An IdentityFence says to which hosts tokens of the platform's identity may
// go, by the resource that they are for. The zero fence lets each go to the
// hosts that belong to its resource.
type IdentityFence struct {
	hosts map[string][]string // by resource; nil is the zero fence
}

// ParseIdentityFence reads a fence as an operator writes it:
// "RESOURCE=HOST HOST;RESOURCE=HOST", where a host is a name, or
// "*.example.com" for all names below one. Only what it lists is allowed;
// with an error, nothing.
func ParseIdentityFence(text string) (IdentityFence, error) {
	f := IdentityFence{hosts: map[string][]string{}}
	for rule := range strings.SplitSeq(text, ";") {
		if rule = strings.TrimSpace(rule); rule == "" {
			continue
		}
		resource, hosts, ok := strings.Cut(rule, "=")
		names := strings.Fields(strings.ToLower(hosts))
		if !ok || strings.TrimSpace(resource) == "" || len(names) == 0 {
			return IdentityFence{hosts: map[string][]string{}}, fmt.Errorf("%q is not RESOURCE=HOST", rule)
		}
		key := plainResource(resource)
		f.hosts[key] = append(f.hosts[key], names...)
	}
	return f, nil
}

// allows reports whether a token for a resource may go to an origin. It goes
// over https, or to this machine.
func (f IdentityFence) allows(resource string, to Origin) bool {
	if to.Scheme != "https" && !isThisMachine(to.Host) {
		return false
	}
	resource = plainResource(resource)
	hosts := f.hosts[resource]
	if f.hosts == nil {
		hosts = resourceHosts[resource]
		if u, err := url.Parse(resource); err == nil && u.Hostname() != "" && u.Hostname() == to.Host {
			return true
		}
	}
	for _, pattern := range hosts {
		if matchesHost(pattern, to.Host) {
			return true
		}
	}
	return false
}

func isThisMachine(host string) bool {
	ip, err := netip.ParseAddr(host)
	return isLocalhost(host) || err == nil && ip.IsLoopback()
}

// plainResource writes the spellings of a resource in one way.
func plainResource(resource string) string {
	resource = strings.ToLower(strings.TrimSpace(resource))
	return strings.TrimRight(strings.TrimSuffix(resource, "/.default"), "/")
}

// resourceHosts are the hosts that belong to well-known resources of Azure,
// beside the resource's own. What passes requests on to others, such as a
// relay under *.servicebus.windows.net, does not stand here: it would hand the
// token to whoever listens there.
var resourceHosts = map[string][]string{
	"https://vault.azure.net":             {"*.vault.azure.net"},
	"https://managedhsm.azure.net":        {"*.managedhsm.azure.net"},
	"https://storage.azure.com":           {"*.blob.core.windows.net", "*.queue.core.windows.net", "*.table.core.windows.net", "*.file.core.windows.net", "*.dfs.core.windows.net"},
	"https://management.core.windows.net": {"management.azure.com"},
	"https://cognitiveservices.azure.com": {"*.cognitiveservices.azure.com", "*.openai.azure.com", "*.services.ai.azure.com"},
	"https://ai.azure.com":                {"*.services.ai.azure.com"},
	"https://search.azure.com":            {"*.search.windows.net"},
	"https://cosmos.azure.com":            {"*.documents.azure.com"},
	"https://azconfig.io":                 {"*.azconfig.io"},
	"https://eventgrid.azure.net":         {"*.eventgrid.azure.net"},
	"https://monitor.azure.com":           {"*.ingest.monitor.azure.com", "*.prometheus.monitor.azure.com"},
	"https://digitaltwins.azure.net":      {"*.digitaltwins.azure.net"},
	"https://communication.azure.com":     {"*.communication.azure.com"},
	"https://webpubsub.azure.com":         {"*.webpubsub.azure.com"},
	"https://dev.azuresynapse.net":        {"*.dev.azuresynapse.net"},
	"https://batch.core.windows.net":      {"*.batch.azure.com"},
}
