package expression

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/expr-lang/expr/vm/runtime"
)

// equal compares values; numbers by value, lists by their elements, objects
// by their members.
func equal(b *budget, left, right any, depth int) (bool, error) {
	if depth > maxDataDepth {
		return false, errDepth
	}
	if err := b.tick(); err != nil {
		return false, err
	}
	if l, ok := asObject(left); ok {
		r, ok := asObject(right)
		if !ok || len(l) != len(r) {
			return false, nil
		}
		for key, v := range l {
			w, ok := r[key]
			if !ok {
				return false, nil
			}
			if same, err := equal(b, v, w, depth+1); err != nil || !same {
				return false, err
			}
		}
		return true, nil
	}
	l, lok := asList(left)
	r, rok := asList(right)
	if lok && rok {
		if len(l) != len(r) {
			return false, nil
		}
		for i := range l {
			if same, err := equal(b, l[i], r[i], depth+1); err != nil || !same {
				return false, err
			}
		}
		return true, nil
	}
	if lok || rok {
		return false, nil
	}
	if text, ok := left.(string); ok {
		if err := b.read(len(text)); err != nil {
			return false, err
		}
	}
	if same, ok := numbersEqual(left, right); ok {
		return same, nil
	}
	return runtime.Equal(left, right), nil
}

// within is the operator in: an element of a list, or a key of an object.
func within(b *budget, value, collection any) (bool, error) {
	if collection == nil {
		return false, nil
	}
	if object, ok := asObject(collection); ok {
		key, ok := value.(string)
		_, has := object[key]
		return ok && has, nil
	}
	list, ok := asList(collection)
	if !ok {
		return false, fmt.Errorf("%q needs a list or an object, this is %s", "in", kind(collection))
	}
	for _, e := range list {
		if same, err := equal(b, value, e, 0); err != nil || same {
			return same, err
		}
	}
	return false, nil
}

// compare orders two values of one kind.
func compare(b *budget, left, right any) (int, error) {
	switch l := left.(type) {
	case int, float64, json.Number:
		if isNumber(right) {
			return compareNumbers(left, right)
		}
	case string:
		if r, ok := right.(string); ok {
			return strings.Compare(l, r), b.read(min(len(l), len(r)))
		}
	case time.Time:
		if r, ok := right.(time.Time); ok {
			return l.Compare(r), nil
		}
	case time.Duration:
		if r, ok := right.(time.Duration); ok {
			return cmp.Compare(l, r), nil
		}
	case bool:
		if r, ok := right.(bool); ok {
			return cmp.Compare(rank(l), rank(r)), nil
		}
	}
	return 0, fmt.Errorf("%s and %s have no order", kind(left), kind(right))
}

// rank orders false before true.
func rank(b bool) int {
	if b {
		return 1
	}
	return 0
}

// ordered makes an operator of what it says of the order of its operands.
func ordered(holds func(order int) bool) operator {
	return func(b *budget, left, right any) (any, error) {
		c, err := compare(b, left, right)
		if err != nil {
			return nil, err
		}
		return holds(c), nil
	}
}
