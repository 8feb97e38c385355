package expression

// operatorTypes say what operators take and make; "u-" and "u+" are the signs
// of one operand. == and != and in, which take everything, are in equality.go.
// What has no name here, such as times and durations, is `other`.
var operatorTypes = map[string]rule{
	"+":          parseRule("text, text -> text; int, int -> int; number, number -> float; other, any -> any; any, other -> any"),
	"-":          parseRule("int, int -> int; number, number -> float; other, any -> any; any, other -> any"),
	"*":          parseRule("int, int -> int; number, number -> float; other, any -> any; any, other -> any"),
	"/":          parseRule("number, number -> float; other, any -> any; any, other -> any"),
	"**":         parseRule("number, number -> float"),
	"%":          parseRule("int, int -> int"),
	"..":         parseRule("int, int -> [int]"),
	"<":          ordering,
	">":          ordering,
	"<=":         ordering,
	">=":         ordering,
	"contains":   affixing,
	"startsWith": affixing,
	"endsWith":   affixing,
	"matches":    affixing,
	"and":        parseRule("bool, bool -> bool"),
	"or":         parseRule("bool, bool -> bool"),
	"not":        parseRule("bool -> bool"),
	"u-":         parseRule("int -> int; float -> float; other -> any"),
	"u+":         parseRule("int -> int; float -> float; other -> any"),
}

var (
	ordering = parseRule("number, number -> bool; text, text -> bool; other, any -> bool; any, other -> bool")
	affixing = parseRule("text, text -> bool")
)

// operatorSpellings are other ways to write an operator.
var operatorSpellings = map[string]string{"&&": "and", "||": "or", "!": "not", "^": "**"}

// syntaxRules are the rules beside those of operators and functions, with
// what each is about.
var syntaxRules = map[string]string{
	"literal":       "a literal is the value that it is",
	"list":          "a list literal holds the types of its elements",
	"object":        "an object literal has the members that it names and no others",
	"member":        "a member by name: declared, required, there at all",
	"element":       "an element by position, a member by a computed key",
	"slice":         "a part of a list is a list of the same",
	"?.":            "before ?. a value may be null, and then what follows is",
	"??":            "left of ?? a value may be null; the result is not, if the right is not",
	"==":            "what is compared can be equal, and null decides whether a value is there",
	"in":            "what is looked for can be among the values",
	"conditional":   "a condition is true or false; the result is that of either branch",
	"let":           "a name has the type of its value",
	"#":             "in a predicate # is an element",
	"null":          "a value that may be null is not used as present",
	"narrow null":   "where x != null holds, x is there",
	"narrow value":  "where x == \"a\" or x in [\"a\"] holds, x is that value",
	"narrow and":    "where a and b holds, both hold",
	"narrow or":     "where a or b does not hold, neither does",
	"narrow not":    "where not a holds, a does not",
	"narrow ?.":     "where x?.y is there, so is x",
	"narrow ??":     "where (x ?? \"\") != \"\" holds, x is there",
	"narrow in":     "where \"k\" in x holds, x.k is there",
	"narrow filter": "elements that a filter let through are as its predicate says",
	"enum":          "a value is compared with one that it can have",
	"constant":      "a condition is not always the same",
	"text":          "in longer text of a request every value is there",
}
