package schema

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// TextOptions says how diagnostics are written for people.
type TextOptions struct {
	// Color asks for the colours of a terminal.
	Color bool
}

// WriteText writes diagnostics for people: place, fact and code, the line
// with a caret, a hint, and the other places that the fact is about. What
// comes from a source is made harmless for a terminal.
func WriteText(w io.Writer, ds []Diagnostic, opts TextOptions) error {
	b := bufio.NewWriter(w)
	p := painter(opts.Color)
	for _, d := range ds {
		severity := ""
		if d.Severity == Warning {
			severity = p.paint(yellow, "warning:") + " "
		}
		fmt.Fprintf(b, "%s: %s%s [%s]\n", p.paint(bold, position(d.Place)), severity, harmless(d.Message), d.Code)
		if d.Snippet != "" {
			writeSnippet(b, d, p)
		}
		if d.Hint != "" {
			fmt.Fprintf(b, "  hint: %s\n", harmless(d.Hint))
		}
		for _, r := range d.Related {
			fmt.Fprintf(b, "  %s: %s\n", position(r.Place), harmless(r.Message))
		}
	}
	return b.Flush()
}

func writeSnippet(b *bufio.Writer, d Diagnostic, p painter) {
	line, before, width := window(d.Snippet, d.Place.Column, d.Place.Length)
	number := fmt.Sprint(d.Place.Line)
	color := red
	if d.Severity == Warning {
		color = yellow
	}
	fmt.Fprintf(b, "  %s | %s\n", number, line)
	fmt.Fprintf(b, "  %s | %s%s\n", strings.Repeat(" ", len(number)), strings.Repeat(" ", before), p.paint(color, strings.Repeat("^", width)))
}

// position writes a place as editors and terminals know to jump to it.
func position(p Place) string {
	if p.Line == 0 {
		return harmless(p.File)
	}
	return fmt.Sprintf("%s:%d:%d", harmless(p.File), p.Line, p.Column)
}

// painter adds colours when it is true.
type painter bool

const (
	bold   = "1"
	red    = "31"
	yellow = "33"
)

func (p painter) paint(color, s string) string {
	if !p {
		return s
	}
	return "\x1b[" + color + "m" + s + "\x1b[0m"
}

type jsonDiagnostic struct {
	jsonPlace
	Severity string        `json:"severity"`
	Code     string        `json:"code"`
	Message  string        `json:"message"`
	Hint     string        `json:"hint,omitempty"`
	Related  []jsonRelated `json:"related,omitempty"`
	Fix      []jsonEdit    `json:"fix,omitempty"`
}

// jsonPlace has columns in characters; EndColumn is that after the last one.
type jsonPlace struct {
	File      string `json:"file"`
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndColumn int    `json:"endColumn"`
}

type jsonRelated struct {
	jsonPlace
	Message string `json:"message"`
}

// jsonEdit replaces what stands from Line and Column up to EndLine and
// EndColumn.
type jsonEdit struct {
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndLine   int    `json:"endLine"`
	EndColumn int    `json:"endColumn"`
	Text      string `json:"text"`
}

// WriteJSON writes diagnostics as one JSON array.
func WriteJSON(w io.Writer, ds []Diagnostic) error {
	all := make([]jsonDiagnostic, 0, len(ds))
	for _, d := range ds {
		j := jsonDiagnostic{jsonPlace: placeJSON(d.Place), Severity: d.Severity.String(), Code: d.Code, Message: d.Message, Hint: d.Hint}
		for _, r := range d.Related {
			j.Related = append(j.Related, jsonRelated{jsonPlace: placeJSON(r.Place), Message: r.Message})
		}
		for _, e := range d.Fix {
			j.Fix = append(j.Fix, jsonEdit{e.From.Line, e.From.Column, e.To.Line, e.To.Column, e.Text})
		}
		all = append(all, j)
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(all)
}

func placeJSON(p Place) jsonPlace {
	return jsonPlace{File: p.File, Line: p.Line, Column: p.Column, EndColumn: p.Column + p.Length}
}

var (
	githubData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// WriteGitHub writes diagnostics as workflow commands of GitHub Actions, which
// shows them beside the lines of a pull request.
func WriteGitHub(w io.Writer, ds []Diagnostic) error {
	b := bufio.NewWriter(w)
	for _, d := range ds {
		message := d.Message
		if d.Hint != "" {
			message += "\nhint: " + d.Hint
		}
		fmt.Fprintf(b, "::%s file=%s", d.Severity, githubProperty.Replace(d.Place.File))
		if p := d.Place; p.Line > 0 {
			fmt.Fprintf(b, ",line=%d,col=%d,endColumn=%d", p.Line, p.Column, p.Column+max(p.Length, 1)-1)
		}
		fmt.Fprintf(b, ",title=%s::%s\n", githubProperty.Replace(d.Code), githubData.Replace(message))
	}
	return b.Flush()
}
