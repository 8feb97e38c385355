package expression

import (
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/toolsd/toolsd/schema"
)

// constantHabits are the constants of other languages, with those of this.
var constantHabits = map[string]string{
	"undefined": "null", "None": "null", "NULL": "null", "Null": "null", "True": "true", "False": "false",
}

// nameHabits answer words of other languages that stand for values.
var nameHabits = map[string]string{
	"each": "it is the element in a step with forEach; in a predicate, # is the element",
	"this": "in a predicate, # is the element",
	"it":   "in a predicate, # is the element",
	"item": "in a predicate, # is the element",
	"Math": "write round(x), floor(x), ceil(x), abs(x), min(a, b) or max(a, b)",
	"JSON": "write toJSON(x) or fromJSON(x)",
	"Date": "write now() or date(text)",
}

// functionHabits give the functions of this language for those of others.
var functionHabits = map[string]string{
	"length": "len", "size": "len", "strlen": "len", "str": "string", "toString": "string", "String": "string",
	"Number": "float", "parseInt": "int", "parseFloat": "float",
	"toUpperCase": "upper", "toLowerCase": "lower", "toUpper": "upper", "toLower": "lower", "upcase": "upper", "downcase": "lower",
	"substring": "truncate", "substr": "truncate", "slice": "truncate",
	"matches": "matches", "test": "matches", "match": "matches", "has": "in", "startsWith": "startsWith", "endsWith": "endsWith",
	"some": "any", "every": "all", "push": "concat", "append": "concat", "unique": "uniq", "distinct": "uniq", "avg": "mean",
	"stringify": "toJSON", "parse": "fromJSON", "replaceAll": "replace", "forEach": "map", "strip": "trim",
	"format": "string", "sprintf": "string", "sprint": "string", "error": "fail", "raise": "fail", "throw": "fail", "assign": "merge", "btoa": "toBase64", "atob": "fromBase64",
}

// functionHints answer functions of other languages that are something else
// than a function here.
var functionHints = map[string]string{
	"includes": holdsHint, "contains": holdsHint,
	"default": insteadHint, "coalesce": insteadHint, "ifnull": insteadHint, "nvl": insteadHint, "orElse": insteadHint,
	"isset": "write x != null", "exists": "write x != null", "defined": "write x != null", "isNull": "write x == null", "is_null": "write x == null",
	"iif":         choiceHint,
	"toISOString": layoutHint, "isoformat": layoutHint, "strftime": layoutHint, "toLocaleString": layoutHint,
}

const (
	holdsHint     = "in a text write x contains y, in a list y in x"
	insteadHint   = "in place of null write x ?? y"
	choiceHint    = "write a ? b : c, or if a { b } else { c }"
	layoutHint    = `write x.Format("2006-01-02T15:04:05Z07:00")`
	predicateHint = "a predicate has no parameter: # is the element and .name its property, as in map(list, .name)"
	bracesHint    = "a name stands without braces; an object is {key: value}"
	joinHint      = `join texts with +, as in "Hello " + input.name`
)

// encodings are functions that are needed where values are put into texts as
// they are.
var encodings = []string{"encodeURIComponent", "encodeURI", "urlencode", "urlEncode", "escape", "escapeHtml", "escapeHTML", "quote"}

// statementHabits answer words that begin statements elsewhere.
var statementHabits = map[string]string{
	"var":    "write let name = value; …",
	"const":  "write let name = value; …",
	"return": "leave return out: an expression is its value",
	"typeof": "write type(x)",
	"new":    "write now() or date(text)",
	"for":    "write map(list, value) or filter(list, predicate)",
	"lambda": predicateHint,
	"throw":  "write fail(message)",
	"raise":  "write fail(message)",
	"NOT":    "write not",
}

// callHabits answer functions that are called with what they take elsewhere.
var callHabits = map[string]string{
	"concat": "texts are joined with +, or join(list, separator)",
}

// typeHabits give what type(x) returns for what it is called elsewhere.
var typeHabits = map[string]string{
	"text": `"string"`, "str": `"string"`, "list": `"array"`, "slice": `"array"`, "object": `"map"`, "dict": `"map"`,
	"null": `"nil"`, "None": `"nil"`, "undefined": `"nil"`, "boolean": `"bool"`, "integer": `"int"`, "number": `"int" or "float"`,
}

// propertyHabits give what is written here for properties in other languages.
var propertyHabits = map[string]string{
	"length": "write len(x)",
	"size":   "write len(x)",
}

// functionHint says which function was probably meant.
func functionHint(name string) string {
	if isFunction(name) {
		return "write " + signature(name)
	}
	if hint, ok := functionHints[name]; ok {
		return hint
	}
	if here, ok := functionHabits[name]; ok {
		if !isFunction(here) {
			return here + " is an operator: x " + here + " y"
		}
		return "write " + signature(here)
	}
	if slices.Contains(encodings, name) {
		return "leave it out: a value is encoded for the place that it lands in"
	}
	if near, ok := schema.Nearest(name, functionNames); ok {
		return fmt.Sprintf("did you mean %s?", signature(near))
	}
	return ""
}

// isMethod reports whether times, durations or time zones have the method.
func isMethod(name string) bool {
	for _, t := range []reflect.Type{reflect.TypeFor[time.Time](), reflect.TypeFor[time.Duration](), reflect.TypeFor[*time.Location](), reflect.TypeFor[time.Month]()} {
		if _, ok := t.MethodByName(name); ok {
			return true
		}
	}
	return false
}

// memberHabits say what the members of a name are that no schema declares.
var memberHabits = map[string]string{
	"steps":  "its members are the ids of the steps above",
	"failed": "its members are the ids of the steps above with optional: true",
}
