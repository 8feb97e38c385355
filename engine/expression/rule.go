package expression

import (
	"strings"

	"github.com/toolsd/toolsd/engine/jsonschema"
)

// A rule says what an operator or function takes and makes, in the words
// of ruleTypes: "text, int? -> [text]; bytes -> text". A parameter with
// ? may be left out, one with … may be there any number of times. Alternatives
// are separated by |, overloads by a semicolon: of those that an argument
// fits, the first counts. A result may be `same`, `elem` or `perhaps elem` of the
// first argument; before others `perhaps` says that it may be null.
type rule []overload

type overload struct {
	params []param
	result *jsonschema.Type
	like   string // same, elem or perhaps elem
}

type param struct {
	types []*jsonschema.Type
	other bool // what this language has no name for, such as times
	deep  bool // lists in lists, whatever they hold in the end
	null  bool
	many  bool
	may   bool // be left out
}

// orders are what sort and sortBy take.
var orders = &jsonschema.Type{Kind: jsonschema.StringKind, Literals: []any{"asc", "desc"}}

var ruleTypes = map[string]*jsonschema.Type{
	"text": {Kind: jsonschema.StringKind}, "int": {Kind: jsonschema.IntKind}, "float": {Kind: jsonschema.FloatKind},
	"bool": {Kind: jsonschema.BoolKind}, "bytes": {Kind: jsonschema.BytesKind}, "list": {Kind: jsonschema.ListKind},
	"object": {Kind: jsonschema.ObjectKind, Rest: &jsonschema.Type{}},
	"any":    {}, "never": {Kind: jsonschema.NeverKind}, "order": orders,
	"number": jsonschema.Union(&jsonschema.Type{Kind: jsonschema.IntKind}, &jsonschema.Type{Kind: jsonschema.FloatKind}),
}

// parseRule reads a rule; it panics at one that is not right, as
// those of this package are before anything runs.
func parseRule(text string) rule {
	var s rule
	for part := range strings.SplitSeq(text, ";") {
		takes, makes, ok := strings.Cut(part, "->")
		if !ok {
			panic("a rule without a result: " + text)
		}
		var o overload
		for word := range strings.SplitSeq(takes, ",") {
			if word = strings.TrimSpace(word); word != "" {
				o.params = append(o.params, parseParam(word))
			}
		}
		switch makes = strings.TrimSpace(makes); makes {
		case "same", "elem", "perhaps elem":
			o.like = makes
		default:
			word, perhaps := strings.CutPrefix(makes, "perhaps ")
			if o.result = parseType(word); perhaps {
				o.result = o.result.PerhapsNull()
			}
		}
		s = append(s, o)
	}
	return s
}

func parseParam(word string) param {
	var p param
	word, p.may = strings.CutSuffix(word, "?")
	word, p.many = strings.CutSuffix(word, "…")
	for name := range strings.SplitSeq(word, "|") {
		switch name {
		case "other":
			p.other = true
			continue
		case "nested":
			p.deep = true
			continue
		case "any":
			p.null, p.other = true, true
		case "null":
			p.null = true
			continue
		}
		p.types = append(p.types, parseType(name).Each()...)
	}
	return p
}

func parseType(word string) *jsonschema.Type {
	if inner, ok := strings.CutPrefix(word, "["); ok {
		return &jsonschema.Type{Kind: jsonschema.ListKind, Elem: parseType(strings.TrimSuffix(inner, "]"))}
	}
	t := ruleTypes[word]
	if t == nil {
		panic("no such type in a rule: " + word)
	}
	return t
}

// functionRules are the rules of functions, by name.
var functionRules = func() map[string]rule {
	rules := make(map[string]rule, len(functions))
	for _, f := range functions {
		rules[f.Name] = parseRule(f.takes)
	}
	return rules
}()
