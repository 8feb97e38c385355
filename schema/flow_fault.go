package schema

import (
	"bytes"
	"strings"
)

// flowReach is how many lines above a fault, and how many of its own, a list
// or mapping in brackets is looked for and read.
const flowReach = 200

// explainFlow explains what is wrong between the brackets that a fault lies
// in, shown at the very character.
func explainFlow(t *text, line int) (explanation, bool) {
	for i := line; i >= max(0, line-flowReach); i-- {
		l := anatomyOf(t.line(i))
		at := len(l.before)
		if !opensFlow(l.value) {
			at = l.indent
			if !opensFlow(strings.TrimLeft(l.before, " ")) {
				continue
			}
		}
		f := flowFault{text: t, begin: t.starts[i] + at, end: flowRegion(t, i, l)}
		s, ok := f.find()
		if !ok {
			continue
		}
		e := explanation{line: i, spots: []spot{s}, last: l.value == ""}
		if l.value != "" {
			e.mended = emptyEntry(t, i)
		}
		if takesExpression(l.key) {
			kind := List
			if l.value[0] == '{' {
				kind = Map
			}
			e.spots[0] = expressionInBrackets(i, at, bare(l.key), kind)
			e.spots[0].fix = asBlock(t, t.starts[i]+at, l.key)
		}
		return e, true
	}
	return explanation{}, false
}

// expressionInBrackets is an expression without quotes that begins with a
// bracket, which is YAML's until it stands in a block.
func expressionInBrackets(line, at int, key string, kind NodeKind) spot {
	return spot{
		line: line, from: at, to: at + 1, code: codeExprNotText,
		message: key + " is an expression, but YAML reads " + kind.noun() + " here",
		hint:    "use a block: " + key + ": | and the expression on the line below",
	}
}

// flowRegion returns the offset at which the brackets that begin on a line
// must have been closed: that of the next entry of the block around them.
func flowRegion(t *text, line int, l anatomy) int {
	for i := line + 1; i < min(t.lines(), line+flowReach); i++ {
		if a := anatomyOf(t.line(i)); l.value != "" && a.indent <= l.indent && a.key != "" {
			return t.starts[i]
		}
	}
	if line+flowReach < t.lines() {
		return t.starts[line+flowReach]
	}
	return len(t.bytes)
}

// flowFault goes through brackets and stops at the first thing that YAML does
// not take there.
type flowFault struct {
	text       *text
	begin, end int
	open       []flowFrame
	cut        *spot // a value that a comment with a closing bracket cuts short
}

// flowFrame is a list or mapping that is open.
type flowFrame struct {
	at    int    // of its bracket
	colon bool   // the entry has had the colon after its key
	done  bool   // the entry has had its value, or its key
	from  int    // where that began
	key   string // of the entry, once its colon is past
}

// find returns the first fault, if there is one.
func (f *flowFault) find() (spot, bool) {
	src := f.text.bytes[:f.end]
	for at := f.begin; at < f.end; {
		c := src[at]
		top := f.top()
		switch {
		case isSpace(c):
			at++
		case c == '#' && isSpace(src[at-1]):
			f.comment(at)
			at = f.lineEnd(at) + 1
		case c == ',':
			top.colon, top.done, top.key = false, false, ""
			at++
		case c == ']' || c == '}':
			if src[top.at] != c-2 {
				return f.spot(at, at+1, codeUnclosedFlow, "the bracket closes one of the other kind", "close with "+string(src[top.at]+2)+" first"), true
			}
			f.open = f.open[:len(f.open)-1]
			if len(f.open) == 0 {
				return spot{}, false
			}
			f.top().did(top.at)
			at++
		case c == ':' && top.done && !top.colon:
			top.colon, top.done = true, false
			top.key = string(src[top.from:at])
			at++
		case top != nil && top.done:
			return f.afterValue(at), true
		case c == '[' || c == '{':
			f.open = append(f.open, flowFrame{at: at})
			at++
		case c == '"' || c == '\'':
			n := quotedLength(src[at:], c)
			if n == 0 {
				return f.spot(at, f.lineEnd(at), codeUnclosedQuote, "the quote is not closed", "close it on the same line"), true
			}
			top.did(at)
			at += n
		default:
			end := plainRun(src, at)
			if s, ok := f.plain(at, end); ok {
				return s, true
			}
			top.did(at)
			at = end
		}
	}
	if len(f.open) == 0 {
		return spot{}, false
	}
	if f.cut != nil {
		return *f.cut, true
	}
	at := f.top().at
	return f.spot(at, at+1, codeUnclosedFlow, "the bracket is not closed", "close it with "+string(src[at]+2)+"; quote texts that hold a bracket, a comma or a colon"), true
}

