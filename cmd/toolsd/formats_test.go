package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// shown is a tool with an error, what can be mended, and warnings of lint,
// one of them silenced, in its steps and its upstream.
const shown = `upstream: shop
baseUrl: https://shop.example.com
auth: {bearer: correct-horse-battery}
query: {api_key: DEMO} # lint:ignore secret-in-clear everybody may know it
---
tool: find_orders
description: Finds orders.
annotations: {readOnlyHint: true}
inputSchema:
  type: object
  properties: {names: {type: array, items: {type: string}}}
  required: [names]
  additionalProperties: false
steps:
  - id: each_one
    forEach: input.names
    http: {upstream: shop, method: POST, path: "/orders/${each}"}
  - {log: {message: "${input.nmaes}"}, when: input.names.length > 1}
result: ${steps.each_one}
`

// Every format shows the same, with and without --strict: the kinds of lint
// that an upstream has, what may be mended, and no credential.
func TestFormatsOfCheck(t *testing.T) {
	dir := t.TempDir()
	faulty, right := filepath.Join(dir, "faulty"), filepath.Join(dir, "right")
	for folder, text := range map[string]string{faulty: shown, right: strings.NewReplacer("${input.nmaes}", "${input.names[0]}", "input.names.length > 1", "len(input.names) > 1").Replace(shown)} {
		if err := os.Mkdir(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(folder, "shop.yaml"), text)
	}
	var got bytes.Buffer
	for _, folder := range []string{faulty, right} {
		for _, format := range []string{"text", "json", "github", "sarif"} {
			for _, flags := range [][]string{nil, {"--strict"}} {
				var out, diagnostics bytes.Buffer
				w := &world{stdin: strings.NewReader(""), stdout: &diagnostics, stderr: &out, getenv: func(string) (string, bool) { return "", false }}
				args := append([]string{"check", "--format", format, "--tools", folder}, flags...)
				code := run(t.Context(), w, args)
				if want := map[bool]int{true: exitFindings, false: exitFine}[folder == faulty || flags != nil]; code != want {
					t.Errorf("%v ends with %d, want %d", args, code, want)
				}
				text := diagnostics.String()
				if format == "sarif" {
					text = withoutRules(t, diagnostics.Bytes())
				}
				got.WriteString("== " + filepath.Base(folder) + " " + strings.Join(append(args[1:3:3], flags...), " ") + "\n" + text + out.String())
			}
		}
	}
	text := strings.ReplaceAll(strings.ReplaceAll(got.String(), filepath.ToSlash(dir)+"/", ""), "file://", "")
	if strings.Contains(text, "horse") {
		t.Error("a credential is shown")
	}
	const file = "testdata/formats.txt"
	if *update {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), text); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// withoutRules takes all codes out of a SARIF log, of which it is another test
// to say which there are, and sees that the results point to theirs.
func withoutRules(t *testing.T, text []byte) string {
	t.Helper()
	var log struct {
		Runs []struct {
			Tool struct {
				Driver struct{ Rules []struct{ ID string } }
			}
			Results []struct {
				RuleID    string
				RuleIndex int
			}
		}
	}
	var all map[string]any
	for _, into := range []any{&log, &all} {
		if err := json.Unmarshal(text, into); err != nil {
			t.Fatal(err)
		}
	}
	rules := log.Runs[0].Tool.Driver.Rules
	for _, r := range log.Runs[0].Results {
		if rules[r.RuleIndex].ID != r.RuleID {
			t.Errorf("%s points to the rule %s", r.RuleID, rules[r.RuleIndex].ID)
		}
	}
	results := all["runs"].([]any)[0].(map[string]any)["results"].([]any)
	for _, r := range results {
		delete(r.(map[string]any), "ruleIndex")
	}
	out, err := json.MarshalIndent(results, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(out) + "\n"
}
