package engine

import (
	"strings"
	"unicode/utf8"

	"github.com/toolsd/toolsd/schema"
)

// conceal hides the credentials that stand in sources in everything that
// diagnostics show: what a check prints is often read by more people than the
// file. They keep their length, so that carets stay in place.
func (c *compiler) conceal(found []schema.Diagnostic) {
	secrets := map[string][]plainSecret{}
	for _, u := range c.units {
		if u.checked == nil {
			continue
		}
		for _, s := range u.checked.secrets {
			s.place = u.moved(s.place)
			secrets[s.place.File] = append(secrets[s.place.File], s)
		}
	}
	for i := range found {
		d := &found[i]
		for _, s := range secrets[d.Place.File] {
			s.hideIn(d)
		}
		for _, text := range []*string{&d.Snippet, &d.Message, &d.Hint} {
			*text = hideTokens(*text)
		}
	}
}

// hideIn hides a secret in a diagnostic of its file.
func (s plainSecret) hideIn(d *schema.Diagnostic) {
	// A short one may turn up anywhere as an ordinary word.
	const shortest, unmistakable = 4, 8
	sameLine := d.Place.Line == s.place.Line
	if sameLine {
		d.Snippet = hideStretch(d.Snippet, s.place.Column-1, s.place.Length)
	}
	if len(s.text) < shortest || !sameLine && len(s.text) < unmistakable {
		return
	}
	for _, text := range []*string{&d.Snippet, &d.Message, &d.Hint} {
		*text = strings.ReplaceAll(*text, s.text, stars(s.text))
	}
}

// hideStretch hides so many characters of a line from a column on, counted
// from zero; with length 0 all to its end.
func hideStretch(line string, from, length int) string {
	runes := []rune(line)
	from = min(from, len(runes))
	to := min(from+length, len(runes))
	if length == 0 {
		to = len(runes)
	}
	return string(runes[:from]) + strings.Repeat("*", to-from) + string(runes[to:])
}

// hideTokens hides what has the form of a credential, wherever it stands.
func hideTokens(text string) string {
	for rest := 0; ; {
		from, to, ok := findToken(text[rest:])
		if !ok {
			return text
		}
		from, to = from+rest, to+rest
		hidden := stars(text[from:to])
		text = text[:from] + hidden + text[to:]
		rest = from + len(hidden)
	}
}

func stars(text string) string { return strings.Repeat("*", utf8.RuneCountInString(text)) }
