package expression

import (
	"cmp"
	"encoding/json"
	"math"
	"math/big"
)

// numbersEqual compares numbers by their value; ok is false when one of the
// operands is none.
func numbersEqual(left, right any) (equal, ok bool) {
	switch l := left.(type) {
	case int:
		switch r := right.(type) {
		case int:
			return l == r, true
		case float64:
			return compareMixed(l, r) == 0, true
		}
	case float64:
		switch r := right.(type) {
		case int:
			return compareMixed(r, l) == 0, true
		case float64:
			return l == r, true
		}
	}
	switch {
	case !isNumber(left) || !isNumber(right):
		return false, false
	case left == right:
		return true, true
	}
	c, err := compareNumbers(left, right)
	return err == nil && c == 0, true
}

func isNumber(v any) bool {
	switch v.(type) {
	case int, float64, json.Number:
		return true
	}
	return false
}

// compareNumbers orders two numbers by their value, without loss.
func compareNumbers(left, right any) (int, error) {
	l, lok := left.(int)
	r, rok := right.(int)
	if lok && rok {
		return cmp.Compare(l, r), nil
	}
	x, xok := left.(float64)
	y, yok := right.(float64)
	switch {
	case xok && yok:
		return cmp.Compare(x, y), nil
	case lok && yok:
		return compareMixed(l, y), nil
	case xok && rok:
		return -compareMixed(r, x), nil
	}
	a, err := exact(left)
	if err != nil {
		return 0, err
	}
	b, err := exact(right)
	if err != nil {
		return 0, err
	}
	return a.Cmp(b), nil
}

// compareMixed orders an integer and a float, which may lie beyond the
// integers that floats tell apart.
func compareMixed(i int, f float64) int {
	const least, beyond = math.MinInt, -float64(math.MinInt)
	switch {
	case math.IsNaN(f) || f < least:
		return 1
	case f >= beyond:
		return -1
	}
	whole := math.Trunc(f)
	if c := cmp.Compare(i, int(whole)); c != 0 {
		return c
	}
	return cmp.Compare(whole, f)
}

// exact returns the value of a number as it is written out.
func exact(v any) (*big.Rat, error) {
	text, err := textWithin(v, defaultMemory)
	if err != nil {
		return nil, errInexact
	}
	out, ok := new(big.Rat).SetString(text)
	if !ok {
		return nil, errInexact
	}
	return out, nil
}
