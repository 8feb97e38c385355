package httpcall

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/toolsd/toolsd/schema"
)

// An authority signs certificates for tests.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	pem         string
}

func newAuthority(t *testing.T) *authority {
	a := &authority{}
	a.pem, _, a.certificate, a.key = issue(t, nil, "authority", time.Hour)
	return a
}

// issue makes a certificate of a name that ends after life, and its key, as
// PEM and as they are; without an authority it signs itself.
func issue(t *testing.T, by *authority, name string, life time.Duration) (certificate, key string, leaf *x509.Certificate, private *ecdsa.PrivateKey) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-2 * time.Hour), NotAfter: time.Now().Add(life),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, BasicConstraintsValid: true, IsCA: by == nil,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth},
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	parent, signer := template, private
	if by != nil {
		parent, signer = by.certificate, by.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &private.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	if leaf, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	certificate = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	key = string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}))
	return certificate, key, leaf, private
}

// serveTLS starts a server of an authority that says who its client is; it asks
// for a certificate, and requires one when it is strict.
func serveTLS(t *testing.T, a *authority, strict bool) string {
	t.Helper()
	certificate, key, _, _ := issue(t, a, "server", time.Hour)
	pair, err := tls.X509KeyPair([]byte(certificate), []byte(key))
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who := "nobody"
		if certificates := r.TLS.PeerCertificates; len(certificates) > 0 {
			who = certificates[0].Subject.CommonName
		}
		if r.URL.Path == "/away" {
			w.Header().Set("Location", r.URL.Query().Get("to"))
			w.WriteHeader(http.StatusFound)
		}
		_, _ = io.WriteString(w, who)
	}))
	pool := x509.NewCertPool()
	pool.AddCert(a.certificate)
	s.TLS = &tls.Config{Certificates: []tls.Certificate{pair}, ClientCAs: pool, ClientAuth: tls.VerifyClientCertIfGiven}
	if strict {
		s.TLS.ClientAuth = tls.RequireAndVerifyClientCert
	}
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // which handshakes fail is the matter of the test
	s.StartTLS()
	t.Cleanup(s.Close)
	return s.URL
}

const mutual = "mtls: {certificate: '${env.CERT}', key: '${env.KEY}', ca: '${env.CA}'}\n"

func TestMutualTLS(t *testing.T) {
	a := newAuthority(t)
	strict, lax := serveTLS(t, a, true), serveTLS(t, a, false)
	person := func(name string) environ {
		certificate, key, _, _ := issue(t, a, name, time.Hour)
		return environ{"CERT": certificate, "KEY": key, "CA": a.pem}
	}
	ann, bob := person("ann"), person("bob")
	const unreachable = "api could not be reached; try again later"
	c := newClient(t, ClientOptions{}) // one for all, so that connections could be shared
	for _, tt := range []struct {
		name, base, settings string
		http                 string
		env                  environ
		body, message        string
	}{
		{name: "certificate", base: strict, settings: mutual, env: ann, body: "ann"},
		{name: "another certificate", base: strict, settings: mutual, env: bob, body: "bob"},
		{name: "the first again", base: strict, settings: mutual, env: ann, body: "ann"},
		{name: "authority alone", base: strict, settings: "mtls: {ca: '${env.CA}'}\n", env: ann, message: unreachable},
		{name: "authority alone suffices", base: lax, settings: "mtls: {ca: '${env.CA}'}\n", env: ann, body: "nobody"},
		{name: "unknown authority", base: lax, settings: "", message: unreachable},
		{name: "another authority", base: lax, settings: "mtls: {ca: '${env.CA}'}\n", env: environ{"CA": newAuthority(t).pem}, message: unreachable},
		{name: "redirected away", base: strict, settings: mutual + "redirects: any\nallowPrivate: true\n", env: ann,
			http: "path: /away\nquery: {to: '" + strict + "/'}", body: "ann"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			http := tt.http
			if http == "" {
				http = "path: /"
			}
			p := build(t, tool(tt.base, tt.settings+"retry: {attempts: 1}\n", http), tt.env)
			response, err := p.Run(t.Context(), c, inputs(nil))
			if tt.message != "" {
				if got := failure(t, err, "PRIVATE"); got != tt.message {
					t.Errorf("message = %q, want %q", got, tt.message)
				}
			} else if err != nil || response["body"] != tt.body {
				t.Errorf("body = %v, %v, want %q", response["body"], err, tt.body)
			}
		})
	}
	// A redirect to another origin is not shown the certificate.
	p := build(t, tool(strict, mutual+"redirects: any\nallowPrivate: true\n", "path: /away\nquery: {to: '"+lax+"/'}"), ann)
	if _, err := p.Run(t.Context(), c, inputs(nil)); err == nil {
		t.Error("another origin is trusted by the upstream's authority")
	}
}

func TestCertificatesOutOfDate(t *testing.T) {
	a := newAuthority(t)
	certificate, key, _, _ := issue(t, a, "ann", -time.Hour)
	_, otherKey, _, _ := issue(t, a, "ann", time.Hour)
	for _, tt := range []struct {
		name, key, want string
	}{
		{"ended", key, "the certificate ended on "},
		{"of another", otherKey, "certificate and key cannot be read, or do not belong together"},
	} {
		found := check(t, tool("https://example.com", mutual, "path: /"), environ{"CERT": certificate, "KEY": tt.key, "CA": a.pem}).found
		if !schema.HasErrors(found) || !strings.HasPrefix(found[0].Message, tt.want) || found[0].Code != "bad-certificate" {
			t.Errorf("%s: %+v", tt.name, found)
		}
	}
}

// The token endpoint on the upstream's own origin is reached as the upstream
// is.
func TestTokenOverMutualTLS(t *testing.T) {
	p := build(t, tool("https://example.com", mutual+oauth2("https://example.com/token", ""), "path: /"), withAuthority(t))
	if got := p.auth.proof.(bearer).from.(*grant).reach; got != p.reach || got.tls.certificate == "" {
		t.Error("the endpoint is not shown the certificate")
	}
	p = build(t, tool("https://example.com", mutual+oauth2("https://login.example.com/token", ""), "path: /"), withAuthority(t))
	if got := p.auth.proof.(bearer).from.(*grant).reach; got != (reach{}) {
		t.Error("the endpoint elsewhere is shown the certificate")
	}
}

func withAuthority(t *testing.T) environ {
	a := newAuthority(t)
	certificate, key, _, _ := issue(t, a, "ann", time.Hour)
	return environ{"CERT": certificate, "KEY": key, "CA": a.pem, "ID": "id", "SECRET": "secret"}
}
