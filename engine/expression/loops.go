package expression

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// guards are functions of one operand, by their names in the environment of a
// run: operators, and what a part of the syntax begins with.
var guards = map[string]func(b *budget, value any) (any, error){
	" enter":     enter,
	" sliceable": sliceable,
	" indexable": indexable,
	" negate":    negate,
}

// enter begins a loop.
func enter(b *budget, value any) (any, error) {
	if err := b.charge(loopBytes); err != nil {
		return nil, err
	}
	if _, ok := asObject(value); ok {
		return nil, errors.New("a list is needed, this is an object: write values(x), keys(x) or toPairs(x)")
	}
	if !isList(value) {
		return nil, fmt.Errorf("a list is needed, this is %s", kind(value))
	}
	return value, nil
}

// sliceable refuses to cut text, which would count bytes.
func sliceable(_ *budget, value any) (any, error) {
	if !isList(value) {
		return nil, fmt.Errorf("only a list is cut by position, this is %s", kind(value))
	}
	return value, nil
}

// indexable refuses to count the bytes of text. Nothing is for what stands
// around it to judge.
func indexable(_ *budget, value any) (any, error) {
	switch value.(type) {
	case string, json.Number:
		return nil, fmt.Errorf("only a list or an object has elements, this is %s", kind(value))
	}
	return value, nil
}

// sortedBy sorts a list by keys, one for each element, in a stable way.
func sortedBy(b *budget, args []any) ([]any, error) {
	list, _ := asList(args[0])
	keys, _ := asList(args[1])
	descending, err := order(args[2:])
	if err != nil {
		return nil, err
	}
	if err := b.elements(2 * len(list)); err != nil {
		return nil, err
	}
	places := make([]int, len(list))
	for i := range places {
		places[i] = i
	}
	var fault error
	slices.SortStableFunc(places, func(i, j int) int {
		if fault != nil {
			return 0
		}
		if fault = b.tick(); fault != nil {
			return 0
		}
		c, err := compare(b, keys[i], keys[j])
		if err != nil {
			fault = err
		}
		if descending {
			return -c
		}
		return c
	})
	if fault != nil {
		return nil, fault
	}
	out := make([]any, len(list))
	for i, place := range places {
		out[i] = list[place]
	}
	return out, nil
}
