package jsonschema

import (
	"encoding/json"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestDecodeValues(t *testing.T) {
	const open = `
type: object
properties:
  i: {type: integer}
  f: {type: number}
  list: {type: array, items: {type: integer}}
  tree: {$ref: '#/$defs/tree'}
$defs: {tree: {type: object, properties: {n: {type: integer}, sub: {$ref: '#/$defs/tree'}}}}`
	const withDefaults = `
type: object
properties:
  state: {type: string, default: open}
  page: {type: object, default: {}, properties: {size: {type: integer, default: 20.0}}}
  sort: {type: object, properties: {by: {type: string, default: name}}}
  rows: {type: array, items: {type: object, properties: {n: {$ref: '#/$defs/n'}}}}
  same: {$ref: '#/$defs/again'}
  gone: {type: [string, "null"], default: null}
anyOf: [{properties: {never: {default: 1}}}]
$defs:
  n: {type: number, default: 1}
  again: {type: object, default: {}, properties: {same: {$ref: '#/$defs/again'}}}`
	filled := map[string]any{
		"state": "open", "page": map[string]any{"size": 20}, "gone": nil,
		"same": map[string]any{"same": map[string]any{}},
	}
	for _, test := range []struct {
		name, schema, text string
		want               any
	}{
		{"nothing", open, " \n", map[string]any{}},
		{"numbers", open, `{"i": 1.0, "f": 1, "a": 1, "b": 1.0, "c": 1e2}`,
			map[string]any{"i": 1, "f": 1.0, "a": 1, "b": 1.0, "c": 100.0}},
		{"whole in other clothes", open, `{"i": 50e-1, "list": [1e3, -0, 9007199254740993]}`,
			map[string]any{"i": 5, "list": []any{1000, 0, 9007199254740993}}},
		{"the largest int and beyond", open, `{"i": 9223372036854775807, "list": [9223372036854775808]}`,
			map[string]any{"i": math.MaxInt64, "list": []any{json.Number("9223372036854775808")}}},
		{"floats", open, `{"f": 0.1, "a": 0.30000000000000004, "b": 0.1000000000000000055511151231257827, "c": 1e400, "d": 1e23, "e": 1e-400}`,
			map[string]any{"f": 0.1, "a": 0.30000000000000004, "b": json.Number("0.1000000000000000055511151231257827"), "c": json.Number("1e400"), "d": 1e23, "e": json.Number("1e-400")}},
		{"a number that no float holds", open, `{"f": 9007199254740993}`, map[string]any{"f": json.Number("9007199254740993")}},
		{"below recursion", open, `{"tree": {"sub": {"sub": {"n": 7}}}}`,
			map[string]any{"tree": map[string]any{"sub": map[string]any{"sub": map[string]any{"n": 7}}}}},
		{"escapes", open, `{"a\u00e9\n": "\ud83d\ude00", "\"": ["", {}, [], true, false, null]}`,
			map[string]any{"aé\n": "😀", `"`: []any{"", map[string]any{}, []any{}, true, false, nil}}},
		{"defaults of nothing", withDefaults, `{}`, filled},
		{"defaults of what is there", withDefaults, `{"state": "x", "page": {"size": 5}, "sort": {}, "rows": [{}, {"n": 2}], "same": {}, "gone": "y"}`,
			map[string]any{"state": "x", "page": map[string]any{"size": 5}, "sort": map[string]any{"by": "name"}, "rows": []any{map[string]any{"n": 1.0}, map[string]any{"n": 2.0}},
				"same": map[string]any{"same": map[string]any{}}, "gone": "y"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := validator(t, test.schema, Input)
			for range 2 { // a default that is shared would show the second time
				got, found, err := v.Decode([]byte(test.text))
				if err != nil || found != nil {
					t.Fatal(err, found)
				}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("value (-want +got):\n%s", diff)
				}
				if object, ok := got.(map[string]any); ok {
					if page, ok := object["page"].(map[string]any); ok {
						page["spoilt"] = true
					}
				}
			}
		})
	}
}

