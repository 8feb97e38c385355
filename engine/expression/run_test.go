package expression

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/toolsd/toolsd/engine/jsonschema"
	"github.com/toolsd/toolsd/schema"
)

func textNode(text string) *schema.Node { return &schema.Node{Kind: schema.String, Text: text} }

func typeOf(k jsonschema.Kind) *jsonschema.Type { return &jsonschema.Type{Kind: k} }

func present(t *jsonschema.Type) jsonschema.Member {
	return jsonschema.Member{Type: t, Required: true}
}

// testScope knows an input of every kind, with members that may be absent or
// null, and a response of which nothing is known.
func testScope() *Scope {
	item := &jsonschema.Type{Kind: jsonschema.ObjectKind, Members: map[string]jsonschema.Member{
		"name": present(typeOf(jsonschema.StringKind)),
		"size": present(typeOf(jsonschema.IntKind)),
	}}
	box := &jsonschema.Type{Kind: jsonschema.ObjectKind, Closed: true, Members: map[string]jsonschema.Member{
		"k":      present(typeOf(jsonschema.StringKind)),
		"remark": {Type: typeOf(jsonschema.StringKind)},
	}}
	return &Scope{
		Names: map[string]*jsonschema.Type{
			"input": {Kind: jsonschema.ObjectKind, Members: map[string]jsonschema.Member{
				"price":  present(typeOf(jsonschema.FloatKind)),
				"qty":    present(typeOf(jsonschema.IntKind)),
				"name":   present(typeOf(jsonschema.StringKind)),
				"on":     present(typeOf(jsonschema.BoolKind)),
				"tags":   present(&jsonschema.Type{Kind: jsonschema.ListKind, Elem: typeOf(jsonschema.StringKind)}),
				"items":  present(&jsonschema.Type{Kind: jsonschema.ListKind, Elem: item}),
				"free":   present(&jsonschema.Type{Kind: jsonschema.ObjectKind, Rest: &jsonschema.Type{}}),
				"any":    present(&jsonschema.Type{}),
				"remark": {Type: typeOf(jsonschema.StringKind)},
				"rank":   present(&jsonschema.Type{Kind: jsonschema.IntKind, Nullable: true}),
				"flag":   {Type: typeOf(jsonschema.BoolKind)},
				"state":  present(&jsonschema.Type{Kind: jsonschema.StringKind, Literals: []any{"open", "closed", "all"}}),
				"box":    {Type: box},
				"boxes":  present(&jsonschema.Type{Kind: jsonschema.ListKind, Elem: box}),
				"sizes":  present(&jsonschema.Type{Kind: jsonschema.ObjectKind, Rest: typeOf(jsonschema.IntKind)}),
			}},
			"response": {},
		},
		Env: &Env{
			Lookup: func(name string) (string, bool) {
				value, ok := map[string]string{"TOKEN": "s3cret", "EMPTY": ""}[name]
				return value, ok
			},
			Exposed: func(name string) bool { return name != "HIDDEN" },
			Used:    map[string]bool{},
		},
	}
}

func testVars() Vars {
	return Vars{
		"input": map[string]any{
			"price": 2.5, "qty": 3, "name": "Zoë's \"x\"", "on": true, "tags": []any{"b", "a"},
			"items": []any{
				map[string]any{"name": "pen", "size": 2},
				map[string]any{"name": "ink", "size": 1},
			},
			"free": map[string]any{"k": nil},
			"any":  json.Number("12345678901234567890"),
			"rank": nil, "state": "open", "boxes": []any{map[string]any{"k": "x"}}, "sizes": map[string]any{"s": 1},
		},
		"response": map[string]any{"status": 200, "body": map[string]any{"n": 1e21, "list": []any{1, "a", nil}}},
	}
}

func build(t testing.TB, text string) *Program {
	t.Helper()
	e, ds := testScope().Check(textNode(text))
	if e == nil {
		t.Fatalf("check %q: %v", text, ds)
	}
	p, err := e.Build(testScope(), Bounds{})
	if err != nil {
		t.Fatalf("build %q: %v", text, err)
	}
	return p
}

