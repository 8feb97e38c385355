package engine_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/toolsd/toolsd/engine"
)

const order = `tool: order
description: Says what an order comes to, in all its parts.
inputSchema:
  type: object
  properties:
    item: {type: string, minLength: 1}
    qty: {type: integer, minimum: 1, default: 1}
    price: {type: number}
    tags: {type: array, items: {type: string}}
  required: [item]
  additionalProperties: false
outputSchema:
  type: object
  properties: {item: {type: string}, qty: {type: integer}}
  required: [item, qty]
expr: |
  {item: input.item, qty: input.qty, total: (input.price ?? 1.0) * input.qty}
`

func TestCall(t *testing.T) {
	e := newEngine(nil)
	publish(t, e, files{"order.yaml": order})
	for _, test := range []struct{ name, arguments, want string }{
		{"defaults", `{"item": "x"}`, `{"item":"x","qty":1,"total":1}`},
		{"exact integers", `{"item": "x", "qty": 9007199254740993, "price": 0}`, `{"item":"x","qty":9007199254740993,"total":0}`},
		{"all faults at once", `{"qty": "two", "pirce": 1}`, "The arguments do not fit the input schema of order."},
		{"not an object", `[1]`, "The arguments do not fit the input schema of order."},
		{"not JSON", `{`, "The arguments are not one JSON object"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, isError := call(t, e, engine.Local, "order", test.arguments)
			if !strings.HasPrefix(got, test.want) {
				t.Errorf("got %s", got)
			}
			if isError == strings.HasPrefix(test.want, "{") {
				t.Errorf("isError is %v", isError)
			}
		})
	}
	all, _ := call(t, e, engine.Local, "order", `{"qty": "two", "pirce": 1}`)
	for _, part := range []string{"/item", "/qty", "/pirce", `"two"`, "price"} {
		if !strings.Contains(all, part) {
			t.Errorf("the answer does not mention %s:\n%s", part, all)
		}
	}
}

func TestStructuredContent(t *testing.T) {
	tool := func(expr string) string {
		return "tool: a\ndescription: Gives back a value of some kind.\ninputSchema: {type: object, additionalProperties: false}\nexpr: |\n  " + expr + "\n"
	}
	for _, test := range []struct{ expr, text, structured string }{
		{`{a: 1, b: [1.5, "x", nil]}`, `{"a":1,"b":[1.5,"x",null]}`, `{"a":1,"b":[1.5,"x",null]}`},
		{`[1, 2]`, `[1,2]`, `[1,2]`},
		{`"some text"`, "some text", ""},
		{`nil`, "Done.", ""},
		{`1.5e20`, "150000000000000000000", ""},
		{`true`, "true", ""},
	} {
		e := newEngine(nil)
		publish(t, e, files{"a.yaml": tool(test.expr)})
		r, err := e.Call(context.Background(), "a", nil)
		if err != nil {
			t.Fatal(err)
		}
		if r.Content[0].Text != test.text || string(r.Structured) != test.structured {
			t.Errorf("%s: text %q, structured %s", test.expr, r.Content[0].Text, r.Structured)
		}
	}
}

func TestUnknownAndForbiddenLookAlike(t *testing.T) {
	e := newEngine(nil)
	publish(t, e, files{"a.yaml": guardedBy("{roles: [admin]}")})
	for _, name := range []string{"a", "nothing"} {
		if _, err := e.Call(context.Background(), name, nil); !errors.Is(err, engine.ErrUnknownTool) {
			t.Errorf("calling %s: %v", name, err)
		}
	}
	ctx := engine.WithCaller(context.Background(), engine.Caller{Roles: []string{"admin"}})
	if _, err := e.Call(ctx, "a", nil); err != nil {
		t.Error(err)
	}
	if got := len(e.Catalog().Visible(context.Background())); got != 0 {
		t.Errorf("%d tools are visible to everyone", got)
	}
	if got := len(e.Catalog().Visible(ctx)); got != 1 {
		t.Errorf("%d tools are visible to an admin", got)
	}
}

func TestAFaultIsToldToEachOfItsReaders(t *testing.T) {
	var log bytes.Buffer
	e := engine.New(engine.Options{
		Logger: slog.New(slog.NewJSONHandler(&log, nil)),
		Env:    func(name string) (string, bool) { return "hunter2-secret", name == "KEY" },
	})
	publish(t, e, files{"a.yaml": `tool: a
description: Fails in different ways, for a test.
inputSchema: {type: object, properties: {n: {type: integer}}, required: [n], additionalProperties: false}
expr: |
  input.n == 0 ? fail("There is no zero.") : [1][5]
`})
	ctx := engine.WithCallID(context.Background(), "c-42")
	for n, want := range map[int]string{
		0: "There is no zero. (call c-42)",
		5: "The tool a failed because of a fault in its definition. Calling it again with the same arguments will not help; " +
			"its operator can find the reason in the log. (call c-42)",
	} {
		log.Reset()
		r, err := e.Call(ctx, "a", json.RawMessage(fmt.Sprintf(`{"n": %d}`, n)))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, r.Content[0].Text); diff != "" {
			t.Error(diff)
		}
		for _, part := range []string{`"tool":"a"`, `"definition":"a.yaml:1"`, `"call":"c-42"`, `"cause":`} {
			if !strings.Contains(log.String(), part) {
				t.Errorf("n=%d: the log lacks %s: %s", n, part, log.String())
			}
		}
		if strings.Count(log.String(), "\n") != 1 {
			t.Errorf("n=%d: not one line: %s", n, log.String())
		}
	}
}

