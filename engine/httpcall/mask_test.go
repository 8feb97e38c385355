package httpcall

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/toolsd/toolsd/engine/expression"
)

// planted has a character for each way of quoting in it.
const planted = `PLANTED"\'<&>+/ z`

// Whatever an author makes of a variable, what is shown of the request holds
// nothing of it.
func TestSecretsInWhatIsShown(t *testing.T) {
	for name, http := range map[string]string{
		"path":             "path: /a/${env.KEY}/b",
		"query":            "query: {k: '${env.KEY}', deep: {er: '${env.KEY}'}}",
		"made of it":       "query: {k: '${upper(env.KEY)}', l: '${truncate(env.KEY, 7)}'}",
		"header":           "headers: {X-K: 'Token ${env.KEY}'}",
		"header in base64": "headers: {X-K: 'Basic ${base64(\"user:\" + env.KEY)}'}",
		"json":             "json: {k: '${env.KEY}', l: 'a${env.KEY}', m: '${base64(env.KEY)}'}",
		"form":             "form: {k: '${env.KEY}', l: '${upper(env.KEY)}', o: '${odata(env.KEY)}'}",
		"text":             "text: 'k=${env.KEY}'",
		"xml":              "text: '<a>${xml(env.KEY)}</a>'\nheaders: {Content-Type: application/xml}",
		"quoted":           "text: '[${json(env.KEY)}]'\nheaders: {Content-Type: application/json}",
	} {
		var seen notes
		p := build(t, tool("http://api.example.com", "", http), environ{"KEY": planted})
		_, _ = p.Run(DryRun(WithObserver(context.Background(), &seen)), newClient(t, ClientOptions{}), inputs(nil))
		shown := seen.String()
		if !strings.Contains(shown, masked) {
			t.Errorf("%s: nothing is masked: %s", name, shown)
		}
		for _, part := range []string{"PLANTED", "UExBTlRFR", "OlBMQU5URU"} {
			if strings.Contains(shown, part) {
				t.Errorf("%s: %s is shown: %s", name, part, shown)
			}
		}
	}
}

// An answer that repeats the credential of its request is not passed on as it
// is, nor is any other secret part of a failure.
func TestSecretsInAnswers(t *testing.T) {
	quoted, err := json.Marshal(planted)
	if err != nil {
		t.Fatal(err)
	}
	token := string(quoted[1 : len(quoted)-1])
	answers := map[string]string{
		"text":    `"got ` + token + `"`,
		"nested":  `{"list": [{"` + token + `": "Bearer ` + token + `"}]}`,
		"escaped": `"?key=` + url.QueryEscape(planted) + `"`,
	}
	for name, body := range answers {
		server := record(t, replyJSON(200, body, "X-Echo: "+planted))
		p := build(t, tool(server.base(), "auth: {bearer: '${env.KEY}'}", "path: /"), environ{"KEY": planted})
		response, err := call(t, p, nil)
		if got := fmt.Sprint(response); err != nil || strings.Contains(got, "PLANTED") || strings.Count(got, masked) < 2 {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}

	server := record(t, replyJSON(200, `{"n": 12345678, "s": "pass"}`))
	response, err := call(t, build(t, tool(server.base(), "auth: {basic: {username: u, password: pass}}", "path: /"), nil), nil)
	if got := fmt.Sprint(response["body"]); err != nil || got != "map[n:12345678 s:pass]" {
		t.Errorf("an answer that repeats nothing became %s, %v", got, err)
	}
}

func TestSecretsInFailures(t *testing.T) {
	const env = "headers: {X-K: '${env.KEY}'}"
	for name, tt := range map[string]struct{ base, upstream, more, body string }{
		"message":        {upstream: env, body: `{"message": "no ` + url.PathEscape(planted) + `"}`},
		"rule":           {upstream: env, more: "errors:\n  - {when: response.status == 400, message: 'said ${response.body.message}'}\n", body: `{"message": "PLANTED"}`},
		"base64 header":  {upstream: "headers: {X-K: '${base64(\"u:\" + env.KEY)}'}", more: "errors:\n  - {when: response.status == 400, message: 'said ${response.body.message}'}\n", body: `{"message": "dTpQTEFOVEVE"}`},
		"path of a base": {base: "/bot${env.KEY}", body: `{"message": "no /botPLANTED/x here"}`},
		"whole base":     {base: "/hook/${env.KEY}/x", body: `{"message": "no /hook/PLANTED/x"}`},
	} {
		server := record(t, replyJSON(400, tt.body))
		p := build(t, tool(server.base()+tt.base, tt.upstream, "path: /")+tt.more, environ{"KEY": "PLANTED"})
		_, err := call(t, p, nil)
		if got := failure(t, err, "PLANTED", "UExBTlRFR", "dTpQTEFO"); !strings.Contains(got, masked) {
			t.Errorf("%s: %s", name, got)
		}
	}

	server := record(t, replyJSON(200, `"`+strings.Repeat("x", 70)+`PLANTED-and-more-of-it"`))
	p := build(t, tool(server.base(), env, "response: {schema: {type: integer}}"), environ{"KEY": "PLANTED-and-more-of-it"})
	_, err := call(t, p, nil)
	f, ok := errors.AsType[*expression.Failure](err)
	if !ok {
		t.Fatalf("err = %v, want a failure", err)
	}
	if cause := f.Cause.Error(); !strings.Contains(cause, "expected an integer") || strings.Contains(cause, "PLANTED") {
		t.Errorf("the log says %s", cause)
	}
}
