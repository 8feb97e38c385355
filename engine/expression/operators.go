package expression

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"time"

	"github.com/expr-lang/expr/vm/runtime"
)

var (
	errOverflow = &unfit{message: "the integer result is too large"}
	errZero     = &unfit{message: "division by zero"}
	errInexact  = &unfit{message: "the number is too large or too precise for arithmetic"}
	errNegative = &unfit{message: "the count is negative"}
)

// An operator is a function that stands for an operator of two operands.
type operator func(b *budget, left, right any) (any, error)

// operators by their names in the environment of a run, which no author can
// write.
var operators = map[string]operator{
	" add":      add,
	" subtract": arithmetic("-", runtime.Subtract, subtractIntegers),
	" multiply": arithmetic("*", runtime.Multiply, multiplyIntegers),
	" divide":   divide,
	" modulo":   modulo,
	" power":    power,
	" equal":    func(b *budget, left, right any) (any, error) { return equal(b, left, right, 0) },
	" within":   func(b *budget, left, right any) (any, error) { return within(b, left, right) },
	" span":     span,
	" matching": matching,
	" element":  element,
	" less":     ordered(func(c int) bool { return c < 0 }),
	" more":     ordered(func(c int) bool { return c > 0 }),
	" most":     ordered(func(c int) bool { return c <= 0 }),
	" least":    ordered(func(c int) bool { return c >= 0 }),
}

// operatorNames are the operators that are always replaced by functions; ==
// and matches are where they need it.
var operatorNames = map[string]string{
	"+": " add", "-": " subtract", "*": " multiply", "/": " divide", "%": " modulo",
	"**": " power", "^": " power", "in": " within", "..": " span",
	"<": " less", ">": " more", "<=": " most", ">=": " least",
}

func add(b *budget, left, right any) (any, error) {
	switch left := left.(type) {
	case int:
		if right, ok := right.(int); ok {
			total := left + right
			if (total > left) != (right > 0) {
				return nil, errOverflow
			}
			return total, nil
		}
	case string:
		if right, ok := right.(string); ok {
			if err := b.charge(len(left) + len(right)); err != nil {
				return nil, err
			}
			return left + right, nil
		}
	}
	if err := operable("+", left, right); err != nil {
		return nil, err
	}
	return finiteOrOther(runtime.Add(left, right))
}

// arithmetic makes an operator of the library's and of one for integers that
// does not overflow.
func arithmetic(symbol string, others func(a, b any) any, integers func(a, b int) (int, bool)) operator {
	return func(_ *budget, left, right any) (any, error) {
		l, lok := left.(int)
		r, rok := right.(int)
		if lok && rok {
			result, ok := integers(l, r)
			if !ok {
				return nil, errOverflow
			}
			return result, nil
		}
		if err := operable(symbol, left, right); err != nil {
			return nil, err
		}
		return finiteOrOther(others(left, right))
	}
}

func subtractIntegers(a, b int) (int, bool) {
	d := a - b
	return d, (d < a) == (b > 0)
}

func multiplyIntegers(a, b int) (int, bool) {
	if a == 0 || b == 0 {
		return 0, true
	}
	product := a * b
	if a == -1 && b == math.MinInt || b == -1 && a == math.MinInt {
		return 0, false
	}
	return product, product/b == a
}

// operable refuses what no arithmetic takes.
func operable(symbol string, left, right any) error {
	for _, operand := range [...]any{left, right} {
		switch operand.(type) {
		case json.Number:
			return errInexact
		case int, float64, string, time.Time, time.Duration, time.Month, time.Weekday, uint8, int64:
		default:
			return fmt.Errorf("%q cannot be used on %s", symbol, kind(operand))
		}
	}
	if _, ok := left.(string); ok && symbol != "+" {
		return fmt.Errorf("%q cannot be used on text", symbol)
	}
	return nil
}

