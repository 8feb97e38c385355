package schema

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

const (
	tabStop = 4
	// windowWidth is how many columns of a long line are shown.
	windowWidth = 100
)

// harmless returns a text of one line that does nothing to a terminal.
func harmless(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' {
			return ' '
		}
		return harmlessRune(r)
	}, s)
}

// harmlessRune replaces what a terminal would act on or hide: control
// characters and those that change the direction of text.
func harmlessRune(r rune) rune {
	if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) {
		return unicode.ReplacementChar
	}
	return r
}

// window returns the part of a line that is shown for a stretch of it, with
// the columns of the terminal before the stretch and the columns it takes, at
// least one. Tabs become spaces; a long line is cut around the stretch.
func window(line string, column, length int) (shown string, before, caret int) {
	cells := cellsOf(line)
	from := min(column-1, len(cells))
	to := min(from+length, len(cells))
	start, end := 0, len(cells)
	if widthOf(cells) > windowWidth {
		for start = from; start > 0 && widthOf(cells[start-1:from]) <= windowWidth/3; start-- {
		}
		for end = start; end < len(cells) && widthOf(cells[start:end+1]) <= windowWidth; end++ {
		}
		to = min(to, end)
	}
	var b strings.Builder
	if start > 0 {
		b.WriteString("…")
		before = 1
	}
	for _, c := range cells[start:end] {
		b.WriteString(c.text)
	}
	if end < len(cells) {
		b.WriteString("…")
	}
	return b.String(), before + widthOf(cells[start:from]), max(1, widthOf(cells[from:to]))
}

// cell is a character as a terminal shows it.
type cell struct {
	text  string
	width int
}

func cellsOf(line string) []cell {
	var cells []cell
	at := 0
	for _, r := range line {
		c := cell{text: string(harmlessRune(r)), width: 1}
		switch {
		case r == '\t':
			c.width = tabStop - at%tabStop
			c.text = strings.Repeat(" ", c.width)
		case unicode.In(r, unicode.Mn, unicode.Me):
			c.width = 0
		default:
			if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
				c.width = 2
			}
		}
		at += c.width
		cells = append(cells, c)
	}
	return cells
}

func widthOf(cells []cell) int {
	sum := 0
	for _, c := range cells {
		sum += c.width
	}
	return sum
}
