package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// leaky is a service that repeats what it was sent wherever it can.
func leaky(t *testing.T) *httptest.Server {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var all strings.Builder
		_ = r.Write(&all)
		sent, _ := json.Marshal(map[string]string{"message": all.String(), "key": r.Header.Get("Authorization")})
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Echo", r.Header.Get("Authorization"))
		switch {
		case strings.HasSuffix(r.URL.Path, "/refuse"):
			w.WriteHeader(http.StatusBadRequest)
		case strings.HasSuffix(r.URL.Path, "/redirect"):
			w.Header().Set("Location", "http://other.example/?k="+url.QueryEscape(r.Header.Get("Authorization")))
			w.WriteHeader(http.StatusFound)
		case strings.HasSuffix(r.URL.Path, "/break"):
			sent = sent[:len(sent)-1]
		case strings.HasSuffix(r.URL.Path, "/token"):
			sent = []byte(`{"access_token": "planted-access-token", "expires_in": 3600}`)
		case strings.HasSuffix(r.URL.Path, "/no-token"):
			w.WriteHeader(http.StatusBadRequest)
			form, _ := io.ReadAll(r.Body)
			all.Write(form)
			sent, _ = json.Marshal(map[string]string{"error": "invalid_client", "error_description": all.String()})
		case strings.HasSuffix(r.URL.Path, "/hang-up"):
			panic(http.ErrAbortHandler)
		case strings.HasSuffix(r.URL.Path, "/spelt"): // as other languages spell what they quote
			w.Header().Set("Content-Type", "text/plain")
			said := r.Header.Get("Authorization")
			key := strings.TrimPrefix(said, "Bearer ")
			sent = fmt.Appendf(nil, "%s %s %s %s", strings.ReplaceAll(said, "/", `\/`), dotNet.Replace(said),
				base64.RawURLEncoding.EncodeToString([]byte(key)), base64.RawStdEncoding.EncodeToString([]byte(key)))
		case strings.HasSuffix(r.URL.Path, "/key"):
			sent, _ = json.Marshal(map[string]string{"got": r.Header.Get("Authorization")})
		}
		_, _ = w.Write(sent)
	}))
	t.Cleanup(s.Close)
	return s
}

// dotNet escapes what System.Text.Json escapes in strings.
var dotNet = strings.NewReplacer(`"`, `\u0022`, "&", `\u0026`, "'", `\u0027`, "+", `\u002B`, "<", `\u003C`, ">", `\u003E`)

const leakyTools = `upstream: leaky
baseUrl: ${env.BASE}
auth: {bearer: '${env.TOKEN}'}
headers: {X-One: '${env.HEADER}', X-Two: '${base64("user:" + env.HEADER)}'}
query: {q: '${env.QUERY}'}
retry: {minWait: 1ms, maxWait: 1ms}
---
upstream: nowhere
baseUrl: ${env.NOWHERE}
auth: {query: {name: key, value: '${env.TOKEN}'}}
retry: {minWait: 1ms, maxWait: 1ms}
---
upstream: keeper
baseUrl: ${env.BASE}
auth: {oauth2: {tokenUrl: '${env.BASE}/token', clientId: id, clientSecret: '${env.SECRET}'}}
cache: {ttl: 1h}
---
upstream: broken
baseUrl: ${env.TOKEN}
---
upstream: machine
baseUrl: ${env.BASE}
auth: {oauth2: {tokenUrl: '${env.BASE}/token', clientId: id, clientSecret: '${env.SECRET}'}}
---
upstream: stranger
baseUrl: ${env.BASE}
auth: {oauth2: {tokenUrl: '${env.BASE}/no-token', clientId: id, clientSecret: '${env.SECRET}', clientAuth: body}}
---
upstream: person
baseUrl: ${env.BASE}
auth: {onBehalfOf: {tokenUrl: '${env.BASE}/token', clientId: id, clientSecret: '${env.SECRET}'}}
---
upstream: nobody
baseUrl: ${env.BASE}
auth: {onBehalfOf: {tokenUrl: '${env.BASE}/no-token', clientId: id, clientSecret: '${env.SECRET}', flow: entra}}
---
upstream: signed
baseUrl: ${env.BASE}
auth: {awsSigV4: {region: a, service: b, accessKeyId: c, secretAccessKey: '${env.SECRET}', sessionToken: '${env.SESSION}'}}
---
upstream: shown
baseUrl: https://127.0.0.1:1
mtls: {certificate: '${env.SECRET}', key: '${env.SECRET}'}
`

