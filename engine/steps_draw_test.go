package engine_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/engine/httpcall"
)

// A drawing makes up tools with steps and what these meet when they run.
type drawing struct {
	mu sync.Mutex
	r  *rand.Rand
}

func (d *drawing) number(n int) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.r.IntN(n)
}

func (d *drawing) one(of ...string) string { return of[d.number(len(of))] }

// drawnItem is the schema of what the service answers with.
const drawnItem = `{type: object, properties: {name: {type: string}, count: {type: integer}, tags: {type: array, items: {type: string}}, note: {type: [string, "null"]}}, required: [name, count], additionalProperties: false}`

// drawnCallee is a tool that steps call, which may fail, and whose result has
// all kinds of members.
const drawnCallee = `tool: callee
description: Is called by the tools of this test.
annotations: {readOnlyHint: true}
inputSchema: {type: object, properties: {name: {type: string}, count: {type: integer}}, required: [name], additionalProperties: false}
outputSchema: {type: object, properties: {text: {type: string}, twice: {type: [integer, "null"]}}, required: [text, twice], additionalProperties: false}
expr: 'input.name == "bad" ? fail("It is bad.") : {text: upper(input.name), twice: input.count == null ? null : input.count * 2}'
`

// expression makes one up that may use the steps above, rightly or wrongly.
func (d *drawing) expression(ids []string) string {
	if len(ids) == 0 || d.number(5) < 2 {
		return d.one("input.name", "input.count + 1", "input.note", `input.note ?? "none"`, "upper(input.note)", "input.names", "input.more", "len(input.more ?? [])", "map(input.names, upper(#))", "input.flag ? 1 : 2")
	}
	id := d.one(ids...)
	pool := []string{"X", "X.body", "X?.body", "X.body.name", "X?.body.name", "X?.body?.name", "X.body.count + 1", "upper(X.body.name)", "upper(X.body.note)", "len(X.body.tags)", "len(X)",
		"map(X, #.body.name)", "map(X, #?.body.name)", "map(filter(X, # != null), .body.count + 1)", "X + 1", "upper(X)", "X.status + 1", "X.text", "X?.text", "upper(X.text)", "X.twice + 1",
		"map(X, upper(#.text))", "map(filter(X, # != null), upper(.text))", "sum(map(X, .body.count))", "X == null", "upper(FAILED)", "map(FAILED, upper(#))"}
	// first of an empty list is null, which no type tells. What stands in for null is of the type that it stands in for: a value of
	// one of several types is accepted where one of them is.
	switch id[:2] {
	case "hs":
		pool = append(pool, "(X?.body.count ?? 0) + 1", `upper(X?.body.name ?? "")`, `upper(X.body.note ?? "")`, `upper(X?.body.note ?? "")`, "len(X?.body?.tags ?? [])",
			`X != null ? upper(X.body?.name ?? "") : "none"`, "X == null ? 0 : X.body.count * 2", "(X?.status ?? 0) + 1", `FAILED ?? "fine"`)
	case "ts":
		pool = append(pool, `upper(X?.text ?? "")`, "(X?.twice ?? 0) + 1", `FAILED != null ? upper(FAILED) : "fine"`, `X != null ? upper(X.text) : "none"`)
	case "hl":
		pool = append(pool, "len(X ?? [])", `map(X ?? [], upper(#?.body?.name ?? ""))`, "map(filter(X ?? [], # != null), .body.count + 1)", "map(filter(X ?? [], #?.body != null), .body.count + 1)", "any(X ?? [], #?.body?.count == 1)", "first(X ?? [])?.body?.name", "len(filter(FAILED ?? [], # != null))")
	case "tl":
		pool = append(pool, "map(filter(X ?? [], # != null), upper(.text))", "map(X ?? [], #?.twice)", `map(X ?? [], upper(#?.text ?? ""))`, "map(FAILED ?? [], # != null)")
	}
	return strings.NewReplacer("X", "steps."+id, "FAILED", "failed."+id).Replace(d.one(pool...))
}

// step makes a step up, and returns its id: of what kind it is, and whether
// its value is a list.
func (d *drawing) step(i int, ids []string) (text, id string) {
	kind, list := d.one("e", "h", "t"), d.one("s", "s", "l")
	id = fmt.Sprint(kind, list, i)
	var b strings.Builder
	fmt.Fprintf(&b, "  - id: %s\n", id)
	value := func() string { return d.expression(ids) }
	if list == "l" {
		fmt.Fprintf(&b, "    forEach: %s\n", yaml(d.one("input.names", "input.more", "input.names", d.expression(ids))))
		value = func() string { return d.one("each", "upper(each)", d.expression(ids)) }
	}
	if d.number(3) == 0 {
		fmt.Fprintf(&b, "    when: %s\n", yaml(d.one("input.flag", "input.note != null", `input.name == "a"`, d.expression(ids))))
	}
	if d.number(3) == 0 {
		b.WriteString("    optional: true\n")
	}
	switch kind {
	case "e":
		fmt.Fprintf(&b, "    expr: %s\n", yaml(value()))
	case "h":
		fmt.Fprintf(&b, "    http:\n      url: https://api.example.com/items\n      query: {q: %s}\n      response: {as: json, schema: %s}\n", yaml("${"+value()+"}"), drawnItem)
	default:
		fmt.Fprintf(&b, "    tool: callee\n    input: {name: %s%s}\n", yaml("${"+value()+"}"), d.one("", "", ", count: 2", ", count: "+yaml("${"+value()+"}")))
	}
	return b.String(), id
}