func TestDecodeRefuses(t *testing.T) {
	v := validator(t, `{type: object}`, Input)
	for text, want := range map[string]string{
		`{`:                             "not JSON",
		`{} {}`:                         "not JSON",
		`{"a": 1, "a": 2}`:              `the key "a" is there twice`,
		`{"x": {"a": 1, "\u0061": 2}}`:  `the key "a" is there twice`,
		"{\"a\": \"\xff\"}":             "not UTF-8",
		`{"a": 1e1001}`:                 "a number has more than",
		`{"a": 1e99999999999999999999}`: "a number has more than",
		`{"a": ` + strings.Repeat("9", 1001) + `}`:                             "a number has more than",
		`{"a": ` + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + `}`: "nests deeper than 1000",
		`{"a": NaN}`: "not JSON",
		`{"a": 01}`:  "not JSON",
		"{'a': 1}":   "not JSON",
	} {
		_, _, err := v.Decode([]byte(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: error %v, want %q", text, err, want)
		}
	}
	deep := `{"a": ` + strings.Repeat("[", 999) + strings.Repeat("]", 999) + `}`
	if _, _, err := v.Decode([]byte(deep)); err != nil {
		t.Errorf("a thousand levels: %v", err)
	}
}

func TestNormalize(t *testing.T) {
	types := &Type{Kind: ObjectKind, Members: map[string]Member{"i": {Type: &Type{Kind: IntKind, Nullable: true}}}, Rest: &Type{Kind: FloatKind}}
	value := map[string]any{"i": json.Number("2.0"), "x": json.Number("2"), "l": []any{json.Number("1e999")}, "odd": json.Number("1e-99999")}
	want := map[string]any{"i": 2, "x": 2.0, "l": []any{json.Number("1e999")}, "odd": json.Number("1e-99999")}
	if diff := cmp.Diff(want, Normalize(value, types)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := Normalize(json.Number("7"), nil); got != 7 {
		t.Errorf("without a type: %v", got)
	}
}

func TestValidateTakesAnything(t *testing.T) {
	v := validator(t, `
type: object
properties:
  ints: {type: array, items: {type: integer}}
  when: {type: string, format: date-time}
  groups: {type: object, additionalProperties: {type: array}}
  raw: {type: string}
  n: {type: number}
additionalProperties: false`, Output)
	one := 1
	for _, test := range []struct {
		name  string
		value any
		want  []Violation
	}{
		{"what expressions make", map[string]any{
			"ints": []int{1, 2}, "when": time.Unix(0, 0).UTC(), "groups": map[any]any{1: []any{1}, "a": []string{"b"}},
			"raw": []byte("x"), "n": float32(0.5),
		}, nil},
		{"lists of objects", map[string]any{"groups": map[string]any{"a": []map[string]any{{"x": int64(1)}}}}, nil},
		{"pointers", map[string]any{"n": &one}, nil},
		{"not a number", map[string]any{"n": math.NaN()}, []Violation{{"/n", "a number that JSON can hold", "NaN"}}},
		{"a broken number", map[string]any{"n": json.Number("1e9999999999")}, []Violation{{"/n", "a number that JSON can hold", "1e9999999999"}}},
		{"a function", map[string]any{"n": func() {}, "ints": []any{make(chan int)}}, []Violation{
			{"/ints/0", "a value that JSON can hold", "a chan"}, {"/n", "a value that JSON can hold", "a func"}}},
		{"wrong inside", map[string]any{"ints": []any{int8(1), "2"}}, []Violation{{"/ints/1", "an integer", `"2"`}}},
		{"nil map", map[string]any(nil), nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, v.Validate(test.value)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestValidatorIsSafeForConcurrentUse(t *testing.T) {
	v := validator(t, eight, Input)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 200 {
				if _, found, err := v.Decode([]byte(eightArguments)); err != nil || found != nil {
					t.Error(found, err)
				}
				if _, found, _ := v.Decode([]byte(`{"city": 5}`)); len(found) != 2 {
					t.Error(found)
				}
			}
		})
	}
	group.Wait()
}
