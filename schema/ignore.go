package schema

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// An Ignore is a comment that silences warnings where they stand:
//
//	# lint:ignore CODE[, CODE…] reason in words
//
// It stands behind what it is about, or on a line of its own above it. Other
// comments may stand between; a blank line may not. What is about a value
// that begins below its key may stand at the key.
type Ignore struct {
	// Place is that of lint:ignore with everything behind it.
	Place Place
	Codes []IgnoredCode
	// Reason is empty when none is given.
	Reason string
	// First and Last are the lines whose warnings are silenced: one line,
	// where a block of text begins on it, those of the block, and where it is
	// the key of what begins further down, up to the first line of that.
	First, Last int
}

// An IgnoredCode is a code as the comment names it.
type IgnoredCode struct {
	Name  string
	Place Place
}

const directive = "lint:ignore"

// Ignores returns the comments of a document that silence warnings, in their
// order. What looks like one within a text is none. A document that is not
// YAML has none.
func Ignores(d Document) []Ignore {
	if !bytes.Contains(d.Text, []byte(directive)) {
		return nil
	}
	t := newText(d.File, d.Line, d.Text)
	outside, more := t.comments()
	var found []Ignore
	for _, at := range outside {
		if ig, ok := t.ignore(at); ok {
			ig.Last += more[ig.First-d.Line]
			found = append(found, ig)
		}
	}
	return found
}

// comments returns the offsets at which a comment holds the directive, and
// how many lines more belong to a line, counted from zero. It asks the YAML library: each occurrence is exchanged for a
// word of its own, and those that turn up in a value stand in no comment.
func (t *text) comments() (offsets []int, more map[int]int) {
	marked := bytes.Clone(t.bytes)
	var at []int
	for from := 0; ; {
		i := bytes.Index(marked[from:], []byte(directive))
		if i < 0 {
			break
		}
		from += i
		copy(marked[from:], marker(len(at)))
		at = append(at, from)
	}
	root, f := decode(marked)
	if f != nil || root == nil {
		return nil, nil
	}
	more = map[int]int{}
	var values strings.Builder
	collect(root, &values, more)
	for i, offset := range at {
		if !strings.Contains(values.String(), marker(i)) {
			offsets = append(offsets, offset)
		}
	}
	return offsets, more
}

// marker is a word of the length of the directive.
func marker(i int) string { return fmt.Sprintf("lint~%06d", i)[:len(directive)] }

// collect writes the texts of a node, and notes the lines of literal blocks by
// that of their "|", and those down to a mapping or a text by that of its key.
func collect(y *yaml.Node, values *strings.Builder, more map[int]int) {
	switch y.Kind {
	case yaml.ScalarNode:
		values.WriteString(y.Value)
		values.WriteByte('\n')
		if y.Style&yaml.LiteralStyle != 0 {
			more[y.Line-1] = 1 + strings.Count(strings.TrimRight(y.Value, "\n"), "\n")
		}
	case yaml.MappingNode:
		for i := 0; i+1 < len(y.Content); i += 2 {
			key, value := y.Content[i], y.Content[i+1]
			if value.Kind == yaml.MappingNode || value.Kind == yaml.ScalarNode && value.Value != "" {
				more[key.Line-1] = max(more[key.Line-1], value.Line-key.Line)
			}
		}
	}
	for _, c := range y.Content {
		collect(c, values, more)
	}
}

// ignore reads the comment that holds the directive at an offset; ok is false
// when it merely speaks of it.
func (t *text) ignore(offset int) (ig Ignore, ok bool) {
	line := t.lineAt(offset)
	start := t.starts[line]
	before := strings.TrimRight(string(t.bytes[start:offset]), " \t")
	content, hash := strings.CutSuffix(before, "#")
	if !hash || content != "" && !strings.HasSuffix(content, " ") && !strings.HasSuffix(content, "\t") {
		return ig, false
	}
	rest := string(t.line(line))[offset-start+len(directive):]
	if rest != "" && rest[0] != ' ' && rest[0] != '\t' {
		return ig, false
	}
	target := line
	switch content = strings.TrimLeft(content, " \t"); {
	case strings.HasPrefix(content, "#"):
		return ig, false // it is mentioned in a comment
	case content == "":
		for target++; target < t.lines() && isComment(t.line(target)); target++ {
		}
	}
	ig.Place = t.stretch(line, offset-start, len(t.line(line)))
	ig.First, ig.Last = t.first+target, t.first+target
	ig.Codes, ig.Reason = t.ignored(ig.Place, rest)
	return ig, true
}

func isComment(line []byte) bool {
	line = bytes.TrimLeft(line, " \t")
	return len(line) > 0 && line[0] == '#'
}

// ignored parts what follows the directive into codes and reason.
func (t *text) ignored(place Place, rest string) (codes []IgnoredCode, reason string) {
	column := place.Column + len(directive)
	for more := true; more; {
		trimmed := strings.TrimLeft(rest, " \t")
		column += len(rest) - len(trimmed)
		end := strings.IndexAny(trimmed, " \t,")
		if end < 0 {
			end = len(trimmed)
		}
		name := strings.TrimSuffix(trimmed[:end], ":")
		if name != "" {
			codes = append(codes, IgnoredCode{name, Place{place.File, place.Line, column, utf8.RuneCountInString(name)}})
		}
		column += utf8.RuneCountInString(trimmed[:end])
		rest = trimmed[end:]
		after := strings.TrimLeft(rest, " \t")
		if more = strings.HasPrefix(after, ","); more {
			column += len(rest) - len(after) + 1
			rest = after[1:]
		}
	}
	return codes, strings.TrimSpace(rest)
}
