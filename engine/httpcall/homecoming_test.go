package httpcall

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// Whoever a call was redirected to may send it back, to a path of its choice:
// it comes there without what proves who it is from.
func TestNoProofAfterAReturn(t *testing.T) {
	service := giveTokens(t, nil)
	var shown []string
	var elsewhere *httptest.Server
	home := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		shown = append(shown, r.URL.Path+" "+r.Header.Get("Authorization"))
		if r.URL.Path == "/a" {
			http.Redirect(w, r, elsewhere.URL, http.StatusFound)
		}
	}))
	defer home.Close()
	elsewhere = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, home.URL+"/chosen", http.StatusFound)
	}))
	defer elsewhere.Close()
	const settings = "redirects: any\nallowPrivate: true\n"
	const sigV4 = "auth: {awsSigV4: {region: r, service: s, accessKeyId: '${env.ID}', secretAccessKey: '${env.SECRET}'}}\n"
	for name, auth := range map[string]string{"oauth2": oauth2(service.URL, ""), "awsSigV4": sigV4, "bearer": "auth: {bearer: '${env.SECRET}'}\n"} {
		shown = nil
		if _, err := call(t, build(t, tool(home.URL, settings+auth, "path: /a"), oauthSecrets), nil); err != nil {
			t.Fatal(err)
		}
		if len(shown) != 2 || shown[0] == "/a " || shown[1] != "/chosen " {
			t.Errorf("%s: home was shown %q", name, shown)
		}
	}
}

// The same holds for the certificate of the connection.
func TestNoCertificateAfterAReturn(t *testing.T) {
	a := newAuthority(t)
	base := serveTLS(t, a, true)
	certificate, key, _, _ := issue(t, a, "ann", time.Hour)
	p := build(t, tool(base, mutual, "path: /"), environ{"CERT": certificate, "KEY": key, "CA": a.pem})
	x := &exchange{Program: p, request: &request{}}
	try := &attempt{client: newClient(t, ClientOptions{}), reach: p.reach, redirects: redirectAny, course: &tries{call: x}}
	r, err := http.NewRequest(http.MethodGet, base, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := try.reachOf(r); got.tls.certificate == "" {
		t.Error("home is not shown the certificate")
	}
	other := *r.URL
	other.Host = "example.com"
	away, err := try.next(r, p.address.base.origin, &other)
	if err != nil {
		t.Fatal(err)
	}
	back := *r.URL
	again, err := try.next(away, Origin{"https", "example.com", "443"}, &back)
	if err != nil {
		t.Fatal(err)
	}
	if got := try.reachOf(again); got.tls != (tlsIdentity{}) {
		t.Error("home is shown the certificate at a path that another chose")
	}
}
