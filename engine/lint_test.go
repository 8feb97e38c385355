package engine_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/schema"
)

// count returns how many diagnostics have a code.
func count(found []schema.Diagnostic, code string) int {
	n := 0
	for _, d := range found {
		if d.Code == code {
			n++
		}
	}
	return n
}

func lintFiles(f files) []schema.Diagnostic {
	_, found := engine.Check(f.sources(), engine.Options{Lint: true})
	return found
}

// sized is a tool with so many described properties, under any of its schemas.
func sized(name, schemaKey string, properties int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "tool: %s\ndescription: One of several tools for this test.\n", name)
	if schemaKey == "outputSchema" {
		b.WriteString("inputSchema: {type: object, additionalProperties: false}\n")
	}
	fmt.Fprintf(&b, "%s:\n  type: object\n  additionalProperties: false\n  properties:\n", schemaKey)
	for i := range properties {
		fmt.Fprintf(&b, "    property%d: {type: string, description: A word or two about it}\n", i)
	}
	b.WriteString("expr: merge(input, input)\n")
	return b.String()
}

// What is large is said once: of the schema where that makes the tool large,
// else of the tool, and of all tools when together they are.
func TestLintOfSize(t *testing.T) {
	for _, key := range []string{"inputSchema", "outputSchema"} {
		found := lintFiles(files{"t.yaml": sized("large", key, 150)})
		if count(found, "large-schema") != 1 || count(found, "costly-tool") != 0 {
			t.Errorf("a large %s gives:\n%s", key, text(found))
		}
		found = lintFiles(files{"t.yaml": sized("costly", key, 80)})
		if count(found, "large-schema") != 0 || count(found, "costly-tool") != 1 {
			t.Errorf("a costly %s gives:\n%s", key, text(found))
		}
	}

	f := files{}
	for i := range 16 {
		f[fmt.Sprintf("%02d.yaml", i)] = sized(fmt.Sprintf("tool_%02d", i), "inputSchema", 40)
	}
	at := func(file string, line int) {
		t.Helper()
		found := lintFiles(f)
		for _, d := range found {
			if d.Code == "costly-list" && d.Place.File == file && d.Place.Line == line && strings.Contains(d.Hint, "tool_00, tool_01, tool_02;") {
				return
			}
		}
		t.Errorf("the list is not called costly at %s:%d:\n%s", file, line, text(found))
	}
	at("00.yaml", 1)
	f["server.yaml"] = "# All of them.\nserver: many\n"
	at("server.yaml", 2)
	for i := 8; i < 16; i++ {
		delete(f, fmt.Sprintf("%02d.yaml", i))
	}
	if found := lintFiles(f); len(found) != 0 {
		t.Errorf("half of them give:\n%s", text(found))
	}
}

// Credentials of well-known forms are found wherever they stand. They are put
// together here, so that nobody takes them for real ones.
func TestCredentialsAreKnownByTheirForm(t *testing.T) {
	some := strings.Repeat("a1B2", 12)
	for _, tt := range []struct {
		text  string
		found bool
	}{
		{"AKIA" + "QWERTYUIOP123456", true},
		{"AKIA" + "IOSFODNN7EXAMPLE", false},
		{"AKIA" + "TOOSHORT1", false},
		{"gh" + "p_" + some, true},
		{"github" + "_pat_" + some, true},
		{"gl" + "pat-" + some, true},
		{"xo" + "xb-12345-" + some, true},
		{"s" + "k-" + some, true},
		{"s" + "k-learn-classification-of-many-things", false},
		{"task-" + some, false},
		{"s" + "k_live_" + some, true},
		{"AI" + "za" + some[:35], true},
		{"ey" + "J" + some + ".ey" + "J" + some + "." + some, true},
		{"eyJustAWord.eyJustAWord.no", false},
		{"-----BEGIN " + "EC PRIVATE KEY-----", true},
		{"-----BEGIN PUBLIC KEY-----", false},
	} {
		for _, within := range []string{"%s", "a %s b", "${input.id + '%s'}"} {
			value := fmt.Sprintf(within, tt.text)
			found := lintFiles(files{"t.yaml": fmt.Sprintf(`upstream: api
baseUrl: https://api.example.com
---
tool: get
description: Get something from somewhere.
inputSchema: {type: object, properties: {id: {type: string, description: "Which one"}}, required: [id], additionalProperties: false}
http:
  upstream: api
  path: /${input.id}
  headers: {X-Note: "%s"}
tests:
  - input: {id: "%[1]s"}
    http: [{request: {headers: {Authorization: "%[1]s"}}, response: {json: {}}}]
`, value)})
			if got := count(found, "secret-in-clear"); got != map[bool]int{true: 1}[tt.found] {
				t.Errorf("%s: found %d times:\n%s", value, got, text(found))
			}
			if tt.found && strings.Contains(text(found), tt.text) {
				t.Errorf("it is shown:\n%s", text(found))
			}
		}
	}
}

