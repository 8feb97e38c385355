package httpcall

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"time"

	"github.com/toolsd/toolsd/schema"
)

// A tlsIdentity is who shows itself in a connection, and who is trusted at its
// other end, as PEM text. It is comparable, so that connections of unequal
// ones are never shared; the zero value shows nobody and trusts whom the
// system trusts.
type tlsIdentity struct{ certificate, key, ca string }

// tlsIdentity checks `mtls`. The zero value is what has a fault.
func (c *checker) tlsIdentity(written *schema.MTLS) tlsIdentity {
	if written == nil {
		return tlsIdentity{}
	}
	var id tlsIdentity
	known := true
	for _, part := range []struct {
		node *schema.Node
		to   *string
	}{{written.Certificate, &id.certificate}, {written.Key, &id.key}, {written.CA, &id.ca}} {
		if part.node != nil {
			var ok bool
			*part.to, ok = c.fixed(part.node)
			known = known && ok
		}
	}
	switch {
	case !known:
		return tlsIdentity{}
	case c.home.origin.Scheme == "http":
		c.report(badCertificate, written.Place, "mtls means nothing without https", "write the baseUrl with https://, or leave mtls out")
		return tlsIdentity{}
	}
	const hint = "it is PEM text, from -----BEGIN to -----END with its line breaks; a variable NAME_FILE names a file that holds it"
	if id.certificate != "" {
		pair, err := tls.X509KeyPair([]byte(id.certificate), []byte(id.key))
		if err != nil {
			c.report(badCertificate, written.Certificate.Place, "certificate and key cannot be read, or do not belong together", hint)
			return tlsIdentity{}
		}
		if fault := outOfTime(pair.Leaf); fault != "" {
			c.report(badCertificate, written.Certificate.Place, "the certificate "+fault, "renew it")
			return tlsIdentity{}
		}
	}
	if id.ca != "" {
		switch authorities, err := readAuthorities(id.ca); {
		case err != nil:
			c.report(badCertificate, written.CA.Place, "ca holds no certificate that can be read", hint)
			return tlsIdentity{}
		case len(authorities) == 1 && outOfTime(authorities[0]) != "":
			c.report(badCertificate, written.CA.Place, "the certificate of the authority "+outOfTime(authorities[0]), "renew it")
			return tlsIdentity{}
		}
	}
	return id
}

// outOfTime says what is wrong with the time of a certificate, "" when it is
// good today.
func outOfTime(c *x509.Certificate) string {
	switch now := time.Now(); {
	case now.After(c.NotAfter):
		return "ended on " + c.NotAfter.UTC().Format(time.DateOnly)
	case now.Before(c.NotBefore):
		return "begins on " + c.NotBefore.UTC().Format(time.DateOnly)
	}
	return ""
}

var errNoCertificate = errors.New("no certificate")

// readAuthorities reads all certificates of a PEM text.
func readAuthorities(text string) ([]*x509.Certificate, error) {
	var all []*x509.Certificate
	for block, rest := pem.Decode([]byte(text)); block != nil; block, rest = pem.Decode(rest) {
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	if len(all) == 0 {
		return nil, errNoCertificate
	}
	return all, nil
}

// config returns the TLS configuration of connections. What was checked is
// read again without error.
func (id tlsIdentity) config() *tls.Config {
	c := &tls.Config{MinVersion: tls.VersionTLS12}
	if id.certificate != "" {
		if pair, err := tls.X509KeyPair([]byte(id.certificate), []byte(id.key)); err == nil {
			c.Certificates = []tls.Certificate{pair}
		}
	}
	if id.ca != "" {
		c.RootCAs = x509.NewCertPool()
		c.RootCAs.AppendCertsFromPEM([]byte(id.ca))
	}
	return c
}
