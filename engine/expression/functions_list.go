package expression

import (
	"errors"
	"maps"
	"slices"

	"github.com/expr-lang/expr/builtin"
)

var listFunctions = []Function{
	{Name: "concat", takes: "list… -> list", Signature: "concat(list, list)", Doc: "The elements of several lists as one list.", run: concat},
	{Name: "first", takes: "list -> perhaps elem", Signature: "first(list)", Doc: "The first element, or null.", run: end(0)},
	{Name: "flatten", takes: "list -> list", Signature: "flatten(list)", Doc: "The elements, with those of lists among them in their place, at every depth.", run: onList(func(b *budget, list []any) (any, error) { return flatten(b, nil, list, 0) })},
	{Name: "fromPairs", takes: "list -> object", Signature: "fromPairs(list)", Doc: "The object of a list of pairs, each a key and a value.", run: onList(fromPairs)},
	{Name: "get", takes: "list|text|null, number -> any; object|null, text -> any; other, any -> any", Signature: "get(x, key)", Doc: "The element or member of that key, or null.", run: get},
	{Name: "keys", takes: "object -> [text]", Signature: "keys(object)", Doc: "The keys of an object, sorted.", run: onObject(func(b *budget, o map[string]any) (any, error) {
		return eachKey(b, o, func(key string) any { return key })
	})},
	{Name: "last", takes: "list -> perhaps elem", Signature: "last(list)", Doc: "The last element, or null.", run: end(-1)},
	{Name: "len", takes: "text|list|object|bytes -> int", Signature: "len(x)", Doc: "How many characters, elements or members there are."},
	{Name: "reverse", takes: "list -> same", Signature: "reverse(list)", Doc: "The elements from last to first.", run: onList(reverse)},
	{Name: "sort", takes: "[text]|[number]|[bool], order? -> same", Signature: `sort(list, "asc" or "desc")`, Doc: "The elements in order.", run: sorted},
	{Name: "take", takes: "list, int -> same", Signature: "take(list, count)", Doc: "The first elements, so many at most.", run: take},
	{Name: "toPairs", takes: "object -> [list]", Signature: "toPairs(object)", Doc: "The members as pairs of key and value, sorted by key.", run: onObject(func(b *budget, o map[string]any) (any, error) {
		if err := b.elements(3 * len(o)); err != nil {
			return nil, err
		}
		return eachKey(b, o, func(key string) any { return []any{key, o[key]} })
	}), types: []any{new(func(any) []any)}},
	{Name: "uniq", takes: "list -> same", Signature: "uniq(list)", Doc: "The elements without repetitions.", run: onList(unique)},
	{Name: "values", takes: "object -> list", Signature: "values(object)", Doc: "The values of an object, sorted by key.", run: onObject(func(b *budget, o map[string]any) (any, error) {
		return eachKey(b, o, func(key string) any { return o[key] })
	})},
}

// end makes a function of the element at one end of a list.
func end(index int) implementation {
	return func(b *budget, args []any) (any, error) { return get(b, []any{args[0], index}) }
}

// get is element, but null where there is none.
func get(b *budget, args []any) (any, error) {
	if _, err := indexable(b, args[0]); err != nil {
		return nil, err
	}
	if list, ok := args[0].([]any); ok {
		if i, ok := args[1].(int); ok {
			if value, err := at(list, i); err == nil {
				return value, nil
			}
			return nil, nil
		}
	}
	return builtin.Builtins[builtin.Index["get"]].Func(args...)
}

func concat(b *budget, args []any) (any, error) {
	var out []any
	for i := range args {
		list, err := listArgument(args, i)
		if err != nil {
			return nil, err
		}
		if err := b.elements(2 * len(list)); err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	if out == nil {
		out = []any{}
	}
	return out, nil
}

func flatten(b *budget, out, list []any, depth int) ([]any, error) {
	if depth > maxDataDepth {
		return nil, errDepth
	}
	if out == nil {
		out = []any{}
	}
	for _, e := range list {
		if err := b.tick(); err != nil {
			return nil, err
		}
		inner, ok := asList(e)
		if !ok {
			if err := b.elements(2); err != nil {
				return nil, err
			}
			out = append(out, e)
			continue
		}
		var err error
		if out, err = flatten(b, out, inner, depth+1); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func fromPairs(b *budget, list []any) (any, error) {
	out := make(map[string]any)
	for _, e := range list {
		pair, ok := asList(e)
		if !ok || len(pair) != 2 {
			return nil, errors.New("a pair is a list of a key and a value")
		}
		key, err := textWithin(pair[0], b.memory)
		if err != nil {
			return nil, err
		}
		if err := b.charge(elementBytes + len(key)); err != nil {
			return nil, err
		}
		out[key] = pair[1]
	}
	return out, nil
}

// eachKey makes a list of what is said of each key, in the order of the keys.
func eachKey(b *budget, object map[string]any, of func(key string) any) (any, error) {
	if err := b.elements(2 * len(object)); err != nil {
		return nil, err
	}
	out := make([]any, 0, len(object))
	for _, key := range slices.Sorted(maps.Keys(object)) {
		out = append(out, of(key))
	}
	return out, nil
}

func reverse(b *budget, list []any) (any, error) {
	if err := b.elements(len(list)); err != nil {
		return nil, err
	}
	out := slices.Clone(list)
	slices.Reverse(out)
	return out, nil
}

func take(_ *budget, args []any) (any, error) {
	list, err := listArgument(args, 0)
	if err != nil {
		return nil, err
	}
	n, err := integerArgument(args, 1)
	if err != nil {
		return nil, err
	}
	if n < 0 {
		return nil, errNegative
	}
	return list[:min(n, len(list)):min(n, len(list))], nil
}

func unique(b *budget, list []any) (any, error) {
	out := []any{}
	for _, e := range list {
		known, err := within(b, e, out)
		if err != nil {
			return nil, err
		}
		if known {
			continue
		}
		if err := b.elements(2); err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

func sorted(b *budget, args []any) (any, error) {
	list, err := listArgument(args, 0)
	if err != nil {
		return nil, err
	}
	if err := b.elements(len(list)); err != nil {
		return nil, err
	}
	return sortedBy(b, append([]any{list, list}, args[1:]...))
}

// order reads the optional argument "asc" or "desc".
func order(args []any) (descending bool, err error) {
	word, err := optionalText(args, 0, "asc")
	if err != nil {
		return false, err
	}
	if word != "asc" && word != "desc" {
		return false, errors.New(`the order is "asc" or "desc"`)
	}
	return word == "desc", nil
}
