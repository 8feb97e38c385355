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
	return Syntax.At(src.place(fault.Location), syntaxMessage(fault.Message), syntaxHint(src.text, src.offset(fault.From), fault.Message))
}

// token is how the parser prints a token in its messages.
var token = regexp.MustCompile(`[A-Z][A-Za-z]+\(("(?:[^"\\]|\\.)*")\)`)

func syntaxMessage(message string) string {
	message = token.ReplaceAllString(message, "$1")
	switch {
	case strings.HasSuffix(message, "token EOF"), message == "unexpected end of expression":
		return "the expression ends too early"
	case message == "invalid char escape":
		return "unknown escape in quotes"
	case message == "literal not terminated":
		return "a quotation does not end"
	}
	return plainWords(strings.TrimSuffix(strings.ToLower(message[:1])+message[1:], "."))
}

// syntaxHint recognises habits from other languages around a fault.
func syntaxHint(text string, at int, message string) string {
	at = min(at, len(text))
	before, after := text[:at], text[at:]
	line := before[strings.LastIndexByte(before, '\n')+1:]
	switch {
	case strings.Contains(message, "invalid char escape"):
		return "write patterns in backticks, where a backslash is itself: `\\d`"
	case strings.Contains(message, "cannot be mixed"):
		return "put ?? and its operands in parentheses"
	case strings.HasPrefix(after, "#") && strings.TrimSpace(line) == "":
		return "a comment begins with //"
	case strings.HasPrefix(after, "=>"):
		return "a predicate has no parameter: # is the element and .name its property, as in map(list, .name)"
	case strings.HasPrefix(after, "=") && strings.HasSuffix(before, "=="),
		strings.HasPrefix(after, "=") && strings.HasSuffix(before, "!="):
		return "compare with == or !="
	case strings.HasPrefix(after, "="):
		return "compare with ==, name a value with let name = value; …"
	case strings.HasPrefix(after, ":") && singleBrace(before):
		return "an object in a predicate needs doubled braces, as in map(list, {{name: .name}})"
	}
	if m := method.FindStringSubmatch(before); m != nil {
		return functionHint(m[1])
	}
	return ""
}

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