func TestTimeout(t *testing.T) {
	e := newEngine(nil)
	publish(t, e, files{"a.yaml": `tool: slow
description: Counts for a very long time.
inputSchema: {type: object, additionalProperties: false}
timeout: 20ms
expr: |
  sum(1..900000, sum(1..900000, # % 7))
`})
	got, isError := call(t, e, engine.Local, "slow", `{}`)
	if !isError || !strings.Contains(got, "20ms") {
		t.Errorf("got %q", got)
	}
}

func TestTheCallerGoingAwayEndsTheCall(t *testing.T) {
	e := newEngine(nil)
	publish(t, e, files{"a.yaml": `tool: slow
description: Counts for a very long time.
inputSchema: {type: object, additionalProperties: false}
expr: |
  sum(1..900000, sum(1..900000, # % 7))
`})
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if _, err := e.Call(ctx, "slow", nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestOutputSchemaHolds(t *testing.T) {
	e := newEngine(nil)
	publish(t, e, files{"a.yaml": `tool: a
description: Breaks its own promise when asked to.
inputSchema: {type: object, properties: {n: {type: integer}}, required: [n], additionalProperties: false}
outputSchema: {type: object, properties: {n: {type: integer, maximum: 9}}, required: [n]}
expr: |
  {n: input.n}
`})
	if got, isError := call(t, e, engine.Local, "a", `{"n": 9}`); isError {
		t.Error(got)
	}
	got, isError := call(t, e, engine.Local, "a", `{"n": 10}`)
	if !isError || !strings.Contains(got, "its own outputSchema") {
		t.Errorf("got %q", got)
	}
}

func TestIsError(t *testing.T) {
	e := newEngine(nil)
	publish(t, e, files{"a.yaml": `tool: a
description: Marks what is negative as an error.
inputSchema: {type: object, properties: {n: {type: integer}}, required: [n], additionalProperties: false}
expr: |
  {n: input.n}
isError: input.n < 0
`})
	for n, want := range map[string]bool{`{"n": 1}`: false, `{"n": -1}`: true} {
		r, err := e.Call(context.Background(), "a", json.RawMessage(n))
		if err != nil {
			t.Fatal(err)
		}
		if r.IsError != want || (r.Structured == nil) != want {
			t.Errorf("%s: isError %v, structured %s", n, r.IsError, r.Structured)
		}
	}
}

func TestLimit(t *testing.T) {
	tool := func(limit, expr string) string {
		return "tool: a\ndescription: Gives back a value that is large.\n" +
			"inputSchema: {type: object, properties: {n: {type: integer}}, required: [n], additionalProperties: false}\n" +
			"limit: " + limit + "\nexpr: |\n  " + expr + "\n"
	}
	for _, test := range []struct {
		name, limit, expr string
		most              int
		note              string
	}{
		{"items", "{items: 3}", `{xs: 1..input.n, kept: "whole"}`, 0, "the list /xs holds 3 of 1000 elements"},
		{"bytes", "{bytes: 200}", `{xs: 1..input.n, kept: "whole"}`, 200, "of 1000 elements"},
		{"the larger list first", "{bytes: 300}", `{small: 1..20, large: 1..input.n}`, 300, "the list /large holds"},
		{"texts after lists", "{bytes: 200}", `{t: repeat("é", input.n), xs: [1]}`, 200, "the text /t was cut"},
		{"one list around another", "{bytes: 200}", `[1..input.n]`, 200, "the list /0 holds 68 of 1000 elements"},
		{"many members", "{bytes: 200}", `fromPairs(map(1..input.n, ["k" + string(#), "x"]))`, 200, "the object (the whole) holds 18 of 1000 members"},
		{"text alone", "{bytes: 100}", `repeat("é", input.n)`, 100, "the text (the whole) was cut"},
	} {
		t.Run(test.name, func(t *testing.T) {
			e := newEngine(nil)
			publish(t, e, files{"a.yaml": tool(test.limit, test.expr)})
			r, err := e.Call(context.Background(), "a", json.RawMessage(`{"n": 1000}`))
			if err != nil {
				t.Fatal(err)
			}
			if r.IsError || len(r.Content) != 2 {
				t.Fatalf("%+v", r)
			}
			if r.Structured != nil && test.most > 0 && len(r.Structured) < test.most*3/4 {
				t.Errorf("only %d of %d bytes are used: %s", len(r.Structured), test.most, r.Structured)
			}
			if test.most > 0 && len(r.Content[0].Text) > test.most {
				t.Errorf("%d bytes: %s", len(r.Content[0].Text), r.Content[0].Text)
			}
			if r.Structured != nil && !json.Valid(r.Structured) {
				t.Errorf("not JSON: %s", r.Structured)
			}
			note := r.Content[1].Text
			if !strings.Contains(note, test.note) || !strings.Contains(note, "arguments: n") {
				t.Errorf("the note is %q", note)
			}
		})
	}
}

func TestAResultThatCannotBeCut(t *testing.T) {
	e := newEngine(nil)
	publish(t, e, files{"a.yaml": `tool: a
description: Gives back a long number.
inputSchema: {type: object, properties: {n: {type: integer}}, required: [n], additionalProperties: false}
limit: {bytes: 100}
expr: input.n
`})
	got, isError := call(t, e, engine.Local, "a", `{"n": 1`+strings.Repeat("0", 200)+`}`)
	if want := "The result is too large, and no part of it can be left out. Ask for less with the arguments: n."; !isError || got != want {
		t.Errorf("got %q", got)
	}
}
