package schema

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func parseOne(t *testing.T, src string) (*Definition, []Diagnostic) {
	t.Helper()
	docs, ds := Split(Source{Name: "f.yaml", Bytes: []byte(src)}, Bounds{})
	if len(docs) != 1 || len(ds) > 0 {
		t.Fatalf("%d documents, %v", len(docs), ds)
	}
	return Parse(docs[0])
}

const tool = "tool: a\ndescription: Does it.\ninputSchema: {type: object}\nexpr: 1\n"

func TestParseUpstream(t *testing.T) {
	def, ds := parseOne(t, `# first
upstream: api
baseUrl: https://example.com/${env.V}
allowPrivate: true
headers: {X-Version: 2022-11-28, X-Odd: 010, X-Gone: null, X-List: [1, true]}
auth: {basic: {username: u, password: "${env.P}"}}
timeout: 1m30s
attemptTimeout: 250ms
retry: {attempts: 2, minWait: 1s}
redirects: none
response: {as: json, maxBytes: 2MiB, expect: [2xx, 404, 300-302]}
`)
	if def == nil || !def.Complete || len(ds) > 0 {
		t.Fatalf("%+v %v", def, ds)
	}
	s := def.Upstream.Settings
	if got, want := string(s.Headers.JSON()), `{"X-Version":"2022-11-28","X-Odd":"010","X-Gone":null,"X-List":["1","true"]}`; got != want {
		t.Errorf("headers are %s, want %s", got, want)
	}
	if s.Auth.Kind != AuthBasic || s.Auth.User.Text != "u" || s.Auth.Pass.Text != "${env.P}" {
		t.Errorf("auth is %+v", s.Auth)
	}
	want := Response{As: "json", MaxBytes: 2 << 20, Expect: []StatusRange{{200, 299}, {404, 404}, {300, 302}}}
	if diff := cmp.Diff(want, s.Response); diff != "" {
		t.Error(diff)
	}
	if s.Timeout != 90*time.Second || s.AttemptTimeout != 250*time.Millisecond || s.Redirects != "none" || !def.Upstream.AllowPrivate {
		t.Errorf("settings are %+v", s)
	}
	if diff := cmp.Diff(Retry{Attempts: 2, MinWait: time.Second}, s.Retry); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(Place{File: "f.yaml", Line: 2, Column: 11, Length: 3}, def.Place); diff != "" {
		t.Error(diff)
	}
}

func TestParseBroken(t *testing.T) {
	for _, c := range []struct {
		name, src string
		// wanted: whether a rule of access is there, and readable
		access, readable bool
	}{
		{"no rule", "tool: a\nexpr: 1\n", false, false},
		{"a rule beside a fault", "tool: a\naccess: {roles: [x]}\n", true, true},
		{"a misspelt part", "tool: a\naccess: {role: [x]}\n", true, false},
		{"a part twice", "tool: a\naccess: {roles: [x], roles: [y]}\n", true, false},
		{"the rule twice", "tool: a\naccess: {roles: [x]}\naccess: {roles: [y]}\n", true, false},
		{"a misspelt rule", "tool: a\nacess: {roles: [x]}\n", true, false},
		{"a rule beside its key", "tool: a\naccess:\nroles: [x]\n", true, false},
		{"a rule beside its misspelt key", "tool: a\nacess:\nroles: [x]\n", true, false},
		{"a rule without a space", "tool: a\naccess:{roles: [x]}\n", true, false},
		{"a rule without a colon", "tool: a\naccess\n  roles: [x]\n", true, false},
		{"a rule of the wrong type", "tool: a\naccess: admin\n", true, false},
		{"a bad expression", "tool: a\naccess: {when: '${x}'}\n", true, false},
		{"a fault of YAML elsewhere", "tool: a\ndescription: x: y\naccess: {roles: [x]}\n", true, false},
		{"a fault of YAML in the rule", "tool: a\naccess:\n  roles: [x\n", true, false},
		{"half a file", "tool: a\ndescription: \"x", true, false},
		{"nothing to be read", "tool: a\n{{{{\n]]: - }\n", true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			def, ds := parseOne(t, c.src)
			if def == nil || def.Kind != KindTool || def.Name != "a" || def.Complete || !HasErrors(ds) {
				t.Fatalf("%+v %v", def, ds)
			}
			access := def.Tool.Access
			if (access != nil) != c.access || access != nil && access.Readable != c.readable {
				t.Errorf("access is %+v", access)
			}
		})
	}
}

