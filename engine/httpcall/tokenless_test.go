package httpcall

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A kept answer stands in where no token can be fetched for a newer one, for
// the caller whose answer it is and for as long as staleIfError allows.
func TestKeptAnswersWithoutATokenService(t *testing.T) {
	for name, auth := range map[string]string{"oauth2": oauth, "onBehalfOf": onBehalf} {
		t.Run(name, func(t *testing.T) {
			p := build(t, tool("http://127.0.0.1", auth+"retry: {attempts: 1}\ncache: {ttl: 1m, staleIfError: 5h}", "path: /a"), environ{"ID": "id", "SECRET": "planted-secret"})
			synctest.Test(t, func(t *testing.T) {
				s := serveSignedIn()
				c := s.client(ClientOptions{})
				ask := func(who string) outcome { return run(WithCallerToken(t.Context(), who), p, c, nil) }
				if o := ask("ann"); o.said != "" {
					t.Fatal(o.said)
				}
				s.tokensFail = true
				time.Sleep(2 * time.Hour) // the token has ended too
				if o := ask("ann"); o.said != "" || s.answers != 1 {
					t.Errorf("%+v after %d answers", o, s.answers)
				}
				if o := ask("bob"); auth == onBehalf && !strings.HasPrefix(o.said, "no access token for api") {
					t.Errorf("another caller: %+v", o)
				}
				time.Sleep(4 * time.Hour)
				if o := ask("ann"); !strings.HasPrefix(o.said, "no access token for api") {
					t.Errorf("too late: %+v", o)
				}
				s.stop(t, c)
			})
		})
	}
}
