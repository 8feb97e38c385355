package expression

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Integers that floats cannot tell apart stay what they are, whatever is done
// with them that gives an integer; numbers are compared by their value.
func TestExact(t *testing.T) {
	const large = 9007199254740993 // 2^53 + 1
	vars := Vars{
		"input": map[string]any{"qty": large, "price": json.Number("0.12345678901234567890"), "any": json.Number("12345678901234567890")},
		"response": map[string]any{
			"least": math.MinInt, "near": 9007199254740992.0, "many": json.Number("1e30"),
			"same": json.Number("1000000000000000000000000000000"), "vast": json.Number("1e999999999"),
		},
	}
	for text, want := range map[string]any{
		`round(input.qty)`:                            large,
		`floor(input.qty)`:                            large,
		`ceil(input.qty)`:                             large,
		`abs(-input.qty)`:                             large,
		`int(input.qty)`:                              large,
		`max(input.qty, 1)`:                           large,
		`min([input.qty])`:                            large,
		`median([input.qty])`:                         large,
		`median([input.qty, 1, 9007199254740999])`:    large,
		`sum([input.qty, 1])`:                         large + 1,
		`sum([{n: input.qty}], .n)`:                   large,
		`input.qty % 10`:                              3,
		`-(-input.qty)`:                               large,
		`fixed(input.qty, 2)`:                         "9007199254740993.00",
		`fixed(input.qty, 0)`:                         "9007199254740993",
		`fixed(-5, 1)`:                                "-5.0",
		`string(input.qty)`:                           "9007199254740993",
		`toJSON([input.qty, input.any])`:              "[9007199254740993,12345678901234567890]",
		`fromJSON("9007199254740993")`:                large,
		`fromJSON("0.10000000000000001")`:             json.Number("0.10000000000000001"),
		`take([1, 2], int("1"))`:                      []any{1},
		`input.qty == 9007199254740992.0`:             false,
		`input.qty != 9007199254740992.0`:             true,
		`input.qty > response.near`:                   true,
		`input.qty <= response.near`:                  false,
		`response.near < input.qty`:                   true,
		`response.near >= input.qty`:                  false,
		`input.qty in [response.near]`:                false,
		`len(uniq([input.qty, response.near]))`:       2,
		`sort([input.qty, response.near])[0]`:         9007199254740992.0,
		`input.any > 1`:                               true,
		`input.any < 1e30`:                            true,
		`input.price < 1`:                             true,
		`response.many == response.same`:              true,
		`response.many == 1e30`:                       true,
		`response.many > input.any`:                   true,
		`response.vast == response.vast`:              true,
		`response.least < -1e18`:                      true,
		`response.least == -9223372036854775808.0`:    true,
		`9223372036854775807 < 9223372036854775808.0`: true,
		`3 < 3.5`:                   true,
		`3 == 3.0`:                  true,
		`-3 > -3.5`:                 true,
		`sort([input.any, 2, 1.5])`: []any{1.5, 2, json.Number("12345678901234567890")},
		`type(input.any)`:           "int",
		`type(input.price)`:         "float",
	} {
		t.Run(text, func(t *testing.T) {
			got, err := build(t, text).Run(t.Context(), vars)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOverflow(t *testing.T) {
	vars := Vars{"response": map[string]any{"least": math.MinInt, "vast": json.Number("1e999999999")}}
	for _, text := range []string{`-response.least`, `abs(response.least)`, `response.least - 1`, `response.least * -1`, `response.vast > 1`, `-response.vast`} {
		if got, err := build(t, text).Run(t.Context(), vars); err == nil {
			t.Errorf("%s gives %v", text, got)
		}
	}
}
