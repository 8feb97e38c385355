package jsonschema

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strconv"
	"strings"
	"unicode/utf16"

	santhosh "github.com/santhosh-tekuri/jsonschema/v6"
)

// JSON Schema's patterns are those of ECMA-262; Go runs RE2. What the two
// write differently is translated: `.`, `\s` and `\S` (which mean more
// characters in ECMA-262), `\uXXXX`, `\u{…}`, `\cX`, `\0`, `[^]`, `[\b]`, a
// bracket inside brackets and `\p{Script=…}`. What RE2 cannot run, look-around
// and back-references, is refused, as is the empty class `[]`.

const (
	ecmaSpace = `\t\n\v\f\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}`
	ecmaOther = `\x{0}-\x{8}\x{e}-\x{1f}\x{21}-\x{9f}\x{a1}-\x{167f}\x{1681}-\x{1fff}\x{200b}-\x{2027}\x{202a}-\x{202e}\x{2030}-\x{205e}\x{2060}-\x{2fff}\x{3001}-\x{fefe}\x{ff00}-\x{10ffff}`
)

// A patternFault says what is wrong with a regular expression; length is 0
// when it is not known where.
type patternFault struct {
	offset, length int
	reason, hint   string
}

// Error makes a fault the error of the library's regular expression engine.
func (f *patternFault) Error() string { return f.reason }

const re2Hint = "patterns run on RE2, which has no look-around and no back-references; check the rest in an expression"

// checkPattern returns what is wrong with a pattern, or nil.
func checkPattern(text string) *patternFault {
	translated, fault := translatePattern(text)
	if fault != nil {
		return fault
	}
	_, err := syntax.Parse(translated, syntax.Perl)
	if err == nil {
		return nil
	}
	var se *syntax.Error
	if !errors.As(err, &se) {
		return &patternFault{reason: err.Error()}
	}
	fault = &patternFault{reason: se.Code.String()}
	if se.Expr != "" {
		fault.reason += ": " + clip(se.Expr, 60)
	}
	if i := strings.Index(text, se.Expr); i >= 0 && se.Expr != "" && strings.Count(text, se.Expr) == 1 {
		fault.offset, fault.length = i, len(se.Expr)
	}
	switch se.Code {
	case syntax.ErrInvalidRepeatSize, syntax.ErrLarge:
		fault.hint = "RE2 repeats at most 1000 times; use minLength and maxLength"
	case syntax.ErrInvalidCharRange:
		if strings.HasPrefix(se.Expr, `\p`) || strings.HasPrefix(se.Expr, `\P`) {
			fault.hint = `such as \p{L}, \p{Lu}, \p{N} or \p{Greek}`
		}
	}
	return fault
}

// compilePattern is the regular expression engine given to the library.
func compilePattern(text string) (santhosh.Regexp, error) {
	translated, fault := translatePattern(text)
	if fault != nil {
		return nil, fault
	}
	re, err := regexp.Compile(translated)
	if err != nil {
		return nil, fmt.Errorf("regular expression: %w", err)
	}
	return pattern{re, text}, nil
}

// A pattern runs translated and shows itself as it was written.
type pattern struct {
	*regexp.Regexp
	text string
}

func (p pattern) String() string { return p.text }

// translatePattern brings an ECMA-262 pattern to Go's syntax.
func translatePattern(text string) (string, *patternFault) {
	if !strings.ContainsAny(text, `\.[(`) {
		return text, nil
	}
	t := translator{text: text}
	for t.pos < len(text) {
		if fault := t.next(); fault != nil {
			return "", fault
		}
	}
	return t.out.String(), nil
}

type translator struct {
	text    string
	pos     int
	inClass bool
	out     strings.Builder
}

func (t *translator) rest() string { return t.text[t.pos:] }

// take copies n bytes, or writes something in their place.
func (t *translator) take(n int, instead ...string) {
	if len(instead) == 0 {
		t.out.WriteString(t.text[t.pos : t.pos+n])
	}
	for _, s := range instead {
		t.out.WriteString(s)
	}
	t.pos += n
}

func (t *translator) fault(length int, reason, hint string) *patternFault {
	return &patternFault{offset: t.pos, length: min(length, len(t.text)-t.pos), reason: reason, hint: hint}
}

