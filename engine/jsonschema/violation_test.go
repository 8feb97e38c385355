package jsonschema

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const orders = `
type: object
properties:
  city: {type: string, minLength: 1, description: The city}
  days: {type: integer, minimum: 1, maximum: 14}
  state: {type: string, enum: [open, closed, all]}
  code: {type: string, pattern: '^[a-z]+$'}
  on: {type: string, format: date}
  tags: {type: array, items: {type: string}, maxItems: 3, uniqueItems: true}
  limit: {anyOf: [{type: integer, minimum: 0}, {type: "null"}]}
  shape:
    oneOf:
      - {type: object, properties: {kind: {const: circle}, radius: {type: number}}, required: [kind, radius]}
      - {type: object, properties: {kind: {const: box}, width: {type: number}, height: {type: number}}, required: [kind, width, height]}
  step: {type: number, exclusiveMinimum: 0, multipleOf: 0.25}
  both: {oneOf: [{type: integer}, {minimum: 5}]}
  never: {not: {type: string}}
  named: {type: object, propertyNames: {pattern: '^[a-z]$'}}
  pair: {type: array, prefixItems: [{type: string}, {type: integer}], items: false}
  has: {type: array, contains: {const: x}}
  part: {type: object, properties: {a/b: {type: string}}, dependentRequired: {q: [a/b]}, minProperties: 1}
required: [city]
additionalProperties: false`

func TestViolations(t *testing.T) {
	v := validator(t, orders, Input)
	for _, test := range []struct{ text, want string }{
		{`{"city": "Oslo", "days": 3, "limit": null, "step": 0.75, "shape": {"kind": "box", "width": 1, "height": 2}, "pair": ["a", 1]}`, ``},
		{`{}`, `/city: required: a string of at least 1 character`},
		{`[]`, `expected an object, got []`},
		{`{"city": "", "days": "many", "state": "opened", "code": "A", "on": "tomorrow"}`, `
/city: expected a string of at least 1 character, got ""
/code: expected text matching ^[a-z]+$, got "A"
/days: expected an integer from 1 to 14, got "many"
/on: expected a date such as 2026-01-31, got "tomorrow"
/state: expected one of "open", "closed", "all", got "opened"`},
		{`{"city": "x", "days": 15, "Days": 2, "sate": "open"}`, `
/Days: no such argument; known are: both, city, code, days, has, limit, named, never, on, pair, part, shape, state, step, tags; did you mean days?
/days: expected an integer from 1 to 14, got 15
/sate: no such argument; known are: both, city, code, days, has, limit, named, never, on, pair, part, shape, state, step, tags; did you mean state?`},
		{`{"city": "x", "tags": ["a", 1, "c", "d", 2, 3, 4, 5, 6, 7, 8]}`, `
/tags: expected a list of at most 3 elements without repetitions, each of them a string, got ["a",1,"c","d",2,3,4,5,6,7,8]
/tags/1: expected a string, got 1
/tags/4: expected a string, got 2
/tags/5: expected a string, got 3
/tags/6: expected a string, got 4
/tags/7: expected a string, got 5
/tags/8: expected a string, got 6
/tags/9: expected a string, got 7
/tags/10: expected a string, got 8`},
		{`{"city": "x", "tags": ["a", "a"]}`, `/tags: expected a list of at most 3 elements without repetitions, each of them a string; elements 0 and 1 are the same, got ["a","a"]`},
		{`{"city": "x", "limit": "5"}`, `/limit: expected an integer from 0 or null, got "5"`},
		{`{"city": "x", "shape": {"kind": "box", "width": 1}}`, `/shape/height: required: a number`},
		{`{"city": "x", "shape": {"kind": "circle", "radius": "r"}}`, `/shape/radius: expected a number, got "r"`},
		{`{"city": "x", "shape": "box"}`, `/shape: expected an object, got "box"`},
		{`{"city": "x", "step": 0.3}`, `/step: expected a number greater than 0 that is a multiple of 0.25, got 0.3`},
		{`{"city": "x", "both": 7}`, `/both: expected a value that fits only one of 2 alternatives; it fits number 1 and number 2, got 7`},
		{`{"city": "x", "never": "s"}`, `/never: expected anything but a string, got "s"`},
		{`{"city": "x", "named": {"AB": 1}}`, `/named/AB: expected as the name of a property text matching ^[a-z]$, got "AB"`},
		{`{"city": "x", "pair": ["a", "b", "c"]}`, `
/pair/1: expected an integer, got "b"
/pair/2: expected nothing here, got "c"`},
		{`{"city": "x", "has": [1]}`, `/has: expected a list, of which at least 1 must be "x", got [1]`},
		{`{"city": "x", "part": {"q": 1}}`, `/part/a~1b: required, since "q" is given: a string`},
		{`{"city": "x", "part": {}}`, `/part: expected an object of at least 1 member, got {}`},
	} {
		_, found, err := v.Decode([]byte(test.text))
		if err != nil {
			t.Fatal(err)
		}
		var said []string
		for _, f := range found {
			said = append(said, f.String())
		}
		if diff := cmp.Diff(strings.TrimSpace(test.want), strings.Join(said, "\n")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.text, diff)
		}
	}
}

func TestViolationsAreBounded(t *testing.T) {
	v := validator(t, `{type: object, additionalProperties: {type: integer}}`, Input)
	var b strings.Builder
	for i := range 200 {
		fmt.Fprintf(&b, `,"k%d":"%s"`, i, strings.Repeat("é", 500))
	}
	_, found, err := v.Decode([]byte("{" + b.String()[1:] + "}"))
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != maxViolations+1 || found[maxViolations].String() != "and 150 more" {
		t.Errorf("%d violations, the last %q", len(found), found[len(found)-1])
	}
	if found[0].Pointer != "/k0" || found[10].Pointer != "/k10" {
		t.Errorf("out of order: %s, %s", found[0].Pointer, found[10].Pointer)
	}
	if n := len([]rune(found[0].Got)); n > gotLength+1 {
		t.Errorf("%d characters are shown", n)
	}
}

func TestRecurringAlternativesEnd(t *testing.T) {
	v := validator(t, `
type: object
anyOf:
  - {properties: {a: {$ref: '#'}}, required: [x]}
  - {properties: {a: {$ref: '#'}}, required: [y]}`, Input)
	deep := func(n int) []byte {
		return []byte(strings.Repeat(`{"x":1,"a":`, n) + `{"x":1}` + strings.Repeat("}", n))
	}
	if _, found, err := v.Decode(deep(10)); err != nil || found != nil {
		t.Errorf("ten levels: %v %v", found, err)
	}
	_, found, err := v.Decode(deep(400))
	if err != nil || len(found) != 1 || !strings.Contains(found[0].Expected, "nests less deeply") {
		t.Errorf("four hundred levels: %v %v", found, err)
	}
}
