package expression

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"testing/quick"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestText(t *testing.T) {
	tests := []struct {
		value any
		want  string
	}{
		{nil, ""},
		{true, "true"},
		{-7, "-7"},
		{1e21, "1000000000000000000000"},
		{1e-7, "0.0000001"},
		{math.Copysign(0, -1), "0"},
		{100.0, "100"},
		{json.Number("12345678901234567890"), "12345678901234567890"},
		{json.Number("-1.50e3"), "-1500"},
		{json.Number("-1.5E-3"), "-0.0015"},
		{json.Number("120e-1"), "12"},
		{json.Number("0e5"), "0"},
		{"a", "a"},
		{[]byte("a"), "YQ=="},
		{time.Date(2026, 1, 2, 3, 4, 5, 0, time.FixedZone("", 3600)), "2026-01-02T03:04:05+01:00"},
		{90 * time.Minute, "1h30m0s"},
		{[]any{1, "a", nil, 1e21}, `[1,"a",null,1000000000000000000000]`},
		{map[string]any{"b": "é\"<", "a": []any{}}, `{"a":[],"b":"é\"<"}`},
		{[]string{"a"}, `["a"]`},
	}
	for _, tt := range tests {
		got, err := Text(tt.value)
		if err != nil || got != tt.want {
			t.Errorf("%v: got %q, %v; want %q", tt.value, got, err, tt.want)
		}
	}
	for _, value := range []any{math.NaN(), math.Inf(1), []any{math.Inf(-1)}, func() {}, json.Number("1e999999999")} {
		if got, err := Text(value); err == nil {
			t.Errorf("%T: got %q, want an error", value, got)
		}
	}
}

// No number is written with an exponent, and none loses digits.
func TestTextOfNumbers(t *testing.T) {
	law := func(f float64) bool {
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return true
		}
		text, err := Text(f)
		kept, err2 := Text(json.Number(jsonOf(f)))
		var back float64
		err3 := json.Unmarshal([]byte(text), &back)
		return err == nil && err2 == nil && err3 == nil && back == f && !strings.ContainsAny(text+kept, "eE")
	}
	if err := quick.Check(law, &quick.Config{MaxCount: 5000}); err != nil {
		t.Error(err)
	}
}

func jsonOf(f float64) string {
	out, err := json.Marshal(f)
	if err != nil {
		panic(err)
	}
	return string(out)
}

func TestPlain(t *testing.T) {
	list := []any{1, map[string]any{"a": nil}}
	got, err := Plain(list)
	if err != nil || &got.([]any)[0] != &list[0] {
		t.Errorf("a plain list was copied: %v", err)
	}
	mixed := map[string]any{"d": time.Second, "k": 1, "n": []any{[]string{"a"}, 2}}
	got, err = Plain(mixed)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"d": "1s", "k": 1, "n": []any{[]any{"a"}, 2}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if mixed["d"] != time.Second {
		t.Error("the argument was written to")
	}
	got, err = Plain(map[any][]any{1: {uint8(2)}, "x": nil})
	if diff := cmp.Diff(map[string]any{"1": []any{2}, "x": []any{}}, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
	for _, bad := range []any{math.Inf(1), []any{math.NaN()}, make(chan int), map[string]any{"f": func() {}}} {
		if got, err := Plain(bad); err == nil {
			t.Errorf("got %v, want an error", got)
		}
	}
}