func yaml(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// tool makes a tool with steps up.
func (d *drawing) tool(name string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `tool: %s
description: Made up for this test.
annotations: {readOnlyHint: true}
inputSchema:
  type: object
  properties: {name: {type: string}, count: {type: integer}, note: {type: string}, names: {type: array, items: {type: string}}, more: {type: array, items: {type: string}}, flag: {type: boolean}}
  required: [name, count, names, flag]
  additionalProperties: false
steps:
`, name)
	var ids []string
	for i := range 1 + d.number(3) {
		text, id := d.step(i, ids)
		b.WriteString(text)
		ids = append(ids, id)
	}
	fmt.Fprintf(&b, "result: {a: %s, b: %s}\n", yaml("${"+d.expression(ids)+"}"), yaml("${"+d.expression(ids)+"}"))
	return b.String()
}

func (d *drawing) word() string { return d.one("", "a", "bad", "Ünï") }

func (d *drawing) words() []string {
	list := make([]string, d.number(3))
	for i := range list {
		list[i] = d.word()
	}
	return list
}

func (d *drawing) arguments(t *testing.T) string {
	input := map[string]any{"name": d.word(), "count": d.number(5) - 2, "names": d.words(), "flag": d.number(2) == 0}
	if d.number(2) == 0 {
		input["note"] = d.word()
	}
	if d.number(2) == 0 {
		input["more"] = d.words()
	}
	text, err := json.Marshal(input)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Answer makes up what the service answers: something of its schema most of
// the time, an error otherwise.
func (d *drawing) Answer(httpcall.Sent) (*http.Response, error) {
	status, item := 200, map[string]any{"name": d.word(), "count": d.number(5)}
	if d.number(2) == 0 {
		item["tags"] = d.words()
	}
	switch d.number(3) {
	case 0:
		item["note"] = d.word()
	case 1:
		item["note"] = nil
	}
	if d.number(4) == 0 {
		status = []int{404, 500, 204}[d.number(3)]
	}
	body, err := json.Marshal(item)
	if status == 204 {
		body = nil
	}
	return &http.Response{StatusCode: status, ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(string(body)))}, err
}

// faults keeps what is logged of faults of expressions. One of an argument's
// value is none of types.
type faults struct {
	slog.Handler
	mu    sync.Mutex
	found []string
}

func (f *faults) Enabled(context.Context, slog.Level) bool { return true }

func (f *faults) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool {
		cause := a.Value.String()
		if a.Key == "cause" && !strings.Contains(cause, "cannot be used") && (r.Level == slog.LevelError || strings.Contains(cause, ".yaml:")) {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.found = append(f.found, cause)
		}
		return true
	})
	return nil
}

// Whatever steps do, whether they are left out, fail or answer with anything
// that their schema allows: no tool that was accepted ends in a fault of types.
func TestAcceptedStepsHaveNoFaultsOfTypes(t *testing.T) {
	const made, runs = 1500, 8
	d := &drawing{r: rand.New(rand.NewPCG(7, 11))}
	f := files{"callee.yaml": drawnCallee}
	for i := range made {
		name := fmt.Sprintf("made%d", i)
		f[name+".yaml"] = d.tool(name)
	}
	client := httpcall.NewClient(httpcall.ClientOptions{Answers: d})
	defer client.Close()
	log := &faults{Handler: slog.DiscardHandler}
	e := engine.New(engine.Options{Client: client, Logger: slog.New(log)})
	e.Publish(f.sources())
	accepted, answered := 0, 0
	for _, tool := range e.Catalog().Tools() {
		if tool.Name() == "callee" {
			continue
		}
		accepted++
		for range runs {
			arguments := d.arguments(t)
			if _, failed := call(t, e, engine.Local, tool.Name(), arguments); !failed {
				answered++
			}
			if len(log.found) > 0 {
				t.Errorf("%s\nwith %s ended with: %v", f[tool.Name()+".yaml"], arguments, log.found[0])
				log.found = nil
				break
			}
		}
	}
	t.Logf("%d of %d were accepted, %d of %d calls were answered", accepted, made, answered, accepted*runs)
	if accepted < made/40 || answered < accepted*runs/10 {
		t.Error("too few to mean anything")
	}
}
