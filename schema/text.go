package schema

import (
	"bytes"
	"math"
	"slices"
	"unicode/utf8"
)

// text is a document's text by lines. It turns the lines and columns of the
// YAML library into offsets and offsets into places.
type text struct {
	file  string
	first int // the line of the file that the text begins on
	bytes []byte
	// starts holds the offset of each line; after the last line break there is
	// no further one.
	starts []int
	// mended holds the indexes of lines that differ from what the author
	// wrote, because a fault on them was worked around.
	mended map[int]bool
	// lost holds the indexes of those of them of which nothing is left.
	lost map[int]bool
	// original is the text as its author wrote it, where this is another.
	original *text

	cursor cursor
}

// cursor remembers the last offset that was asked for. Nodes come in the
// order of the text, so that finding them all costs one pass over each line.
type cursor struct{ line, column, offset int }

func newText(file string, first int, b []byte) *text {
	t := &text{file: file, first: first, bytes: b, starts: make([]int, 1, 1+bytes.Count(b, newline))}
	for i, c := range b {
		if c == '\n' && i+1 < len(b) {
			t.starts = append(t.starts, i+1)
		}
	}
	return t
}

var (
	newline        = []byte{'\n'}
	carriageReturn = []byte{'\r'}
)

// lines returns the number of lines.
func (t *text) lines() int { return len(t.starts) }

// line returns a line, counted from zero, without its line break.
func (t *text) line(i int) []byte {
	end := len(t.bytes)
	if i+1 < len(t.starts) {
		end = t.starts[i+1] - 1
	}
	return bytes.TrimSuffix(bytes.TrimSuffix(t.bytes[t.starts[i]:end], newline), carriageReturn)
}

// rest returns what follows an offset on its line, at most so many bytes of it.
func (t *text) rest(offset, most int) []byte {
	b := t.bytes[offset:min(len(t.bytes), offset+most)]
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		b = b[:i]
	}
	return bytes.TrimSuffix(b, carriageReturn)
}

// at returns the offset and the place of a line, counted from zero, and a
// column, counted from one in characters. Beyond the end of a line it is that
// end.
func (t *text) at(line, column int) (int, Place) {
	if line >= t.lines() {
		line, column = t.lines()-1, math.MaxInt
	}
	c := &t.cursor
	if c.line != line || c.column > column || c.column == 0 {
		*c = cursor{line: line, column: 1, offset: t.starts[line]}
	}
	for c.column < column && c.offset < len(t.bytes) && !bytes.HasPrefix(t.bytes[c.offset:], newline) && !bytes.HasPrefix(t.bytes[c.offset:], carriageReturn) {
		_, size := utf8.DecodeRune(t.bytes[c.offset:])
		c.offset += size
		c.column++
	}
	if t.mended[line] {
		return c.offset, t.original.point(line, c.column, 0)
	}
	return c.offset, Place{File: t.file, Line: t.first + line, Column: c.column}
}

// point returns the place of a line, counted from zero, and a column with a
// length in characters, cut where the line ends.
func (t *text) point(line, column, length int) Place {
	end := 1 + utf8.RuneCount(t.line(line))
	column = min(column, end)
	return Place{File: t.file, Line: t.first + line, Column: column, Length: min(length, end-column)}
}

// stretch returns the place of a part of a line, counted from zero, given by
// its bytes.
func (t *text) stretch(line, from, to int) Place {
	l := t.line(line)
	to = min(to, len(l))
	from = min(from, to)
	return t.point(line, 1+utf8.RuneCount(l[:from]), utf8.RuneCount(l[from:to]))
}

// lineAt returns the line, counted from zero, that an offset lies on.
func (t *text) lineAt(offset int) int {
	i, found := slices.BinarySearch(t.starts, offset)
	if !found {
		i--
	}
	return i
}
