package functions

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// folder makes a folder with one file in it, or an empty one.
func folder(t *testing.T, name, content string) string {
	t.Helper()
	dir := t.TempDir()
	if content != "" {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// handlerHTTP wraps the http part of a custom handler into a host.json.
func handlerHTTP(part string) string {
	return `{"version": "2.0", "customHandler": {"http": ` + part + `}}`
}

const defaultLevel = "AzureFunctionsJobHost__customHandler__http__DefaultAuthorizationLevel"

func TestReadHostJSON(t *testing.T) {
	type levels struct{ MCP, Status, Healthz Level }
	for name, test := range map[string]struct {
		file    string
		environ []string
		want    levels
	}{
		"no file":           {"", nil, levels{Function, Function, Function}},
		"nothing said":      {`{"version": "2.0"}`, nil, levels{Function, Function, Function}},
		"anonymous":         {handlerHTTP(`{"DefaultAuthorizationLevel": "anonymous"}`), nil, levels{Anonymous, Anonymous, Anonymous}},
		"any case":          {`{"CUSTOMHANDLER": {"Http": {"defaultauthorizationlevel": " AnonyMous "}}}`, nil, levels{Anonymous, Anonymous, Anonymous}},
		"number":            {handlerHTTP(`{"DefaultAuthorizationLevel": 0}`), nil, levels{Anonymous, Anonymous, Anonymous}},
		"number as text":    {handlerHTTP(`{"DefaultAuthorizationLevel": "2"}`), nil, levels{Function, Function, Function}},
		"user is admin":     {handlerHTTP(`{"DefaultAuthorizationLevel": "User"}`), nil, levels{Admin, Admin, Admin}},
		"system is admin":   {handlerHTTP(`{"DefaultAuthorizationLevel": 3}`), nil, levels{Admin, Admin, Admin}},
		"comments":          {"// a\n{ /* b */ \"customHandler\": {\"http\": {\"DefaultAuthorizationLevel\": \"admin\",},},}", nil, levels{Admin, Admin, Admin}},
		"null on the way":   {`{"customHandler": null}`, nil, levels{Function, Function, Function}},
		"no object":         {`[]`, nil, levels{Function, Function, Function}},
		"override":          {handlerHTTP(`{"DefaultAuthorizationLevel": "admin"}`), []string{"PATH=/", defaultLevel + "=anonymous"}, levels{Anonymous, Anonymous, Anonymous}},
		"override any case": {"", []string{"AZUREFUNCTIONSJOBHOST__CUSTOMHANDLER__HTTP__DEFAULTAUTHORIZATIONLEVEL=admin"}, levels{Admin, Admin, Admin}},
		"override heals":    {handlerHTTP(`{"DefaultAuthorizationLevel": "bogus"}`), []string{defaultLevel + "=function"}, levels{Function, Function, Function}},
		"own levels": {
			handlerHTTP(`{"routes": [{"route": "mcp"}, {"route": "/Status", "authorizationLevel": "admin"}, {"route": "healthz/", "authorizationLevel": "anonymous"}]}`),
			nil, levels{Function, Admin, Anonymous},
		},
		"the specific route wins": {
			handlerHTTP(`{"routes": [{"route": "{*rest}", "authorizationLevel": "anonymous"}, {"route": "{page}", "authorizationLevel": "function"}, {"route": "status", "authorizationLevel": "admin"}]}`),
			nil, levels{Function, Admin, Function},
		},
		"the stricter of equals wins": {
			handlerHTTP(`{"routes": [{"route": "mcp", "authorizationLevel": "admin"}, {"route": "MCP", "authorizationLevel": "anonymous"}]}`),
			nil, levels{Admin, Function, Function},
		},
		"routes of other paths": {
			handlerHTTP(`{"DefaultAuthorizationLevel": "admin", "routes": [{"route": "mcp/{*rest}", "authorizationLevel": "function"}, {"route": "a/{b}", "authorizationLevel": "anonymous"}]}`),
			nil, levels{Function, Admin, Admin},
		},
		"override of a route": {
			handlerHTTP(`{"routes": [{"route": "mcp"}]}`),
			[]string{"AzureFunctionsJobHost__customHandler__http__routes__0__authorizationLevel=admin"},
			levels{Admin, Function, Function},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := ReadHostJSON(folder(t, "host.json", test.file), test.environ)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(test.want, levels{s.Level("/mcp"), s.Level("/status"), s.Level("/healthz")}); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestReadHostJSONFaults(t *testing.T) {
	for name, test := range map[string]struct {
		file    string
		environ []string
		want    string
	}{
		"unknown level": {
			handlerHTTP(`{"DefaultAuthorizationLevel": "open"}`), nil,
			`host.json: customHandler.http.DefaultAuthorizationLevel: "open" is no level: write anonymous, function or admin`,
		},
		"empty level": {
			handlerHTTP(`{"DefaultAuthorizationLevel": ""}`), nil,
			`host.json: customHandler.http.DefaultAuthorizationLevel: "" is no level: write anonymous, function or admin`,
		},
		"null level": {
			handlerHTTP(`{"DefaultAuthorizationLevel": null}`), nil,
			`host.json: customHandler.http.DefaultAuthorizationLevel: "" is no level: write anonymous, function or admin`,
		},
		"number without a name": {
			handlerHTTP(`{"DefaultAuthorizationLevel": 5}`), nil,
			`host.json: customHandler.http.DefaultAuthorizationLevel: "5" is no level: write anonymous, function or admin`,
		},
		"override": {
			handlerHTTP(`{"DefaultAuthorizationLevel": "anonymous"}`), []string{defaultLevel + "=bogus"},
			defaultLevel + `: "bogus" is no level: write anonymous, function or admin`,
		},
		"all at once": {
			handlerHTTP(`{"DefaultAuthorizationLevel": "x", "routes": [{"route": "mcp", "authorizationLevel": true}, {"route": "{id:int}"}, {"route": "a{b}"}, {"route": "{*a}/b"}]}`), nil,
			`host.json: customHandler.http.DefaultAuthorizationLevel: "x" is no level: write anonymous, function or admin
host.json: customHandler.http.routes[0].authorizationLevel: "true" is no level: write anonymous, function or admin
host.json: customHandler.http.routes[1].route: cannot read the route "{id:int}": segments are plain text, {name} or {*rest}
host.json: customHandler.http.routes[2].route: cannot read the route "a{b}": segments are plain text, {name} or {*rest}
host.json: customHandler.http.routes[3].route: cannot read the route "{*a}/b": {*…} takes all that is left and must stand last`,
		},
		"broken":  {"{\n  \"version\": \"2.0\"\n  \"customHandler\": {}\n}", nil, `host.json:3: invalid character '"' after object key:value pair`},
		"cut off": {"{\n", nil, `host.json:2: unexpected end of JSON input`},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := ReadHostJSON(folder(t, "host.json", test.file), test.environ)
			if err == nil {
				t.Fatal("no error")
			}
			if d := cmp.Diff(test.want, err.Error()); d != "" {
				t.Error(d)
			}
			if got := s.Level("/mcp"); got != Admin && got != Function {
				t.Errorf("settings in doubt let everybody in: %v", got)
			}
		})
	}
}

// The settings files of the repository are the ones that people start from.
func TestShippedSettings(t *testing.T) {
	const root = "../.."
	s, err := ReadHostJSON(root, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]Level{}
	for _, path := range []string{"/mcp", "/status", "/healthz", "/healthz/more"} {
		got[path] = s.Level(path)
	}
	if d := cmp.Diff(map[string]Level{"/mcp": Function, "/status": Admin, "/healthz": Anonymous, "/healthz/more": Function}, got); d != "" {
		t.Error(d)
	}
	local, err := ReadLocalSettings(root)
	if err != nil {
		t.Fatal(err)
	}
	if got := local.Values["FUNCTIONS_WORKER_RUNTIME"]; got != "custom" {
		t.Errorf("FUNCTIONS_WORKER_RUNTIME is %q", got)
	}
}