// comment notes the value before a comment that swallows a closing bracket.
func (f *flowFault) comment(at int) {
	top := f.top()
	text := f.text.bytes[at:f.lineEnd(at)]
	if f.cut != nil || top == nil || !top.done || !bytes.ContainsAny(text, "]}") {
		return
	}
	value := bytes.TrimRight(f.text.bytes[top.from:at], " \t")
	if bytes.ContainsAny(value[:1], "\"'[{") || bytes.IndexByte(value, '\n') >= 0 {
		return
	}
	whole := string(f.text.bytes[top.from:f.valueEnd(top.from)])
	s := f.spot(top.from, top.from+len(value), codeCommentCut, "the value ends at \" #\", where a comment begins", "quote it: "+singleQuoted(whole))
	if cutShort(whole) {
		s.fix = []change{{s.line, s.from, s.from + len(whole), singleQuoted(whole)}}
	}
	f.cut = &s
}

func (f *flowFault) top() *flowFrame {
	if len(f.open) == 0 {
		return nil
	}
	return &f.open[len(f.open)-1]
}

// did notes that the entry has its key or value.
func (f *flowFrame) did(from int) { f.done, f.from = true, from }

// afterValue is what stands where a comma or a closing bracket should.
func (f *flowFault) afterValue(at int) spot {
	src, from := f.text.bytes, f.top().from
	what := map[byte]string{'"': "quote", '\'': "quote", '[': "bracket", '{': "bracket"}[src[from]]
	if strings.IndexByte("\"'[{", src[at]) >= 0 || bytes.IndexByte(src[from:at], '\n') >= 0 || what == "" {
		return f.spot(at, at+1, codeUnclosedFlow, "a comma is missing before this", "write , between the entries")
	}
	code := codeUnclosedFlow
	if what == "quote" {
		code = codeAfterQuote
	}
	end := f.valueEnd(at)
	s := f.spot(at, end, code, "the value goes on after its closing "+what, "quote it: "+singleQuoted(string(src[from:end])))
	s.fix = f.quoting(code, from)
	return s
}

// plain says what is wrong with a text without quotes, if anything is.
func (f *flowFault) plain(at, end int) (s spot, found bool) {
	src := f.text.bytes[:f.end]
	next := byte(0)
	if end < len(src) {
		next = src[end]
	}
	value := strings.TrimRight(string(src[at:f.valueEnd(at)]), " \t\r\n")
	hint := "quote it: " + singleQuoted(value)
	code := codeUnclosedFlow
	switch {
	case strings.IndexByte("@`%", src[at]) >= 0:
		code = codeReservedStart
		s = f.spot(at, at+len(value), code, "a value without quotes cannot begin with "+value[:1], hint)
	case src[at] == '!':
		code = codeTag
		s = f.spot(at, at+len(value), code, value+" is a tag of YAML, not part of the value", hint)
	case next == ':' && f.top().colon:
		code = codePlainColon
		s = f.spot(end, end+1, code, "a value without quotes cannot hold a colon and a space", hint)
	case bytes.IndexByte(src[at+1:end], '?') >= 0:
		// YAML 1.2 takes it, the library does not.
		from := at + 1 + bytes.IndexByte(src[at+1:end], '?')
		s = f.spot(from, from+1, code, "a value between brackets cannot hold ? without quotes", hint)
	case next == '[' || next == '{':
		s = f.spot(end, end+1, code, "a value between brackets cannot hold a bracket without quotes", hint)
	default:
		return spot{}, false
	}
	s.fix = f.quoting(code, at)
	return s, true
}

// quoting is the change that quotes the value that begins at an offset, where
// it can only have been meant whole.
func (f *flowFault) quoting(c Code, at int) []change {
	line := f.text.lineAt(at)
	value := strings.TrimRight(string(f.text.bytes[at:f.valueEnd(at)]), " \t\r\n")
	return quoting(c, f.top().key, line, at-f.text.starts[line], value)
}

// plainRun returns where a text without quotes ends.
func plainRun(src []byte, at int) int {
	for at++; at < len(src); at++ {
		switch c := src[at]; c {
		case ',', '[', ']', '{', '}', '\n':
			return at
		case ':':
			if at+1 == len(src) || isSpace(src[at+1]) || strings.IndexByte(",[]{}", src[at+1]) >= 0 {
				return at
			}
		case '#':
			if isSpace(src[at-1]) {
				return at
			}
		}
	}
	return at
}

// valueEnd returns where a text that should be in quotes was meant to end: on
// its line, before the next comma or the bracket that closes what it is in.
func (f *flowFault) valueEnd(at int) int {
	depth := 0
	for end := f.lineEnd(at); at < end; at++ {
		switch c := f.text.bytes[at]; c {
		case '[', '{':
			depth++
		case ']', '}':
			if depth--; depth < 0 {
				return at
			}
		case ',':
			if depth == 0 {
				return at
			}
		}
	}
	return at
}

func (f *flowFault) lineEnd(at int) int {
	if i := bytes.IndexByte(f.text.bytes[at:f.end], '\n'); i >= 0 {
		return at + i
	}
	return f.end
}

// spot places a stretch of the text, which lies on one line.
func (f *flowFault) spot(from, to int, c Code, message, hint string) spot {
	line := f.text.lineAt(from)
	start := f.text.starts[line]
	return spot{line: line, from: from - start, to: to - start, code: c, message: message, hint: hint}
}