func (t *translator) next() *patternFault {
	switch c := t.text[t.pos]; {
	case c == '\\':
		return t.escape()
	case t.inClass && c == '[':
		t.take(1, `\[`)
	case t.inClass:
		t.inClass = c != ']'
		t.take(1)
	case c == '.':
		t.take(1, `[^\n\r\x{2028}\x{2029}]`)
	case c == '[':
		return t.class()
	case c == '(':
		return t.group()
	default:
		t.take(1)
	}
	return nil
}

func (t *translator) class() *patternFault {
	switch {
	case strings.HasPrefix(t.rest(), "[^]"):
		t.take(3, `[\x{0}-\x{10ffff}]`)
	case strings.HasPrefix(t.rest(), "[]"):
		return t.fault(2, "the class [] matches nothing", `a bracket among characters is written \]`)
	default:
		t.inClass = true
		t.take(1)
		if strings.HasPrefix(t.rest(), "^") {
			t.take(1)
		}
	}
	return nil
}

func (t *translator) group() *patternFault {
	for opening, name := range map[string]string{
		"(?=": "look-ahead", "(?!": "negative look-ahead", "(?<=": "look-behind", "(?<!": "negative look-behind",
	} {
		if strings.HasPrefix(t.rest(), opening) {
			return t.fault(len(opening), name+" "+opening+"…) is not available", re2Hint)
		}
	}
	t.take(1)
	return nil
}

func (t *translator) escape() *patternFault {
	if len(t.rest()) < 2 {
		return t.fault(1, `a single \ at the end`, `write \\ for the character`)
	}
	switch c := t.text[t.pos+1]; {
	case c == 's':
		t.set(ecmaSpace)
	case c == 'S':
		t.set(ecmaOther)
	case c == 'b' && t.inClass:
		t.take(2, `\x08`)
	case c == '0':
		t.take(2, `\x00`)
	case c >= '1' && c <= '9':
		return t.fault(2, `back-reference \`+string(c)+" is not available", re2Hint)
	case c == 'k' && strings.HasPrefix(t.rest(), `\k<`):
		return t.fault(3, `back-reference \k<…> is not available`, re2Hint)
	case c == 'c' && len(t.rest()) > 2 && isLetter(t.text[t.pos+2]):
		t.take(3, fmt.Sprintf(`\x{%x}`, t.text[t.pos+2]&31))
	case c == 'u':
		return t.unicode()
	case c == 'p' || c == 'P':
		t.property()
	default:
		t.take(2)
	}
	return nil
}

// set writes a set of characters, in brackets unless some are open.
func (t *translator) set(characters string) {
	if t.inClass {
		t.take(2, characters)
		return
	}
	t.take(2, "[", characters, "]")
}

// unicode translates \u{…}, \uXXXX and pairs of surrogates.
func (t *translator) unicode() *patternFault {
	if hex, after, ok := strings.Cut(t.rest()[2:], "}"); ok && strings.HasPrefix(hex, "{") {
		t.take(len(t.rest())-len(after), `\x`, hex, "}")
		return nil
	}
	first, ok := hex4(t.rest())
	if !ok {
		return t.fault(2, `\u needs four hexadecimal digits`, `such as \u00e9`)
	}
	if !utf16.IsSurrogate(first) {
		t.take(6, fmt.Sprintf(`\x{%x}`, first))
		return nil
	}
	second, ok := hex4(t.rest()[6:])
	if r := utf16.DecodeRune(first, second); ok && r != '\ufffd' {
		t.take(12, fmt.Sprintf(`\x{%x}`, r))
		return nil
	}
	return t.fault(6, "half of a surrogate pair is no character", `write it as \u{1F600}`)
}

// hex4 reads \uXXXX.
func hex4(text string) (rune, bool) {
	if len(text) < 6 || text[:2] != `\u` {
		return 0, false
	}
	n, err := strconv.ParseUint(text[2:6], 16, 32)
	return rune(n), err == nil
}

// property translates \p{Script=Greek} and its relatives, of which Go knows
// the name alone.
func (t *translator) property() {
	body, _, ok := strings.Cut(t.rest()[2:], "}")
	if !ok || !strings.HasPrefix(body, "{") {
		t.take(2)
		return
	}
	name := body[1:]
	for _, prefix := range []string{"Script=", "sc=", "Script_Extensions=", "scx=", "General_Category=", "gc="} {
		name = strings.TrimPrefix(name, prefix)
	}
	t.take(2+len(body)+1, t.rest()[:2], "{", name, "}")
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