// No format shows a credential: not where it is found, and not beside or
// within another fault, with or without brackets, in any style.
func TestCredentialsAreNotShown(t *testing.T) {
	const secret = "Pa55-wort-Zürich"
	key := "-----BEGIN " + "PRIVATE KEY-----\n" + strings.Repeat("c2VjcmV0", 4) + "\n-----END " + "PRIVATE KEY-----"
	token := "gh" + "p_" + strings.Repeat("a1B2", 10)
	f := files{}
	for i, auth := range []string{
		"auth: {bearer: " + secret + "}",
		"auth: {bearer: " + secret + ", baerer: " + secret + "}",
		"auth:\n  bearer: '" + secret + "'\n  bearer: \"" + secret + "\"",
		"auth: {bearer: \"" + secret + "\"} # " + secret,
		"auth:\n  bearer: |\n    " + strings.ReplaceAll(key, "\n", "\n    "),
		"auth:\n  bearer: >-\n    " + secret + "\n    " + secret,
		"auth:\n  basic: {username: " + secret + ", password: " + secret + ", passwort: " + secret + "}",
		"headers: {Authorization: Bearer " + secret + ", bad header: 1}",
		"query: {password: \"" + secret + "\", password: 1, api_key: [" + secret + "]}",
		"headers: {X: " + token + ": " + token + "}",
		"headers:\n  X: " + token + ": " + token,
		"unknown: " + token,
		token + ": 1",
	} {
		f[fmt.Sprintf("%02d.yaml", i)] = fmt.Sprintf("upstream: api%d\nbaseUrl: https://api.example.com\n%s\n", i, auth)
	}
	found := lintFiles(f)
	for name := range f {
		if !strings.Contains(text(found), name) {
			t.Errorf("nothing is said of %s:\n%s", name, f[name])
		}
	}
	tool := schema.SARIFTool{Rules: engine.Codes()}
	for format, write := range map[string]func(io.Writer, []schema.Diagnostic) error{
		"text":   func(w io.Writer, ds []schema.Diagnostic) error { return schema.WriteText(w, ds, schema.TextOptions{}) },
		"json":   schema.WriteJSON,
		"github": schema.WriteGitHub,
		"sarif":  func(w io.Writer, ds []schema.Diagnostic) error { return schema.WriteSARIF(w, ds, tool) },
	} {
		var b bytes.Buffer
		if err := write(&b, found); err != nil {
			t.Fatal(err)
		}
		for _, s := range []string{secret, token, "c2VjcmV0"} {
			if strings.Contains(b.String(), s) {
				t.Errorf("%s shows %s:\n%s", format, s, b.String())
			}
		}
	}
}

// What serves does not lint, but hears comments that silence other warnings,
// and moves them with their documents.
func TestSilencingWithoutLint(t *testing.T) {
	const first, second = "tool: a\ndescription: Short.\ninputSchema: {type: object}\nexpr: '1'\n---\n",
		"tool: b\ndescription: Short.\ninputSchema: {type: object}\nexpr: 'true ? 1 : 2' # lint:ignore constant-condition, short-description for show\n"
	e := engine.New(engine.Options{})
	for _, above := range []string{"", "# A line.\n", "# Two\n# lines.\n"} {
		e.Publish(files{"t.yaml": above + first + second}.sources())
		if found := e.Catalog().Diagnostics(); len(found) > 0 {
			t.Errorf("below %q:\n%s", above, text(found))
		}
	}
	e.Publish(files{"t.yaml": "tool: z\n---\n" + second + "# lint:ignore short-description\n"}.sources())
	if found := e.Catalog().Diagnostics(); count(found, "bad-ignore") != 1 || count(found, "unused-ignore") != 0 {
		t.Errorf("a comment without a reason gives:\n%s", text(found))
	}
}
