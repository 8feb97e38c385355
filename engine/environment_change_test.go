package engine_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/engine/httpcall"
	"github.com/toolsd/toolsd/schema"
)

// What uses a variable is checked anew when its value has changed, and nothing
// else is.
func TestPublishAgainWithOtherValues(t *testing.T) {
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.Header.Get("X-Key"), " ", r.Header.Get("X-Own"))
	}))
	defer service.Close()
	sources := files{
		"up.yaml": "upstream: up\nbaseUrl: " + service.URL + "\nheaders: {X-Key: '${env.KEY}'}\n",
		"a.yaml":  reader("a", "up", ""),
		"b.yaml":  reader("b", "up", ", headers: {X-Own: '${env.OWN}'}"),
		"c.yaml":  answers("c", "yes"),
	}.sources()
	values := map[string]string{"KEY": "one", "OWN": "mine"}
	client := httpcall.NewClient(httpcall.ClientOptions{})
	defer client.Close()
	e := engine.New(engine.Options{Client: client, Env: func(name string) (string, bool) { v, ok := values[name]; return v, ok }})
	says := func(tool, want string) {
		t.Helper()
		if got, _ := call(t, e, engine.Local, tool, `{}`); got != want {
			t.Errorf("%s says %q, want %q", tool, got, want)
		}
	}
	e.Publish(sources)
	says("b", "one mine")

	if change := e.Publish(sources); change.Any() {
		t.Errorf("nothing changed, and yet: %s", change)
	}
	values["OWN"] = "yours"
	if change := e.Publish(sources); !slices.Equal(change.Changed, []string{"b"}) {
		t.Errorf("OWN changed, and with it %v", change.Changed)
	}
	says("b", "one yours")

	values["KEY"] = "two"
	before := e.Catalog()
	if change := e.Publish(sources); !slices.Equal(change.Changed, []string{"a", "b"}) {
		t.Errorf("KEY changed, and with it %v", change.Changed)
	}
	says("a", "two ")
	if got := before.Mask("one two"); got != "one two" { // of three letters: too short to be looked for
		t.Errorf("masked: %q", got)
	}

	delete(values, "KEY")
	change := e.Publish(sources)
	if !slices.Contains(codes(change.Diagnostics), "env-missing") || e.Catalog().Tool("a") != nil || e.Catalog().Tool("c") == nil {
		t.Errorf("without KEY: %v, %v", codes(change.Diagnostics), names(e.Catalog()))
	}
	values["KEY"] = "three"
	if change = e.Publish(sources); schema.HasErrors(change.Diagnostics) {
		t.Errorf("with KEY again: %v", text(change.Diagnostics))
	}
	says("a", "three ")
}

func reader(name, upstream, more string) string {
	return "tool: " + name + "\ndescription: Read something from a service.\ninputSchema: {type: object, additionalProperties: false}\nhttp: {upstream: " + upstream + ", path: /" + more + "}\n"
}

// The value of before is still hidden in what is said of calls that began
// under it.
func TestOldSecretsStayMasked(t *testing.T) {
	value := "planted-old"
	e := engine.New(engine.Options{Env: func(string) (string, bool) { return value, true }})
	sources := files{"up.yaml": "upstream: up\nbaseUrl: https://example.com\nheaders: {X-Key: '${env.KEY}'}\n", "a.yaml": reader("a", "up", "")}.sources()
	e.Publish(sources)
	before := e.Catalog()
	value = "planted-new"
	e.Publish(sources)
	if got := before.Mask("planted-old"); got != "***" {
		t.Errorf("before: %q", got)
	}
	if got := e.Catalog().Mask("planted-new"); got != "***" {
		t.Errorf("after: %q", got)
	}
}

// A tool that is first called after a variable has changed, and before that
// was published, is built with the value that it was checked with: the other
// one would not be masked.
func TestAProgramHasTheValuesOfItsCatalog(t *testing.T) {
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Header.Get("X-Own")) }))
	defer service.Close()
	client := httpcall.NewClient(httpcall.ClientOptions{})
	defer client.Close()
	values := map[string]string{"OWN": "first", "ROLE": "any"}
	e := engine.New(engine.Options{Client: client, Env: func(name string) (string, bool) { v, ok := values[name]; return v, ok }})
	publish(t, e, files{
		"up.yaml": "upstream: up\nbaseUrl: " + service.URL + "\n",
		"a.yaml":  reader("a", "up", ", headers: {X-Own: '${env.OWN}', X-Two: '${env.TWO ?? \"none\"}'}") + "access: {when: env.ROLE != null}\n",
	})
	clear(values)
	values["OWN"], values["TWO"] = "second", "late"
	if got, failed := call(t, e, engine.Local, "a", `{}`); failed || got != "first" {
		t.Errorf("got %q", got)
	}
}

// A secret that is rotated makes a new generation, since what is sent changes.
// It is no new digest, which is open to everyone and must not be made of
// secrets.
func TestARotatedSecretIsANewGenerationOfTheSameDigest(t *testing.T) {
	value := "planted-old"
	e := engine.New(engine.Options{Env: func(string) (string, bool) { return value, true }})
	sources := files{"up.yaml": "upstream: up\nbaseUrl: https://example.com\nheaders: {X-Key: '${env.KEY}'}\n", "a.yaml": reader("a", "up", "")}.sources()
	e.Publish(sources)
	before := e.Catalog()
	value = "planted-new"
	change := e.Publish(sources)
	after := e.Catalog()
	if got := change.String(); got != "1 changed (a)" || after.Generation() != before.Generation()+1 {
		t.Errorf("%s: from generation %d to %d", got, before.Generation(), after.Generation())
	}
	if after.Digest() != before.Digest() || after.Tool("a").Seen() != before.Tool("a").Seen() {
		t.Error("clients are told that something changed that they can see")
	}
}

// The caller's own token is in nothing that can be written of a caller.
func TestCallerTokenIsNotPrinted(t *testing.T) {
	var c engine.Caller
	if err := json.Unmarshal([]byte(`{"id": "ann", "token": "planted"}`), &c); err != nil || string(c.Token) != "planted" {
		t.Fatalf("token = %q, %v", string(c.Token), err)
	}
	marshalled, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{string(marshalled), fmt.Sprint(c), fmt.Sprintf("%+v %#v %s %q", c, c, c.Token, c.Token)} {
		if strings.Contains(text, "planted") {
			t.Errorf("it is in %s", text)
		}
	}
}

func TestCallerTokenIsNoName(t *testing.T) {
	_, found := engine.Check(files{"a.yaml": strings.Replace(answers("a", "x"), `'"x"'`, "caller.token", 1)}.sources(), engine.Options{})
	if !slices.Contains(codes(found), "unknown-property") {
		t.Errorf("caller.token: %v", codes(found))
	}
}