// leakyTool is a tool that sends every secret there is to a path.
func leakyTool(upstream, name, path, more string) string {
	return fmt.Sprintf(`---
tool: %s_%s
description: Send all secrets to a service that repeats them.
inputSchema: {type: object, properties: {a: {type: string, description: Anything}}, additionalProperties: false}
http:
  upstream: %s
  path: /${env.PATH_PART}/%s
  %s
`, upstream, name, upstream, path, more)
}

// leakySteps is a tool whose steps tell of each other what a service repeats.
const leakySteps = `---
tool: leaky_steps
description: Send all secrets to a service that repeats them, and tell of it.
inputSchema: {type: object, properties: {a: {type: string, description: Anything}}, additionalProperties: false}
steps:
  - id: first
    http: {upstream: leaky, path: /key}
  - log: {level: warning, message: "It said ${toJSON(steps.first)}"}
  - progress: {message: "It said ${toJSON(steps.first.headers)}"}
  - id: second
    tool: machine_key
    input: {a: "${toJSON(steps.first)}"}
  - id: third
    optional: true
    http: {upstream: leaky, path: /refuse}
result: ["${steps.second}", "${failed.third}"]
`

// No secret is in anything that a command, a server, its log or a model's
// answer says: not one of the environment in what is shown of requests and
// failures, and not a credential in any result.
func TestSecretsStayInside(t *testing.T) {
	service := leaky(t)
	env := map[string]string{
		"BASE":      service.URL + "/planted-base",
		"NOWHERE":   "http://127.0.0.1:1/planted-nowhere",
		"TOKEN":     `planted"token<&>+/='x`,
		"HEADER":    `planted"header<&> x`,
		"QUERY":     "planted query&'x",
		"PATH_PART": `planted/path"x`,
		"BODY":      `planted"body<&>\'x`,
		"SESSION":   "planted session",

		"SECRET_FILE": filepath.Join(t.TempDir(), "secret"),
	}
	write(t, env["SECRET_FILE"], "planted \"secret\" of a file\n")
	tools := leakyTools +
		leakyTool("leaky", "key", "key", "") +
		leakyTool("leaky", "refuse", "refuse", "method: POST\n  json: {b: '${env.BODY}', c: '${base64(env.BODY)}'}") +
		leakyTool("leaky", "rule", "refuse", "method: PUT") + "errors: [{when: response.status == 400, message: 'It said ${response.body.message}'}]\n" +
		leakyTool("leaky", "redirect", "redirect", "") +
		leakyTool("leaky", "break", "break", "method: POST\n  form: {b: '${upper(env.BODY)}', c: '${odata(env.BODY)}'}") +
		leakyTool("leaky", "hang_up", "hang-up", "method: POST\n  text: '${xml(env.BODY)}'\n  headers: {Content-Type: text/xml}") +
		leakyTool("leaky", "misfit", "misfit", "response: {schema: {type: object, properties: {key: {type: integer}, message: {type: integer}}}}") +
		leakyTool("leaky", "spelt", "spelt", "") +
		leakyTool("keeper", "key", "key", "") +
		leakyTool("keeper", "spelt", "spelt", "") +
		leakyTool("nowhere", "x", "x", "") + leakySteps
	for _, upstream := range []string{"machine", "stranger", "person", "nobody", "signed"} {
		tools += leakyTool(upstream, "key", "key", "") + leakyTool(upstream, "refuse", "refuse", "") + leakyTool(upstream, "break", "break", "method: POST\n  form: {a: b}")
	}
	names := regexp.MustCompile(`(?m)^tool: (\S+)`).FindAllStringSubmatch(tools, -1)

	told := map[string]string{} // what was said, by who said it
	dir := t.TempDir()
	write(t, filepath.Join(dir, "leaky.yaml"), tools)
	command := func(args ...string) {
		var out bytes.Buffer
		w := &world{stdin: strings.NewReader(""), stdout: &out, stderr: &out, getenv: func(name string) (string, bool) {
			v, ok := env[name]
			return v, ok
		}}
		run(t.Context(), w, append(args, "--tools", dir))
		told[strings.Join(args, " ")] = out.String()
	}
	command("check")
	command("check", "--format", "json")
	command("check", "--format", "github")
	command("check", "--format", "sarif")
	command("list")
	command("list", "--json")
	for _, name := range names {
		command("call", name[1])
		command("call", name[1], "--explain")
		command("call", name[1], "--dry-run")
		command("call", name[1], "--explain", "--caller", `{"id": "ann", "token": "planted-caller"}`)
	}

	tested := strings.ReplaceAll(tools, "---\ntool: ", "---\ntests:\n  - name: one\n    input: {}\ntool: ")
	write(t, filepath.Join(dir, "leaky.yaml"), tested)
	command("test", "--record", "--run", ".")
	recorded, err := os.ReadFile(filepath.Join(dir, "leaky.yaml"))
	if err != nil || string(recorded) == tested {
		t.Errorf("nothing was recorded: %v: %s", err, told["test --record --run ."])
	}
	told["recorded"] = string(recorded)
	for _, format := range []string{"text", "json", "junit"} {
		command("test", "--format", format)
	}

	r := start(t, env)
	write(t, filepath.Join(r.dir, "leaky.yaml"), tools)
	r.stderr.await(t, `reloaded: `+fmt.Sprint(len(names))+` added`)
	for i, name := range append(names, names...) { // again: answers were kept
		body := strings.ReplaceAll(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"NAME","arguments":{}}}`, "NAME", name[1])
		who := "tools/call " + name[1]
		if i >= len(names) {
			who += " again"
		}
		_, told[who] = ask(t, "POST", r.url+"/mcp", body)
		if !strings.Contains(told[who], `"content"`) {
			t.Errorf("%s: %s", who, told[who])
		}
	}
	_, told["tools/list"] = ask(t, "POST", r.url+"/mcp", `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`)
	write(t, filepath.Join(r.dir, "leaky.yaml"), strings.ReplaceAll(tools, "env.HEADER", "env.HEADRE"))
	r.stderr.await(t, `env-missing`)
	_, told["/status"] = ask(t, "GET", r.url+"/status", "")
	_, told["/healthz"] = ask(t, "GET", r.url+"/healthz", "")
	told["log"] = r.stderr.String()

	secret := regexp.MustCompile(`(?i)planted|cGxhbnRlZ|BsYW50ZW|wbGFudGVk`) // and in base64
	for who, text := range told {
		if at := secret.FindStringIndex(text); at != nil {
			t.Errorf("%s: %s", who, text[max(0, at[0]-200):min(len(text), at[1]+100)])
		}
	}
	for _, who := range []string{"tools/call leaky_key", "tools/call machine_key", "tools/call keeper_key", "tools/call keeper_key again", "tools/call leaky_spelt", "tools/call leaky_steps", "recorded", `call person_key --explain --caller {"id": "ann", "token": "planted-caller"}`} {
		if got := told[who]; !strings.Contains(got, "***") {
			t.Errorf("%s: the service was not asked, or did not answer: %s", who, got)
		}
	}
}