func divide(_ *budget, left, right any) (any, error) {
	l, r, err := numbers("/", left, right)
	if err != nil {
		return nil, err
	}
	if r == 0 {
		return nil, errZero
	}
	return finite(l / r)
}

func modulo(_ *budget, left, right any) (any, error) {
	l, lok := left.(int)
	r, rok := right.(int)
	switch {
	case !lok || !rok:
		return nil, fmt.Errorf("%q needs integers, these are %s and %s", "%", kind(left), kind(right))
	case r == 0:
		return nil, errZero
	case r == -1:
		return 0, nil
	}
	return l % r, nil
}

func power(_ *budget, left, right any) (any, error) {
	l, r, err := numbers("**", left, right)
	if err != nil {
		return nil, err
	}
	return finite(math.Pow(l, r))
}

// finiteOrOther refuses a float that is not finite.
func finiteOrOther(v any) (any, error) {
	if f, ok := v.(float64); ok {
		return finite(f)
	}
	return v, nil
}

// negate is the operator -.
func negate(_ *budget, value any) (any, error) {
	switch v := value.(type) {
	case int:
		if v == math.MinInt {
			return nil, errOverflow
		}
		return -v, nil
	case float64:
		return -v, nil
	case time.Duration:
		return -v, nil
	}
	return nil, needNumber(value)
}

// element is what a list holds at an index, which counts from its end where
// it is negative, or an object for a key.
func element(b *budget, collection, key any) (any, error) {
	if _, err := indexable(b, collection); err != nil {
		return nil, err
	}
	if list, ok := collection.([]any); ok {
		if i, ok := key.(int); ok {
			return at(list, i)
		}
	}
	return runtime.Fetch(collection, key), nil
}

func at(list []any, i int) (any, error) {
	from := i
	if i < 0 {
		from += len(list)
	}
	if from < 0 || from >= len(list) {
		return nil, &unfit{message: fmt.Sprintf("index out of range: there is no element %d in a list of %d", i, len(list))}
	}
	return list[from], nil
}

func finite(f float64) (any, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil, errNotFinite
	}
	return f, nil
}

func numbers(symbol string, left, right any) (l, r float64, err error) {
	l, lok := number(left)
	r, rok := number(right)
	if lok && rok {
		return l, r, nil
	}
	if err := operable(symbol, left, right); err != nil {
		return 0, 0, err
	}
	return 0, 0, fmt.Errorf("%q cannot be used on %s and %s", symbol, kind(left), kind(right))
}

func number(v any) (float64, bool) {
	switch v := v.(type) {
	case int:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

// span is the operator .., the integers from one to another.
func span(b *budget, left, right any) (any, error) {
	from, fok := left.(int)
	to, tok := right.(int)
	if !fok || !tok {
		return nil, fmt.Errorf("%q needs integers, these are %s and %s", "..", kind(left), kind(right))
	}
	if to < from {
		return []int{}, nil
	}
	if uint(to)-uint(from) >= math.MaxInt32 {
		return nil, errMemory
	}
	if err := b.elements(to - from + 1); err != nil {
		return nil, err
	}
	return runtime.MakeRange(from, to), nil
}

// matching is the operator matches with a pattern that is not a literal.
func matching(b *budget, left, right any) (any, error) {
	if left == nil || right == nil {
		return false, nil
	}
	text, ok := left.(string)
	pattern, pok := right.(string)
	if !ok || !pok {
		return nil, fmt.Errorf("%q needs texts, these are %s and %s", "matches", kind(left), kind(right))
	}
	const most, compiled = 1 << 10, 64 << 10
	if len(pattern) > most {
		return nil, fmt.Errorf("the pattern has more than %d bytes", most)
	}
	if err := b.charge(compiled); err != nil {
		return nil, err
	}
	if err := b.read(len(text)); err != nil {
		return nil, err
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil, unfitText("the pattern cannot be read", pattern)
	}
	return re.MatchString(text), nil
}
