package functions

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRequire(t *testing.T) {
	const good, master, bad = "k-good", "k-master", "k-bad"
	set := "default=k-good,_master=k-master"
	for name, test := range map[string]struct {
		level    Level
		keys     string
		loopback bool
		target   string
		header   []string
		want     int
	}{
		"no key":                  {Function, set, true, "/mcp", nil, 401},
		"header":                  {Function, set, true, "/mcp", []string{good}, 200},
		"query":                   {Function, set, true, "/mcp?code=k-good", nil, 200},
		"query, any case":         {Function, set, true, "/mcp?a=b&CoDe=k-good", nil, 200},
		"query, encoded":          {Function, set, true, "/mcp?%63ode=k%2Dgood", nil, 200},
		"query, badly encoded":    {Function, set, true, "/mcp?code=k-good%zz", nil, 401},
		"header before query":     {Function, set, true, "/mcp?code=k-good", []string{bad}, 401},
		"right header, bad query": {Function, set, true, "/mcp?code=k-bad", []string{good}, 200},
		"empty header":            {Function, set, true, "/mcp?code=k-good", []string{""}, 401},
		"first header counts":     {Function, set, true, "/mcp", []string{good, bad}, 200},
		"second header does not":  {Function, set, true, "/mcp", []string{bad, good}, 401},
		"first code counts":       {Function, set, true, "/mcp?code=k-good&code=k-bad", nil, 200},
		"second code does not":    {Function, set, true, "/mcp?code=k-bad&code=k-good", nil, 401},
		"another parameter":       {Function, set, true, "/mcp?xcode=k-good", nil, 401},
		"semicolon":               {Function, set, true, "/mcp?a=b;code=k-good", nil, 401},
		"master":                  {Function, set, true, "/mcp", []string{master}, 200},
		"admin, master":           {Admin, set, true, "/status", []string{master}, 200},
		"admin, function key":     {Admin, set, true, "/status", []string{good}, 401},
		"admin, no master set":    {Admin, "default=k-good", true, "/status", []string{good}, 401},
		"anonymous, bad key":      {Anonymous, set, false, "/mcp", []string{bad}, 200},
		"open on loopback":        {Function, "", true, "/mcp", nil, 200},
		"admin open on loopback":  {Admin, "", true, "/status", nil, 200},
		"shut beyond loopback":    {Function, "", false, "/mcp", nil, 401},
		"empty key, no keys":      {Admin, "", false, "/status?code=", []string{""}, 401},
	} {
		t.Run(name, func(t *testing.T) {
			next := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "in") })
			for _, method := range []string{http.MethodPost, http.MethodOptions} {
				r := httptest.NewRequest(method, test.target, nil)
				for _, value := range test.header {
					r.Header.Add("x-functions-key", value)
				}
				w := httptest.NewRecorder()
				Require(test.level, mustReadKeys(t, test.keys), test.loopback)(next).ServeHTTP(w, r)
				if w.Code != test.want {
					t.Errorf("%s: status %d, want %d", method, w.Code, test.want)
				}
			}
		})
	}
}

// The whole answer to a request without a key is the host's: nothing in it
// says how to authenticate.
func TestRequireAnswer(t *testing.T) {
	server := httptest.NewServer(Require(Function, mustReadKeys(t, "a=b"), true)(http.NotFoundHandler()))
	defer server.Close()
	response, err := http.Post(server.URL+"/mcp", "application/json", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	response.Header.Del("Date")
	if response.StatusCode != http.StatusUnauthorized || len(body) != 0 {
		t.Errorf("status %d with body %q", response.StatusCode, body)
	}
	if d := cmp.Diff(http.Header{"Content-Length": {"0"}}, response.Header); d != "" {
		t.Error(d)
	}
}
