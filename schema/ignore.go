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
// comments may stand between; a blank line may not.
type Ignore struct {
	// Place is that of lint:ignore with everything behind it.
	Place Place
	Codes []IgnoredCode
	// Reason is empty when none is given.
	Reason string
	// First and Last are the lines whose warnings are silenced: one line, and
	// where a block of text begins on it, those of the block.
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
	outside, blocks := t.comments()
	var found []Ignore
	for _, at := range outside {
		if ig, ok := t.ignore(at); ok {
			if length := blocks[ig.First-d.Line]; length > 0 {
				ig.Last += length
			}
			found = append(found, ig)
		}
	}
	return found
}

// comments returns the offsets at which a comment holds the directive, and
// the lengths in lines of literal blocks, by the line of their "|", counted
// from zero. It asks the YAML library: each occurrence is exchanged for a
// word of its own, and those that turn up in a value stand in no comment.
func (t *text) comments() (offsets []int, blocks map[int]int) {
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
	blocks = map[int]int{}
	var values strings.Builder
	collect(root, &values, blocks)
	for i, offset := range at {
		if !strings.Contains(values.String(), marker(i)) {
			offsets = append(offsets, offset)
		}
	}
	return offsets, blocks
}

// marker is a word of the length of the directive.
func marker(i int) string { return fmt.Sprintf("lint~%06d", i)[:len(directive)] }

// collect writes the texts of a node and notes its literal blocks.
func collect(y *yaml.Node, values *strings.Builder, blocks map[int]int) {
	if y.Kind == yaml.ScalarNode {
		values.WriteString(y.Value)
		values.WriteByte('\n')
		if y.Style&yaml.LiteralStyle != 0 {
			blocks[y.Line-1] = 1 + strings.Count(strings.TrimRight(y.Value, "\n"), "\n")
		}
	}
	for _, c := range y.Content {
		collect(c, values, blocks)
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
