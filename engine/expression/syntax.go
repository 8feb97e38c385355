package expression

import (
	"errors"
	"regexp"
	"strings"
	"unicode"

	"github.com/expr-lang/expr/file"

	"github.com/toolsd/toolsd/schema"
)

// syntaxFault turns an error of the parser into a diagnostic.
func syntaxFault(src source, err error) schema.Diagnostic {
	var fault *file.Error
	if !errors.As(err, &fault) {
		return Syntax.At(src.all(), "the expression cannot be read", "")
	}
	if strings.Contains(fault.Message, "maximum allowed nodes") {
		return TooLarge.At(src.all(), "the expression has too many parts", "")
	}
	from, to := culprit(src.text, src.offset(fault.From), src.offset(fault.To), fault.Message)
	d := Syntax.At(src.at(from, max(to-from, 0)), syntaxMessage(fault.Message), syntaxHint(src.text, from, fault.Message))
	d.Fix = src.fix(syntaxChanges(src.text, from)...)
	return d
}

// culprit returns the stretch that a fault is about, which for some is
// another than the one the parser names: where the text ends, what is not
// closed, or a number that is too large.
func culprit(text string, from, to int, message string) (start, end int) {
	switch {
	case endsEarly(message):
		end := len(strings.TrimRightFunc(text, unicode.IsSpace))
		return end, end
	case message == "literal not terminated", message == "unclosed comment":
		for i := 0; i < len(text); i++ {
			last := skip(text, i)
			quote := text[i] == '"' || text[i] == '\''
			if last == len(text) || quote && strings.Contains(text[i:last], "\n") {
				return i, i + 1
			}
			i = last
		}
	case isTooLarge(message):
		from = min(from, len(text))
		return strings.LastIndexFunc(text[:from], func(r rune) bool { return !isNameRune(r) && r != '.' }) + 1, from
	}
	return from, to
}

func endsEarly(message string) bool {
	return strings.HasSuffix(message, "token EOF") || message == "unexpected end of expression"
}

func isTooLarge(message string) bool {
	return strings.HasPrefix(message, "invalid integer literal") || strings.HasPrefix(message, "invalid float literal")
}

// token is how the parser prints a token in its messages.
var token = regexp.MustCompile(`[A-Z][A-Za-z]+\(("(?:[^"\\]|\\.)*")\)`)

func syntaxMessage(message string) string {
	message = token.ReplaceAllString(message, "$1")
	switch {
	case endsEarly(message):
		return "the expression ends too early"
	case message == "invalid char escape":
		return "unknown escape in quotes"
	case message == "literal not terminated":
		return "a quotation does not end"
	case message == "unclosed comment":
		return "a comment does not end"
	case isTooLarge(message):
		return "the number is too large"
	case strings.HasPrefix(message, "a map key must be"):
		return "a key is a name, a text in quotes, a number, or an expression in parentheses"
	}
	return plainWords(strings.TrimSuffix(strings.ToLower(message[:1])+message[1:], "."))
}

// syntaxHint recognises habits from other languages around a fault.
func syntaxHint(text string, at int, message string) string {
	at = min(at, len(text))
	before, after := text[:at], text[at:]
	for _, h := range syntaxHabits {
		if h.before.MatchString(before) && h.after.MatchString(after) {
			return h.hint
		}
	}
	switch {
	case strings.Contains(message, "invalid char escape"):
		return "write patterns in backticks, where a backslash is itself: `\\d`"
	case strings.Contains(message, "cannot be mixed"):
		return "put ?? and its operands in parentheses"
	case hashComment(before, after):
		return "a comment begins with //"
	case message == "unclosed comment":
		return "close it with */"
	case isTooLarge(message):
		return "write it as text, in quotes"
	case strings.HasPrefix(after, "=>"), strings.HasPrefix(after, ">") && strings.HasSuffix(before, "-"):
		return predicateHint
	case strictlyCompared(before, after):
		return "compare with == or !="
	case strings.HasPrefix(after, "~"), strings.HasPrefix(after, "=~"):
		return "for a pattern write x matches y"
	case strings.HasPrefix(after, "..."), strings.HasPrefix(after, ".") && strings.HasSuffix(before, ".."), strings.HasPrefix(after, "..") && strings.HasSuffix(strings.TrimSpace(before), "{"):
		return "put objects together with merge(a, b), lists with concat(a, b)"
	case strings.HasPrefix(after, "="):
		return "compare with ==, name a value with let name = value; …"
	case objectInPredicate(before, after):
		return "an object in a predicate needs doubled braces, as in map(list, {{name: .name}})"
	}
	if m := method.FindStringSubmatch(before); m != nil {
		return functionHint(m[1])
	}
	if statement.MatchString(before) {
		return "write condition ? value : other"
	}
	if closing := unclosed(text); endsEarly(message) && closing != "" {
		return "close it with " + closing
	}
	if m := piped.FindStringSubmatch(before); m != nil && isFunction(m[1]) {
		return "a function after | has parentheses: | " + m[1] + "()"
	}
	if m := operatorCall.FindStringSubmatch(after); m != nil {
		return functionHint(m[1])
	}
	for _, m := range [][]string{lastWord.FindStringSubmatch(before), nextWord.FindStringSubmatch(after)} {
		if m == nil {
			continue
		}
		if hint, ok := statementHabits[m[1]]; ok {
			return hint
		}
	}
	if m := lastWord.FindStringSubmatch(before); m != nil && isFunction(m[1]) {
		return "write " + signature(m[1])
	}
	return ""
}