func TestBrokenDataIsNil(t *testing.T) {
	def, _ := parseOne(t, "tool: a\ninputSchema: {properties: {a: {type: string}, a: {}}}\nresult: {a: 010, b: 1}\n")
	if def.Tool.InputSchema != nil {
		t.Errorf("a schema with a fault is kept: %s", def.Tool.InputSchema.JSON())
	}
	if got := string(def.Tool.Result.JSON()); got != `{"b":1}` {
		t.Errorf("of the template is kept: %s", got)
	}
}

func TestTooManyFaults(t *testing.T) {
	var b strings.Builder
	b.WriteString(tool + "meta:\n")
	for i := range 1500 {
		fmt.Fprintf(&b, "  %d: x\n", i)
	}
	_, ds := parseOne(t, b.String())
	if len(ds) != maxDiagnostics+1 || ds[maxDiagnostics].Code != codeTooManyFaults.Name {
		t.Errorf("%d diagnostics, the last is %+v", len(ds), ds[len(ds)-1])
	}
}

// TestSize reads documents that a reader who goes back for each node would
// need minutes for.
func TestSize(t *testing.T) {
	const n = 50_000
	for name, entry := range map[string]string{"one line": "k%d: 'a', ", "duplicates": "k: %d, ", "anchors": "k%d: &a x, ", "lists": "k%d: [[[1]]], "} {
		t.Run(name, func(t *testing.T) {
			var b strings.Builder
			b.WriteString(tool + "meta: {")
			for i := range n {
				fmt.Fprintf(&b, entry, i)
			}
			b.WriteString("z: 1}\n")
			parseOne(t, b.String())
		})
	}
}

func TestFaultInLargeDocument(t *testing.T) {
	var b strings.Builder
	b.WriteString(tool + "meta:\n")
	for i := range 5_000 {
		fmt.Fprintf(&b, "  key%d: {a: [1, 2], b: \"text\"}\n", i)
		if i == 4_000 {
			b.WriteString("  bad: 'x' + y\n")
		}
	}
	_, ds := parseOne(t, b.String())
	if len(ds) != 1 || ds[0].Place.Line != 4_007 || ds[0].Code != codeAfterQuote.Name {
		t.Errorf("%+v", ds)
	}
	_, ds = parseOne(t, tool+"meta: "+strings.Repeat("[", 100_000))
	if len(ds) != 1 || ds[0].Place.Line != 5 || ds[0].Code != codeTooDeep.Name {
		t.Errorf("%+v", ds)
	}
}

func TestSnippets(t *testing.T) {
	ds := []Diagnostic{
		codeEmpty.At(Place{File: "b", Line: 2, Column: 1}, "x", ""),
		codeEmpty.At(Place{File: "c", Line: 1, Column: 1}, "x", ""),
		codeEmpty.At(Place{File: "b", Line: 9, Column: 1}, "x", ""),
	}
	Snippets(ds, Source{Name: "a", Bytes: []byte("a")}, Source{Name: "b", Bytes: []byte("\uFEFF1\r\n2\r\n")})
	if ds[0].Snippet != "2" || ds[1].Snippet != "" || ds[2].Snippet != "" {
		t.Errorf("%q %q %q", ds[0].Snippet, ds[1].Snippet, ds[2].Snippet)
	}
}
