package expression

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

// What the caller sent, and nothing else, made these fail: the caller is told.
func TestArgumentsThatCannotBeUsed(t *testing.T) {
	vars := Vars{"input": map[string]any{
		"name": "Mars/Phobos", "qty": 0, "price": json.Number("0.12345678901234567890"), "any": json.Number("12345678901234567890"),
		"tags": []any{"a", "2026-13-01"}, "free": map[string]any{"zone": "Europe/Berln"},
	}}
	for text, want := range map[string]string{
		`timezone(input.name)`:                         `The argument name cannot be used: the text is not the name of a time zone such as Europe/Berlin, this is "Mars/Phobos".`,
		`now().In(timezone(input.free.zone))`:          `The argument free.zone cannot be used: the text is not the name of a time zone such as Europe/Berlin, this is "Europe/Berln".`,
		`date(input.name)`:                             `The argument name cannot be used: the text is not a date such as 2026-01-31 or a time such as 2026-01-31T12:00:00Z, this is "Mars/Phobos".`,
		`date(input.name, "2006-01-02")`:               `The argument name cannot be used: the text is not a time written as 2006-01-02, this is "Mars/Phobos".`,
		`date("2026-01-02", "2006-01-02", input.name)`: `The argument name cannot be used: the text is not the name of a time zone such as Europe/Berlin, this is "Mars/Phobos".`,
		`map(input.tags, date(#))`:                     `The arguments cannot be used: the text is not a date such as 2026-01-31 or a time such as 2026-01-31T12:00:00Z, this is "a".`,
		`let when = input.name; duration(when)`:        `The arguments cannot be used: the text is not a duration such as 1h30m, this is "Mars/Phobos".`,
		`fromJSON(input.name)`:                         `The argument name cannot be used: the text is not JSON, this is "Mars/Phobos".`,
		`int(input.name)`:                              `The argument name cannot be used: the text is not an integer, this is "Mars/Phobos".`,
		`float(input.name)`:                            `The argument name cannot be used: the text is not a number, this is "Mars/Phobos".`,
		`fromBase64(input.name)`:                       `The argument name cannot be used: the text is not base64, this is "Mars/Phobos".`,
		`int(trim(input.name))`:                        `The arguments cannot be used: the text is not an integer, this is "Mars/Phobos".`,
		`input.any + 1`:                                `The argument any cannot be used: the number is too large or too precise for arithmetic.`,
		`input.price * 2.0`:                            `The argument price cannot be used: the number is too large or too precise for arithmetic.`,
		`-input.price`:                                 `The argument price cannot be used: the number is too large or too precise for arithmetic.`,
		`round(input.price)`:                           `The argument price cannot be used: the number is too large or too precise for arithmetic.`,
		`sum([input.qty, input.any])`:                  `The arguments cannot be used: the number is too large or too precise for arithmetic.`,
		`7 / input.qty`:                                `The argument qty cannot be used: division by zero.`,
		`7 % input.qty`:                                `The argument qty cannot be used: division by zero.`,
		`input.qty / input.qty`:                        `The argument qty cannot be used: division by zero.`,
		`(input.qty + 9223372036854775807) * 2`:        `The arguments cannot be used: the integer result is too large.`,
		`input.tags[2]`:                                `The argument tags cannot be used: index out of range: there is no element 2 in a list of 2.`,
		`repeat(input.name, input.qty - 1)`:            `The arguments cannot be used: the count is negative.`,
		`1..(input.qty + 9000000000)`:                  `The arguments cannot be used: the expression makes too much data.`,
		`input.name matches input.name + "("`:          `The arguments cannot be used: the pattern cannot be read, this is "Mars/Phobos(".`,
		`int(input.name) > response.status`:            `The argument name cannot be used: the text is not an integer, this is "Mars/Phobos".`,
		`response.none ?? date(input.name)`:            `The argument name cannot be used: the text is not a date such as 2026-01-31 or a time such as 2026-01-31T12:00:00Z, this is "Mars/Phobos".`,
	} {
		t.Run(text, func(t *testing.T) {
			vars["response"] = map[string]any{"status": 200}
			value, err := build(t, text).Run(t.Context(), vars)
			var failure *Failure
			if !errors.As(err, &failure) {
				t.Fatalf("got %v, %v; want a failure", value, err)
			}
			if failure.Message != want {
				t.Errorf("got  %s\nwant %s", failure.Message, want)
			}
			var fault *Fault
			if !errors.As(failure.Cause, &fault) || strings.Contains(fault.Error(), "Mars") {
				t.Errorf("the operator is told %v", failure.Cause)
			}
		})
	}
}

// Something else than the caller's arguments takes part in these: a fault of
// the definition, and nothing of the values is shown.
func TestFaultsOfOthers(t *testing.T) {
	vars := Vars{
		"input":    map[string]any{"name": "x", "qty": 1, "tags": []any{}},
		"response": map[string]any{"text": "secret", "n": json.Number("12345678901234567890"), "zero": 0, "list": []any{"a"}},
	}
	for _, text := range []string{
		`date(response.text)`, `int(env.TOKEN)`, `int(env.TOKEN + input.name)`, `map(response.list, int(#))`,
		`let t = response.text; [input.name, int(t)]`, `input.qty / response.zero`, `response.n + input.qty`,
		`7 / 0`, `reduce(response.list, int(#) + #acc, input.qty)`, `response.list[input.qty]`, `input.free.x + 1`,
		`timezone(response.text + input.name)`,
	} {
		t.Run(text, func(t *testing.T) {
			_, err := build(t, text).Run(t.Context(), vars)
			var failure *Failure
			if err == nil || errors.As(err, &failure) {
				t.Fatalf("got %v, want a fault", err)
			}
			if s := err.Error(); strings.Contains(s, "s3cret") || strings.Contains(s, "secret") {
				t.Errorf("the value is shown: %s", s)
			}
		})
	}
}

// Text is not counted by bytes, whatever asks for a part of it.
func TestTextByCharacters(t *testing.T) {
	vars := Vars{"response": map[string]any{"text": "héé", "n": json.Number("12345678901234567890")}}
	for _, text := range []string{`response.text[0]`, `response.text?.[0]`, `response.text[0:1]`, `first(response.text)`, `last(response.text)`, `get(response.text, 0)`, `response.n[0]`} {
		if got, err := build(t, text).Run(t.Context(), vars); err == nil {
			t.Errorf("%s gives %v", text, got)
		}
	}
	for text, want := range map[string]any{
		`indexOf(response.text, "é")`:      1,
		`lastIndexOf(response.text, "é")`:  2,
		`indexOf(response.text, "x")`:      -1,
		`len(response.text)`:               3,
		`response.none?.[0]`:               nil,
		`response.none?.[0].x.y`:           nil,
		`response["text"]`:                 "héé",
		`{a: [1, {b: 2}]}["a"][-1]["b"]`:   2,
		`get({a: 1}, "a")`:                 1,
		`get([1, 2], -1)`:                  2,
		`get(null, 1) ?? get([1], 9) ?? 7`: 7,
		`first(1..3) + last(1..3)`:         4,
		`groupBy([1, 2], # % 2)[1]`:        []any{1},
	} {
		if got, err := build(t, text).Run(t.Context(), vars); err != nil || !equalData(got, want) {
			t.Errorf("%s gives %v, %v", text, got, err)
		}
	}
}

func equalData(a, b any) bool {
	x, err := toJSON(a, defaultMemory)
	y, other := toJSON(b, defaultMemory)
	return err == nil && other == nil && x == y
}
