package engine

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

const (
	leastWords        = 3
	leastCharacters   = 15
	mostInDescription = 1000 // characters
)

// shortDescription finds descriptions that a model cannot choose a tool by.
func (l *lint) shortDescription() {
	n := l.get("description")
	if l.def.Tool == nil || n == nil {
		return
	}
	const hint = "say what it does and gives, and when to use it: a model knows nothing else of it"
	words, characters := extent(n.Text)
	switch {
	case words < leastWords || characters < leastCharacters:
		l.report(n.Place, "the description says too little to choose the tool by", hint)
	case repeats(n.Text, l.def.Name):
		l.report(n.Place, "the description says no more than the name", hint)
	}
}

func (l *lint) longDescription() {
	n := l.get("description")
	if l.def.Tool == nil || n == nil {
		return
	}
	if count := len([]rune(n.Text)); count > mostInDescription {
		l.report(n.Place, fmt.Sprintf("the description has %s characters, which a model reads with every request", grouped(count)),
			"say in a few sentences what it does and when to use it; what is about one argument belongs to that argument")
	}
}

// extent counts the words of a text and their characters. One of an ideograph
// or a syllable says about as much as a short word.
func extent(text string) (words, characters int) {
	within := false
	for _, r := range text {
		switch kind := kindOfRune(r); {
		case kind == ideograph:
			words, characters, within = words+1, characters+3, false
		case kind == word || kind == digit:
			if !within {
				words++
			}
			characters, within = characters+1, true
		default:
			within = false
			if kind == space {
				characters++
			}
		}
	}
	return words, characters
}

// repeats reports whether a description has no words but those of a name and
// such as go with any.
func repeats(description, name string) bool {
	known := wordsOf(name + " a an the this that tool function is to of for and or in it from by with some all")
	return !slices.ContainsFunc(wordsOf(description), func(w string) bool { return !slices.Contains(known, w) })
}

// wordsOf returns the words of a text or a name in lower case, without the s
// of a plural or a verb.
func wordsOf(text string) []string {
	words := wordsWhole(text)
	for i, w := range words {
		if len(w) > 3 {
			words[i] = strings.TrimSuffix(w, "s")
		}
	}
	return words
}

// wordsWhole returns the words of a text or a name in lower case. One begins
// behind a sign, and with the capital that follows a small letter.
func wordsWhole(text string) []string {
	var parted strings.Builder
	small := false
	for _, r := range text {
		if unicode.IsUpper(r) && small {
			parted.WriteByte(' ')
		}
		small = unicode.IsLower(r)
		parted.WriteRune(r)
	}
	return strings.FieldsFunc(strings.ToLower(parted.String()), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// grouped writes a count with commas between thousands.
func grouped(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