var (
	// piped is a function after | without parentheses.
	piped = regexp.MustCompile(`\|\s*([A-Za-z0-9]+)\s*$`)
	// operatorCall is an operator written as a function.
	operatorCall = regexp.MustCompile(`^(contains|matches|startsWith|endsWith)\s*\(`)
	// lastWord and nextWord are the words before and after the fault.
	lastWord = regexp.MustCompile(`([A-Za-z]+)\s+$`)
	nextWord = regexp.MustCompile(`^([A-Za-z]+)\s`)
)

// unclosed returns the brackets that are missing at the end of a text, the
// innermost first.
func unclosed(text string) string {
	missing := ""
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '(':
			missing = ")" + missing
		case '[', '{':
			missing = string(c+2) + missing
		case ')', ']', '}':
			if missing == "" || missing[0] != c {
				return ""
			}
			missing = missing[1:]
		case '"', '\'', '`':
			end := strings.IndexByte(text[i+1:], c)
			if end < 0 {
				return ""
			}
			i += end + 1
		}
	}
	return missing
}

// statement is the beginning of an if with its condition in parentheses, as
// other languages have it.
var statement = regexp.MustCompile(`\bif\s*\([^\n]*\)\s*$`)

// method is the beginning of a call such as list.map(.
var method = regexp.MustCompile(`\.([A-Za-z]+)\(\s*$`)

// singleBrace reports whether the text ends with a key of a mapping whose
// brace the parser takes for that of a predicate: ", {name".
func singleBrace(before string) bool {
	rest := strings.TrimRightFunc(before, func(r rune) bool {
		return isNameRune(r) || unicode.IsSpace(r) || r == '"' || r == '\''
	})
	rest, ok := strings.CutSuffix(rest, "{")
	return ok && (strings.HasSuffix(strings.TrimSpace(rest), ",") || strings.HasSuffix(strings.TrimSpace(rest), "("))
}

func isNameRune(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// words are the words of this language for the library's.
var words = map[string]string{
	"map[string]interface {}":         "object",
	"map[interface {}][]interface {}": "object",
	"[]interface {}":                  "list",
	"[]uint8":                         "bytes",
	"[]string":                        "list",
	"[]int":                           "list",
	"interface {}":                    "value",
	"json.Number":                     "number beyond exact arithmetic",
	"*time.Location":                  "time zone",
	"time.Location":                   "time zone",
	"time.Time":                       "time",
	"time.Duration":                   "duration",
	"float64":                         "number",
	"string":                          "text",
	"<nil>":                           "null",
	"nil":                             "null",
	"int":                             "integer",
	"bool":                            "boolean",
	"array":                           "list",
}

var libraryWord = regexp.MustCompile(`map\[(?:string|interface \{\})\](?:\[\])?interface \{\}|\[\]interface \{\}|interface \{\}|\[\](?:uint8|string|int)\b|\*?\btime\.[A-Z]\w+|\bjson\.Number\b|<nil>|\b(?:float64|string|nil|int|bool|array)\b`)

// plainWords names types as authors know them.
func plainWords(message string) string {
	return strings.TrimSpace(libraryWord.ReplaceAllStringFunc(message, func(word string) string {
		if plain, ok := words[word]; ok {
			return plain
		}
		return word
	}))
}
