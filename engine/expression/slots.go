package expression

import "strings"

// A piece is a stretch of a template's text: literal text, or a slot.
type piece struct {
	// start and end bound the piece in the template, with "${" and "}".
	start, end int
	// text is what the literal stands for, or what is between the braces.
	text string
	slot bool
	// open is set on a slot without a matching brace; it extends to the end.
	open bool
	// doubled is the offset of a "$${" within a literal, or -1.
	doubled int
}

// inner is the offset in the template at which a slot's text begins.
func (p piece) inner() int { return p.start + len("${") }

// pieces divides a template at its slots. Directly before "{", each pair of
// "$" is one "$"; a single "$" left over opens a slot, which ends at the
// matching "}", not counting those in quotes, backticks and comments. The
// pieces cover the text without gaps.
func pieces(text string) []piece {
	var out []piece
	var literal strings.Builder
	start, doubled := 0, -1
	flush := func(end int) {
		if end > start {
			out = append(out, piece{start: start, end: end, text: literal.String(), doubled: doubled})
		}
		literal.Reset()
		doubled = -1
	}
	for i := 0; i < len(text); {
		if text[i] != '$' {
			literal.WriteByte(text[i])
			i++
			continue
		}
		run := i
		for run < len(text) && text[run] == '$' {
			run++
		}
		dollars := run - i
		if run == len(text) || text[run] != '{' {
			literal.WriteString(text[i:run])
			i = run
			continue
		}
		literal.WriteString(text[i : i+dollars/2])
		if dollars%2 == 0 {
			if doubled < 0 {
				doubled = run - 2
			}
			literal.WriteByte('{')
			i = run + 1
			continue
		}
		flush(run - 1)
		end, ok := closing(text, run+1)
		if !ok {
			return append(out, piece{start: run - 1, end: len(text), text: text[run+1:], slot: true, open: true, doubled: -1})
		}
		out = append(out, piece{start: run - 1, end: end + 1, text: text[run+1 : end], slot: true, doubled: -1})
		i, start = end+1, end+1
	}
	flush(len(text))
	return out
}

// WouldBeSlots returns where a text that is no template holds slots over names
// of the scope, as offsets of their first and after their last byte.
func (s *Scope) WouldBeSlots(text string) [][2]int {
	if !strings.Contains(text, "${") {
		return nil
	}
	var found [][2]int
	for _, p := range pieces(text) {
		inner := strings.TrimSpace(p.text)
		name := inner[:len(inner)-len(strings.TrimLeftFunc(inner, isNameRune))]
		if p.slot && !p.open && (s.has(name) || name == "env" && s.Env != nil) {
			found = append(found, [2]int{p.start, p.end})
		}
	}
	return found
}

// closing returns the offset of the brace that closes the one before start.
func closing(text string, start int) (int, bool) {
	depth := 1
	for i := start; i < len(text); i++ {
		switch text[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i, true
			}
		default:
			i = skip(text, i)
		}
	}
	return 0, false
}

// endlessComment returns where the comment begins in a slot that does not end
// because its brace is in it, or -1.
func endlessComment(slot string) int {
	for i := 0; i < len(slot); i++ {
		end := skip(slot, i)
		if strings.HasPrefix(slot[i:], "//") && strings.Contains(slot[i:min(end+1, len(slot))], "}") {
			return i
		}
		i = end
	}
	return -1
}

// skip returns the offset of the last byte of the quotation or comment that
// begins at i, or i itself where neither begins. What has no end extends to
// the end of the text.
func skip(text string, i int) int {
	rest := text[i:]
	switch {
	case rest[0] == '"' || rest[0] == '\'':
		for j := 1; j < len(rest); j++ {
			switch rest[j] {
			case '\\':
				j++
			case rest[0]:
				return i + j
			}
		}
		return len(text)
	case rest[0] == '`':
		return until(text, i+1, "`")
	case strings.HasPrefix(rest, "//"):
		return until(text, i+2, "\n")
	case strings.HasPrefix(rest, "/*"):
		return until(text, i+2, "*/")
	}
	return i
}

// until returns the offset of the last byte of the first end at or after from.
func until(text string, from int, end string) int {
	if j := strings.Index(text[from:], end); j >= 0 {
		return from + j + len(end) - 1
	}
	return len(text)
}
