package expression

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/builtin"
)

var numberFunctions = []Function{
	{Name: "abs", takes: "int -> int; float -> float; other -> any", Signature: "abs(number)", Doc: "The number without its sign.", run: absolute},
	{Name: "bitand", takes: "int, int -> int", Signature: "bitand(a, b)", Doc: "The bits that both have."},
	{Name: "bitnand", takes: "int, int -> int", Signature: "bitnand(a, b)", Doc: "The bits that a has and b has not."},
	{Name: "bitnot", takes: "int -> int", Signature: "bitnot(a)", Doc: "The bits that a has not."},
	{Name: "bitor", takes: "int, int -> int", Signature: "bitor(a, b)", Doc: "The bits that one of them has."},
	{Name: "bitshl", takes: "int, int -> int", Signature: "bitshl(a, count)", Doc: "The bits moved to the left."},
	{Name: "bitshr", takes: "int, int -> int", Signature: "bitshr(a, count)", Doc: "The bits moved to the right, with the sign."},
	{Name: "bitushr", takes: "int, int -> int", Signature: "bitushr(a, count)", Doc: "The bits moved to the right, without the sign."},
	{Name: "bitxor", takes: "int, int -> int", Signature: "bitxor(a, b)", Doc: "The bits that exactly one of them has."},
	{Name: "ceil", takes: "int -> int; number -> number", Signature: "ceil(number)", Doc: "The number rounded up.", run: rounded(math.Ceil)},
	{Name: "fixed", takes: "number, int -> text", Signature: "fixed(number, digits)", Doc: "The number as text with so many digits after the point.", run: fixed, types: []any{new(func(any, int) string)}},
	{Name: "float", takes: "number|text -> float", Signature: "float(x)", Doc: "The number that a text or number stands for.", run: toFloat},
	{Name: "floor", takes: "int -> int; number -> number", Signature: "floor(number)", Doc: "The number rounded down.", run: rounded(math.Floor)},
	{Name: "int", takes: "number|text -> int", Signature: "int(x)", Doc: "The integer that a text stands for, or a number without its fraction.", run: toInteger},
	{Name: "max", takes: "number|[number]|nested… -> perhaps number", Signature: "max(numbers)", Doc: "The largest number.", run: extreme(1)},
	{Name: "mean", takes: "number|[number]|nested… -> float", Signature: "mean(numbers)", Doc: "The mean of numbers.", run: mean},
	{Name: "median", takes: "number|[number]|nested… -> number", Signature: "median(numbers)", Doc: "The median of numbers.", run: median},
	{Name: "min", takes: "number|[number]|nested… -> perhaps number", Signature: "min(numbers)", Doc: "The smallest number.", run: extreme(-1)},
	{Name: "round", takes: "int -> int; number -> number", Signature: "round(number)", Doc: "The number rounded to an integer, halves away from zero.", run: rounded(math.Round)},
}

func absolute(_ *budget, args []any) (any, error) {
	switch v := args[0].(type) {
	case int:
		if v == math.MinInt {
			return nil, errOverflow
		}
		return max(v, -v), nil
	case float64:
		return math.Abs(v), nil
	}
	return nil, needNumber(args[0])
}

func needNumber(v any) error {
	if _, ok := v.(json.Number); ok {
		return errInexact
	}
	return fmt.Errorf("a number is needed, this is %s", kind(v))
}

// rounded makes a function of one for floats; an integer is what it is.
func rounded(f func(float64) float64) implementation {
	return func(_ *budget, args []any) (any, error) {
		switch v := args[0].(type) {
		case int:
			return v, nil
		case float64:
			return f(v), nil
		}
		return nil, needNumber(args[0])
	}
}

func fixed(b *budget, args []any) (any, error) {
	f, ok := number(args[0])
	if !ok {
		return nil, needNumber(args[0])
	}
	places, err := integerArgument(args, 1)
	if err != nil {
		return nil, err
	}
	const most = 100
	if places < 0 || places > most {
		return nil, &unfit{message: fmt.Sprintf("the digits are 0 to %d", most)}
	}
	if i, ok := args[0].(int); ok {
		text := strconv.Itoa(i)
		if places > 0 {
			text += "." + strings.Repeat("0", places)
		}
		return text, nil
	}
	if _, err := finite(f); err != nil {
		return nil, err
	}
	text := strconv.FormatFloat(f, 'f', places, 64)
	return text, b.charge(len(text))
}

func toFloat(_ *budget, args []any) (any, error) {
	switch v := args[0].(type) {
	case int:
		return float64(v), nil
	case float64:
		return v, nil
	case string:
		return parsed(v)
	case json.Number:
		return parsed(string(v))
	}
	return nil, fmt.Errorf("a number or text is needed, this is %s", kind(args[0]))
}

func parsed(text string) (any, error) {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return nil, unfitText("the text is not a number", text)
	}
	return f, nil
}

func toInteger(_ *budget, args []any) (any, error) {
	switch v := args[0].(type) {
	case float64:
		if _, err := finite(v); err != nil {
			return nil, err
		}
		if v >= math.MaxInt || v < math.MinInt {
			return nil, errOverflow
		}
	case string:
		i, err := strconv.Atoi(v)
		if err != nil {
			return nil, unfitText("the text is not an integer", v)
		}
		return i, nil
	case json.Number:
		return nil, errInexact
	case nil, []any, map[string]any, bool:
		return nil, fmt.Errorf("a number or text is needed, this is %s", kind(v))
	}
	return builtin.Int(args[0]), nil
}

// extreme is max and min.
func extreme(sign int) implementation {
	return func(b *budget, args []any) (any, error) {
		all, err := flatten(b, nil, args, 0)
		if err != nil {
			return nil, err
		}
		var out any
		for _, v := range all {
			if _, ok := number(v); !ok {
				return nil, needNumber(v)
			}
			if out == nil {
				out = v
				continue
			}
			c, err := compare(b, v, out)
			if err != nil {
				return nil, err
			}
			if c*sign > 0 {
				out = v
			}
		}
		return out, nil
	}
}

// floats returns all numbers among the arguments and lists in them.
func floats(b *budget, args []any) ([]float64, error) {
	all, err := flatten(b, nil, args, 0)
	if err != nil {
		return nil, err
	}
	if err := b.charge(8 * len(all)); err != nil {
		return nil, err
	}
	out := make([]float64, len(all))
	for i, v := range all {
		f, ok := number(v)
		if !ok {
			return nil, needNumber(v)
		}
		out[i] = f
	}
	return out, nil
}

func mean(b *budget, args []any) (any, error) {
	list, err := floats(b, args)
	if err != nil || len(list) == 0 {
		return 0.0, err
	}
	total := 0.0
	for _, f := range list {
		total += f
	}
	return finite(total / float64(len(list)))
}

// median returns the element in the middle itself, which may be an integer
// that a float cannot hold.
func median(b *budget, args []any) (any, error) {
	all, err := flatten(b, nil, args, 0)
	if err != nil || len(all) == 0 {
		return 0.0, err
	}
	for _, v := range all {
		if _, ok := number(v); !ok {
			return nil, needNumber(v)
		}
	}
	if all, err = sortedBy(b, []any{all, all}); err != nil {
		return nil, err
	}
	middle := len(all) / 2
	if len(all)%2 == 1 {
		return all[middle], nil
	}
	low, _ := number(all[middle-1])
	high, _ := number(all[middle])
	return finite((low + high) / 2)
}
