package expression

import (
	"fmt"
	"reflect"
	"time"

	"github.com/toolsd/toolsd/schema"
)

// nameHabits answer words of other languages that stand for values.
var nameHabits = map[string]string{
	"undefined": "write null",
	"None":      "write null",
	"NULL":      "write null",
	"Null":      "write null",
	"True":      "write true",
	"False":     "write false",
	"this":      "in a predicate, # is the element",
	"it":        "in a predicate, # is the element",
	"item":      "in a predicate, # is the element",
	"Math":      "write round(x), floor(x), ceil(x), abs(x), min(a, b) or max(a, b)",
	"JSON":      "write toJSON(x) or fromJSON(x)",
	"Date":      "write now() or date(text)",
}

// functionHabits give the functions of this language for those of others.
var functionHabits = map[string]string{
	"length": "len", "size": "len", "strlen": "len", "str": "string", "toString": "string", "String": "string",
	"Number": "float", "parseInt": "int", "parseFloat": "float",
	"toUpperCase": "upper", "toLowerCase": "lower", "toUpper": "upper", "toLower": "lower",
	"substring": "truncate", "substr": "truncate", "slice": "truncate",
	"includes": "contains", "contains": "contains", "matches": "matches", "test": "matches", "match": "matches", "has": "in", "startsWith": "startsWith", "endsWith": "endsWith",
	"some": "any", "every": "all", "push": "concat", "append": "concat", "unique": "uniq", "avg": "mean",
	"stringify": "toJSON", "parse": "fromJSON", "replaceAll": "replace", "forEach": "map", "strip": "trim",
	"format": "string", "sprintf": "string", "sprint": "string", "error": "fail", "raise": "fail", "throw": "fail", "assign": "merge", "btoa": "toBase64", "atob": "fromBase64",
}

// statementHabits answer words that begin statements elsewhere.
var statementHabits = map[string]string{
	"var":    "write let name = value; …",
	"const":  "write let name = value; …",
	"return": "leave return out: an expression is its value",
	"typeof": "write type(x)",
	"new":    "write now() or date(text)",
	"for":    "write map(list, value) or filter(list, predicate)",
	"lambda": "a predicate has no parameter: # is the element and .name its property, as in map(list, .name)",
}

// callHabits answer functions that are called with what they take elsewhere.
var callHabits = map[string]string{
	"concat": "texts are joined with +, or join(list, separator)",
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
	if here, ok := functionHabits[name]; ok {
		if !isFunction(here) {
			return here + " is an operator: x " + here + " y"
		}
		return "write " + signature(here)
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
