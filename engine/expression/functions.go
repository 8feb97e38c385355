package expression

import (
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/expr-lang/expr/builtin"
)

// A Function is one that authors can call, as the reference shows it.
type Function struct {
	Name      string
	Signature string
	Doc       string // a sentence

	// takes is the rule of its types, see parseRule.
	takes string
	// run is nil for what the library does well within bounds by itself.
	run implementation
	// types are pointers to functions of the types that calls may have; where
	// there are none, a function of this name in the library has them.
	types []any
}

// An implementation of a function. What it makes is charged to the budget
// before it is made, where that can grow beyond its arguments.
type implementation func(b *budget, args []any) (any, error)

// Functions returns the functions of the language, by name.
func Functions() []Function { return slices.Clone(functions) }

// functions is never written to. It is sorted by name.
var functions = slices.SortedFunc(slices.Values(slices.Concat(loopFunctions, textFunctions, listFunctions, dataFunctions, numberFunctions, timeFunctions)),
	func(a, b Function) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})

var functionNames = func() []string {
	names := make([]string, len(functions))
	for i, f := range functions {
		names[i] = f.Name
	}
	return names
}()

func isFunction(name string) bool {
	_, ok := slices.BinarySearch(functionNames, name)
	return ok
}

// signature shows how a function is called.
func signature(name string) string {
	i, ok := slices.BinarySearch(functionNames, name)
	if !ok {
		return name + "(…)"
	}
	return functions[i].Signature
}

// loops are the functions with a predicate.
var loops = func() map[string]bool {
	names := make(map[string]bool, len(loopFunctions))
	for _, f := range loopFunctions {
		names[f.Name] = true
	}
	return names
}()

// overrides are the functions as the library takes them.
var overrides = func() map[string]*builtin.Function {
	out := make(map[string]*builtin.Function)
	for _, f := range functions {
		if f.run == nil {
			continue
		}
		b := &builtin.Function{Name: f.Name, Func: f.run.adapt(f.Name + ": ")}
		if i, ok := builtin.Index[f.Name]; ok && len(f.types) == 0 {
			b.Types, b.Validate, b.Deref = builtin.Builtins[i].Types, builtin.Builtins[i].Validate, builtin.Builtins[i].Deref
		}
		for _, t := range f.types {
			b.Types = append(b.Types, reflect.TypeOf(t).Elem())
		}
		out[f.Name] = b
	}
	by := implementation(func(b *budget, args []any) (any, error) { return sortedBy(b, args) })
	out[sortedByName] = &builtin.Function{Name: sortedByName, Func: by.adapt("")}
	return out
}()

// adapt gives an implementation the form that the library calls. The first
// argument is the budget; errors begin with the name of the function.
func (run implementation) adapt(prefix string) func(args ...any) (any, error) {
	return func(args ...any) (any, error) {
		b, ok := args[0].(*budget)
		if !ok {
			return nil, errors.New("called without a budget")
		}
		value, err := run(b, args[1:])
		if err != nil {
			return nil, fmt.Errorf("%s%w", prefix, err)
		}
		return value, nil
	}
}

// argument returns an argument as a T; what names T for authors.
func argument[T any](args []any, i int, what string) (T, error) {
	if i < len(args) {
		if v, ok := args[i].(T); ok {
			return v, nil
		}
		var none T
		return none, fmt.Errorf("%s is needed, this is %s", what, kind(args[i]))
	}
	var none T
	return none, fmt.Errorf("%s is needed", what)
}

func textArgument(args []any, i int) (string, error) { return argument[string](args, i, "text") }

// optionalText returns a text argument that may be left out.
func optionalText(args []any, i int, otherwise string) (string, error) {
	if i >= len(args) {
		return otherwise, nil
	}
	return textArgument(args, i)
}

func integerArgument(args []any, i int) (int, error) { return argument[int](args, i, "an integer") }

func listArgument(args []any, i int) ([]any, error) {
	if i < len(args) {
		if list, ok := asList(args[i]); ok {
			return list, nil
		}
	}
	return argument[[]any](args, i, "a list")
}

func objectArgument(args []any, i int) (map[string]any, error) {
	if i < len(args) {
		if object, ok := asObject(args[i]); ok {
			return object, nil
		}
	}
	return argument[map[string]any](args, i, "an object")
}

// onText is a function of one text.
func onText(f func(b *budget, s string) (any, error)) implementation {
	return func(b *budget, args []any) (any, error) {
		s, err := textArgument(args, 0)
		if err != nil {
			return nil, err
		}
		return f(b, s)
	}
}

// onList is a function of one list.
func onList(f func(b *budget, list []any) (any, error)) implementation {
	return func(b *budget, args []any) (any, error) {
		list, err := listArgument(args, 0)
		if err != nil {
			return nil, err
		}
		return f(b, list)
	}
}

// onObject is a function of one object.
func onObject(f func(b *budget, object map[string]any) (any, error)) implementation {
	return func(b *budget, args []any) (any, error) {
		object, err := objectArgument(args, 0)
		if err != nil {
			return nil, err
		}
		return f(b, object)
	}
}

var loopFunctions = []Function{
	{Name: "all", takes: "list, any? -> bool", Signature: "all(list, predicate)", Doc: "Whether the predicate holds for every element."},
	{Name: "any", takes: "list, any? -> bool", Signature: "any(list, predicate)", Doc: "Whether the predicate holds for an element."},
	{Name: "count", takes: "list, any? -> int", Signature: "count(list, predicate)", Doc: "How many elements the predicate holds for."},
	{Name: "filter", takes: "list, any -> same", Signature: "filter(list, predicate)", Doc: "The elements that the predicate holds for."},
	{Name: "find", takes: "list, any -> perhaps elem", Signature: "find(list, predicate)", Doc: "The first element that the predicate holds for, or null."},
	{Name: "findIndex", takes: "list, any -> perhaps int", Signature: "findIndex(list, predicate)", Doc: "The index of the first element that the predicate holds for, or null."},
	{Name: "findLast", takes: "list, any -> perhaps elem", Signature: "findLast(list, predicate)", Doc: "The last element that the predicate holds for, or null."},
	{Name: "findLastIndex", takes: "list, any -> perhaps int", Signature: "findLastIndex(list, predicate)", Doc: "The index of the last element that the predicate holds for, or null."},
	{Name: "groupBy", takes: "list, any -> any", Signature: "groupBy(list, key)", Doc: "An object of lists, the elements by their key."},
	{Name: "map", takes: "list, any -> list", Signature: "map(list, value)", Doc: "A list of what value is for each element."},
	{Name: "none", takes: "list, any? -> bool", Signature: "none(list, predicate)", Doc: "Whether the predicate holds for no element."},
	{Name: "one", takes: "list, any? -> bool", Signature: "one(list, predicate)", Doc: "Whether the predicate holds for exactly one element."},
	{Name: "reduce", takes: "list, any, any? -> any", Signature: "reduce(list, value, initial)", Doc: "What value is for the last element; #acc is what it was for the one before."},
	{Name: "sortBy", takes: "list, any, order? -> same", Signature: `sortBy(list, key, "asc" or "desc")`, Doc: "The elements ordered by their key; those with equal keys keep their order."},
	{Name: "sum", takes: "list, any? -> number", Signature: "sum(list, value)", Doc: "The sum of the elements, or of what value is for each."},
}
