package engine

import (
	"bytes"
	"encoding/json"
	"unicode"
	"unicode/utf8"

	"github.com/toolsd/toolsd/schema"
)

// Tokens is an estimate of how many tokens of a model's context something
// takes up.
type Tokens int

// String writes the estimate with the two digits that count, as 2,300.
func (n Tokens) String() string {
	unit := Tokens(1)
	for n/unit >= 100 {
		unit *= 10
	}
	return grouped(int((n + unit/2) / unit * unit))
}

// Tokens estimates what the tool costs in an answer to tools/list.
func (t *Tool) Tokens() Tokens { return t.Advertised().tokens() }

// Tokens estimates what an answer to tools/list costs that lists all tools.
func (c *Catalog) Tokens() Tokens {
	costs := make([]Tokens, len(c.tools))
	parallel(len(costs), func(i int) { costs[i] = c.tools[i].Tokens() })
	var total Tokens
	for _, cost := range costs {
		total += cost
	}
	return total
}

func (a *Advertised) tokens() Tokens { return estimateTokens(a.entry()) }

// entry is the tool as tools/list shows it (MCP 2026-07-28, Tool).
func (a *Advertised) entry() []byte {
	type annotations struct {
		Title           string `json:"title,omitempty"`
		ReadOnlyHint    bool   `json:"readOnlyHint"`
		DestructiveHint *bool  `json:"destructiveHint,omitempty"`
		IdempotentHint  bool   `json:"idempotentHint"`
		OpenWorldHint   *bool  `json:"openWorldHint,omitempty"`
	}
	entry := struct {
		Name         string          `json:"name"`
		Title        string          `json:"title,omitempty"`
		Description  string          `json:"description"`
		InputSchema  json.RawMessage `json:"inputSchema"`
		OutputSchema json.RawMessage `json:"outputSchema,omitempty"`
		Annotations  *annotations    `json:"annotations,omitempty"`
		Icons        json.RawMessage `json:"icons,omitempty"`
		Meta         json.RawMessage `json:"_meta,omitempty"`
	}{a.Name, a.Title, a.Description, a.InputSchema, a.OutputSchema, nil, a.Icons, a.Meta}
	if n := a.Annotations; n != (schema.Annotations{}) {
		entry.Annotations = &annotations{
			n.Title, n.ReadOnlyHint != nil && *n.ReadOnlyHint, n.DestructiveHint,
			n.IdempotentHint != nil && *n.IdempotentHint, n.OpenWorldHint,
		}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(entry); err != nil {
		panic(err) // its raw parts are those that advertise has written already
	}
	return bytes.TrimSuffix(b.Bytes(), []byte{'\n'})
}

// How many characters of each kind go into a token, measured with o200k over
// descriptions and schemas of tools.
const (
	lettersPerToken      = 10 // of an English word
	otherLettersPerToken = 4  // of a word with letters beyond ASCII
	digitsPerToken       = 3
	signsPerToken        = 4 // punctuation, which JSON has in short runs
)

// estimateTokens says roughly how many tokens a text is to a current model. It
// cuts the text as tokenizers do before they look a piece up, into words,
// digits, signs and spaces, and counts long pieces as several tokens. For the
// JSON of tools it is within a few percent of o200k.
func estimateTokens(text []byte) Tokens {
	quarters := 0 // of tokens
	for len(text) > 0 {
		p := pieceOf(text)
		text = text[p.bytes:]
		switch {
		case p.kind == space && p.runes == 1: // goes with the word behind it
		case p.kind == space:
			quarters += 4
		case p.kind == ideograph:
			quarters += 3 * p.runes
		default:
			quarters += 4 * ((p.runes + p.perToken() - 1) / p.perToken())
		}
	}
	return Tokens(quarters+3) / 4
}

// A piece is what a tokenizer never joins with its neighbours.
type piece struct {
	kind         pieceKind
	bytes, runes int
	upper        int // leading capitals
}

type pieceKind uint8

const (
	sign pieceKind = iota
	space
	digit
	word
	ideograph
)

// pieceOf returns the piece that a text begins with. A word ends before the
// capital that follows a small letter.
func pieceOf(text []byte) piece {
	var p piece
	for p.bytes < len(text) {
		r, size := utf8.DecodeRune(text[p.bytes:])
		kind, upper := kindOfRune(r), unicode.IsUpper(r)
		if p.runes > 0 && (kind != p.kind || upper && p.upper < p.runes) {
			break
		}
		p.kind = kind
		if upper {
			p.upper++
		}
		p.bytes += size
		p.runes++
	}
	return p
}

func kindOfRune(r rune) pieceKind {
	switch {
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
		return ideograph
	case unicode.IsLetter(r), unicode.IsMark(r):
		return word
	case unicode.IsNumber(r):
		return digit
	case unicode.IsSpace(r):
		return space
	}
	return sign
}

// perToken is how many characters of the piece go into a token.
func (p piece) perToken() int {
	switch {
	case p.kind == digit:
		return digitsPerToken
	case p.kind == sign:
		return signsPerToken
	case p.bytes > p.runes:
		return otherLettersPerToken
	}
	return lettersPerToken
}
