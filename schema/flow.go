package schema

import "strings"

// opensFlow reports whether a value is a list or mapping in brackets.
func opensFlow(value string) bool { return value != "" && (value[0] == '[' || value[0] == '{') }

// flowStart returns the nearest line at or above one whose value begins with a
// bracket, or the line itself.
func flowStart(t *text, line int) int {
	const reach = 200
	for i := line; i >= max(0, line-reach); i-- {
		l := anatomyOf(t.line(i))
		if opensFlow(l.value) || opensFlow(strings.TrimLeft(l.before, " ")) {
			return i
		}
	}
	return line
}

// explainSlots explains slots without quotes in the brackets that begin on a
// line.
func explainSlots(t *text, line int) (explanation, bool) {
	e := explanation{line: line, mended: make(map[int]string)}
	flow := flowScanner{}
	indent := anatomyOf(t.line(line)).indent
	for i := line; i < t.lines(); i++ {
		l := string(t.line(i))
		if a := anatomyOf(t.line(i)); i > line && a.indent <= indent && a.key != "" {
			break // the brackets are not closed, and the next entry begins here
		}
		from := 0
		if i == line {
			from = strings.IndexAny(l, "[{")
			if a := anatomyOf(t.line(i)); a.value != "" {
				from = len(a.before)
			}
		}
		mended, quoted := flow.quoteSlots(l, i, max(0, from))
		if len(quoted) > 0 {
			e.mended[i] = mended
			e.spots = append(e.spots, spot{
				line: i, from: quoted[0].from, to: quoted[0].to, code: codeSlotInFlow,
				message: "a slot between brackets must stand in quotes",
				hint:    "quote it: " + strings.TrimLeft(mended, " \t"),
				fix:     quoted,
			})
		}
		if flow.depth <= 0 || len(e.spots) >= maxFaults {
			break
		}
	}
	return e, len(e.spots) > 0
}

// flowScanner goes through lists and mappings in brackets.
type flowScanner struct{ depth int }

// quoteSlots returns a line, whose number is given, with each plain scalar
// that holds a slot in quotes, and the changes that make it so.
func (f *flowScanner) quoteSlots(line string, number, at int) (mended string, quoted []change) {
	out := []byte(line[:at])
	for at < len(line) {
		c := line[at]
		end := at + 1
		switch {
		case c == '[' || c == '{':
			f.depth++
		case c == ']' || c == '}':
			f.depth--
		case c == '"' || c == '\'':
			if n := quotedLength([]byte(line[at:]), c); n > 0 {
				end = at + n
			}
		case c == '#' && at > 0 && isSpace(line[at-1]):
			end = len(line)
		case !isSpace(c) && c != ',' && c != ':':
			end = plainFlowEnd(line, at)
			if value := strings.TrimRight(line[at:end], " \t"); strings.Contains(value, "${") {
				c := change{number, at, at + len(value), singleQuoted(value)}
				quoted = append(quoted, c)
				out = append(out, c.text...)
				at = c.to
				continue
			}
		}
		out = append(out, line[at:end]...)
		at = end
		if f.depth <= 0 {
			break
		}
	}
	return string(append(out, line[at:]...)), quoted
}

// flowEnd returns where the brackets close that a value begins with.
func flowEnd(value string) int {
	depth := 0
	for i := 0; i < len(value); i++ {
		switch c := value[i]; c {
		case '[', '{':
			depth++
		case ']', '}':
			if depth--; depth == 0 {
				return i + 1
			}
		case '"', '\'':
			if n := quotedLength([]byte(value[i:]), c); n > 0 {
				i += n - 1
			}
		}
	}
	return len(value)
}

// plainFlowEnd returns where a plain scalar between brackets was meant to end
// whose slots are not in quotes.
func plainFlowEnd(s string, at int) int {
	for at < len(s) {
		switch c := s[at]; {
		case strings.HasPrefix(s[at:], "${"):
			at = slotEnd(s, at)
			continue
		case c == ',' || c == ']' || c == '}':
			return at
		case c == ':' && (at+1 == len(s) || isSpace(s[at+1])):
			return at
		}
		at++
	}
	return at
}

// slotEnd returns where the slot ends that begins at an offset: after the
// brace that matches its own, not counting those in quotes.
func slotEnd(s string, at int) int {
	depth := 0
	for ; at < len(s); at++ {
		switch c := s[at]; c {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return at + 1
			}
		case '"', '\'', '`':
			if i := strings.IndexByte(s[at+1:], c); i >= 0 {
				at += i + 1
			}
		}
	}
	return at
}