func TestRun(t *testing.T) {
	clock := time.Date(2026, 1, 2, 3, 4, 5, 600_000_000, time.UTC)
	ctx := WithClock(t.Context(), clock)
	tests := map[string]any{
		`1 + 2 * 3`:                           7,
		`7 / 2`:                               3.5,
		`7 % 4`:                               3,
		`2 ** 10`:                             1024.0,
		`-input.qty - 1`:                      -4,
		`input.price * input.qty`:             7.5,
		`"a" + "b" + "c"`:                     "abc",
		`null`:                                nil,
		`nil ?? null ?? 4`:                    4,
		`input.free.x ?? "none"`:              "none",
		`input.free.x?.y.z`:                   nil,
		`input.free?.k == null`:               true,
		`input.qty == 3 and input.on`:         true,
		`input.free.q == 3`:                   false,
		`1 < input.qty < 5`:                   true,
		`1 < len(map(input.items, # )) < 5`:   true,
		`[1, 2.0, "x"] == [1, 2, "x"]`:        true,
		`{a: [1]} == {a: [1.0]}`:              true,
		`{a: 1} != {a: 2}`:                    true,
		`"a" in input.tags`:                   true,
		`"z" not in input.tags`:               true,
		`"k" in input.free`:                   true,
		`input.any == input.any`:              true,
		`string(input.any)`:                   "12345678901234567890",
		`3 in 1..4`:                           true,
		`1..3`:                                []any{1, 2, 3},
		`3..1`:                                []any{},
		`if input.on { "yes" } else { "no" }`: "yes",
		`let x = input.qty; let y = x + 1; [x, y]`:        []any{3, 4},
		`input.items | map(.name) | join(", ")`:           "pen, ink",
		`map(input.items, {{n: .name, i: #index}})`:       []any{map[string]any{"n": "pen", "i": 0}, map[string]any{"n": "ink", "i": 1}},
		`filter(input.items, .size > 1)`:                  []any{map[string]any{"name": "pen", "size": 2}},
		`input.items | sortBy(.size) | map(.name)`:        []any{"ink", "pen"},
		`sortBy(input.items, .size, "desc") | map(.name)`: []any{"pen", "ink"},
		`map(input.items, sortBy([2, 1], #))`:             []any{[]any{1, 2}, []any{1, 2}},
		`groupBy([1, 2, 3, 4], # % 2)`:                    map[string]any{"0": []any{2, 4}, "1": []any{1, 3}},
		`reduce(1..4, #acc + #, 0)`:                       10,
		`reduce(1..4, #acc + #)`:                          10,
		`sum([1, 2, 3])`:                                  6,
		`sum(input.items, .size)`:                         3,
		`sum([1.5, 2])`:                                   3.5,
		`count(input.items, .size > 0)`:                   2,
		`count([true, false])`:                            1,
		`all(1..3, # > 0) and none(1..3, # > 3) and one(1..3, # == 2) and any(1..3, # == 3)`: true,
		`find(input.items, .name == "ink").size`:                                             1,
		`findIndex([1, 2], # == 2)`:                                                          1,
		`findLast([1, 2, 3], # < 3)`:                                                         2,
		`findLastIndex([1, 2, 3], # < 3)`:                                                    1,
		`[1, findLast([1, 2, 3], # < 3), json(findLast([4], true))]`:                         []any{1, 2, "4"},
		`[1, findLast([1], # > 3), findLastIndex([], true), 2]`:                              []any{1, nil, nil, 2},
		`[last([1, 2]), findLast([4, 5], # < 5), last([3])]`:                                 []any{2, 4, 3},
		`[findLastIndex([4, 5], # < 5), last([1, 2])]`:                                       []any{0, 2},
		`[1, findLastIndex([5, 6, 7], # < 7)]`:                                               []any{1, 1},
		`map(filter([1, 2, 3], # > 1), # * 2)`:                                               []any{4, 6},
		`[1, 2, 3][1:]`:                                                                      []any{2, 3},
		`[1, 2, 3][-1]`:                                                                      3,
		`first([]) ?? "none"`:                                                                "none",
		`get([1], 5)`:                                                                        nil,
		`keys({b: 1, a: 2})`:                                                                 []any{"a", "b"},
		`values({b: 1, a: 2})`:                                                               []any{2, 1},
		`toPairs({b: 1, a: 2})`:                                                              []any{[]any{"a", 2}, []any{"b", 1}},
		`fromPairs([["a", 1], [2, "b"]])`:                                                    map[string]any{"a": 1, "2": "b"},
		`flatten([1, [2, [3]]])`:                                                             []any{1, 2, 3},
		`concat([1], [2], [])`:                                                               []any{1, 2},
		`uniq([1, 1.0, "1", 1])`:                                                             []any{1, "1"},
		`reverse([1, 2])`:                                                                    []any{2, 1},
		`sort(["b", "a"])`:                                                                   []any{"a", "b"},
		`sort([2, 1.5, 3], "desc")`:                                                          []any{3, 2, 1.5},
		`take(1..10, 2)`:                                                                     []any{1, 2},
		`take([1], 20)`:                                                                      []any{1},
		`max([1, 5, 2.5])`:                                                                   5,
		`min(3, [1, 2])`:                                                                     1,
		`mean([1, 2])`:                                                                       1.5,
		`median([3, 1, 2])`:                                                                  2,
		`round(2.5)`:                                                                         3.0,
		`int(2.9)`:                                                                           2,
		`int("42")`:                                                                          42,
		`float("1e3")`:                                                                       1000.0,
		`abs(-3)`:                                                                            3,
		`fixed(2.345, 2)`:                                                                    "2.35",
		`fixed(1e21, 0)`:                                                                     "1000000000000000000000",
		`string(100000000.0)`:                                                                "100000000",
		`string(response.body.n)`:                                                            "1000000000000000000000",
		`string(null)`:                                                                       "",
		`string({b: 1, a: [null, "<é\n>"]})`:                                                 `{"a":[null,"<é\n>"],"b":1}`,
		`toJSON({b: 1.5, a: "x"})`:                                                           `{"a":"x","b":1.5}`,
		`fromJSON("{\"a\": [1, 1.5, 12345678901234567890]}")`:                                map[string]any{"a": []any{1, 1.5, json.Number("12345678901234567890")}},
		`join([1, "a", null, true], "-")`:                                                    "1-a--true",
		`split("a,b", ",")`:                                                                  []any{"a", "b"},
		`split("a,b,c", ",", 2)`:                                                             []any{"a", "b,c"},
		`splitAfter("a,b", ",")`:                                                             []any{"a,", "b"},
		`join(split("a b", " "), "+")`:                                                       "a+b",
		`replace("aaa", "a", "bb")`:                                                          "bbbbbb",
		`replace("aaa", "a", "", 1)`:                                                         "aa",
		`repeat("ab", 2)`:                                                                    "abab",
		`::repeat("ab", 2)`:                                                                  "abab",
		`upper("é") + lower("É")`:                                                            "Éé",
		`trim("  a ") + trim("xax", "x")`:                                                    "aa",
		`trimPrefix("abc", "a") + trimSuffix("abc", "c")`:                                    "bcab",
		`hasPrefix("abc", "a") and hasSuffix("abc", "c")`:                                    true,
		`indexOf("abcb", "b") + lastIndexOf("abcb", "b")`:                                    4,
		`"abc" contains "b" and "abc" startsWith "a" and "abc" endsWith "c"`: true,
		`"a1" matches "^[a-z][0-9]$"`:                                        true,
		`"a1" matches input.name`:                                            false,
		"`\\d` + \"x\"":                                                      `\dx`,
		`truncate("héllo wörld", 6)`:                                         "héllo…",
		`truncate("héllo", 5)`:                                               "héllo",
		`merge({a: 1}, {b: 2}, null, {a: 3})`:                                map[string]any{"a": 3, "b": 2},
		`pick({a: 1, b: 2}, ["a", "z"])`:                                     map[string]any{"a": 1},
		`omit({a: 1, b: 2}, ["a"])`:                                          map[string]any{"b": 2},
		`sha256("abc")`:                                                      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
		`hmac("key", "The quick brown fox jumps over the lazy dog")`:         "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8",
		`base64("a") + toBase64("a") + fromBase64("YQ==")`:                   "YQ==YQ==a",
		`odata(input.name)`:                                                  `'Zoë''s "x"'`,
		`odata(3)`:                                                           "3",
		`json(input.name)`:                                                   `"Zoë's \"x\""`,
		`xml(input.name)`:                                                    `Zoë&#39;s &#34;x&#34;`,
		`len(uuid())`:                                                        36,
		`now()`:                                                              clock,
		`string(now())`:                                                      "2026-01-02T03:04:05.6Z",
		`now().Year()`:                                                       2026,
		`now().Month()`:                                                      1,
		`now().Format("2006-01-02")`:                                         "2026-01-02",
		`now().IsZero()`:                                                     false,
		`(now() - now()).Hours()`:                                            0.0,
		`now() + duration("1h")`:                                             clock.Add(time.Hour),
		`duration("90m")`:                                                    "1h30m0s",
		`date("2026-01-02").Weekday()`:                                       5,
		`env.TOKEN`:                                                          "s3cret",
		`env.EMPTY ?? "d"`:                                                   "d",
		`env.EMPTY ?? env.NONE ?? "d"`:                                       "d",
		`type(1)`:                                                            "int",
		`response.body.list[2]`:                                              nil,
		`response.status >= 200`:                                             true,
		`// comment
		 1 /* two */ + 2`: 3,
	}
	for text, want := range tests {
		t.Run(text, func(t *testing.T) {
			got, err := build(t, text).Run(ctx, testVars())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRunFaults(t *testing.T) {
	tests := map[string]string{
		`7 / 0`:                                   "division by zero",
		`7 / (input.qty - 3)`:                     "division by zero",
		`7 % 0`:                                   "division by zero",
		`2.0 ** 5000`:                             "infinite or not a number",
		`1e308 * 10.0`:                            "infinite or not a number",
		`9223372036854775807 + 1`:                 "integer result is too large",
		`-9223372036854775807 - 2`:                "integer result is too large",
		`9223372036854775807 * 2`:                 "integer result is too large",
		`sum([9223372036854775807, 1])`:           "integer result is too large",
		`int(1e300)`:                              "integer result is too large",
		`input.any + 1`:                           "too large or too precise",
		`input.any * 2`:                           "too large or too precise",
		`input.any / 2`:                           "too large or too precise",
		`input.free.x + 1`:                        `"+" cannot be used on null`,
		`upper(response.body.list[2])`:            "upper: text is needed, this is null",
		`map(response.body, #)`:                   "a list is needed, this is an object",
		`map(response.none, #)`:                   "a list is needed, this is null",
		`response.body.list[9]`:                   "index out of range",
		`response.body.list[1][0:1]`:              "only a list is cut by position",
		`response.none.x`:                         "cannot fetch",
		`not response.none`:                       "boolean is needed, this is null",
		`[1, "a"] | sort()`:                       "no order",
		`groupBy([[1]], #)`:                       "unhashable",
		`fromBase64("%" + "")`:                    "not base64",
		`fromJSON("{" + "")`:                      "not JSON",
		`response.status.x`:                       "cannot fetch",
		`truncate("a", 0)`:                        "at least one character",
		`now().Format`:                            "not data",
		`"a" matches response.body.list[1] + "("`: "cannot be read",
	}
	for text, want := range tests {
		t.Run(text, func(t *testing.T) {
			value, err := build(t, text).Run(t.Context(), testVars())
			var fault *Fault
			if !errors.As(err, &fault) {
				t.Fatalf("got %v, %v; want a fault", value, err)
			}
			if !strings.Contains(fault.Cause.Error(), want) {
				t.Errorf("got %q, want %q in it", fault.Cause, want)
			}
		})
	}
}

func TestFail(t *testing.T) {
	_, err := build(t, `first([]) ?? fail("No " + input.name)`).Run(t.Context(), testVars())
	var failure *Failure
	if !errors.As(err, &failure) || failure.Message != `No Zoë's "x"` {
		t.Errorf("got %v, want the failure", err)
	}
}

func TestCanceled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := build(t, `count(1..1000, count(1..1000, true) > 0)`).Run(ctx, nil)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the cause of the context", err)
	}
}
