package httpcall

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/toolsd/toolsd/engine/expression"
)

// A tooLarge answer was not read to its end.
type tooLarge struct{ limit int64 }

func (t *tooLarge) Error() string { return fmt.Sprintf("the answer is larger than %s", size(t.limit)) }

// An encoded answer came in a compression that was not asked for.
type encoded struct{ coding string }

func (e *encoded) Error() string {
	return fmt.Sprintf("the answer has the Content-Encoding %q", e.coding)
}

// A malformed answer is not what it should be read as.
type malformed struct {
	as        string
	mediaType string // that it came with
	page      bool   // it is a web page
	cause     error
}

func (m *malformed) Error() string {
	return fmt.Sprintf("decoding %q as %s: %v", m.mediaType, m.as, m.cause)
}
func (m *malformed) Unwrap() error { return m.cause }

// format is what a model is told that was expected.
func (m *malformed) format() string {
	switch m.as {
	case asXML:
		return "XML"
	case asCSV:
		return "CSV"
	case asLines:
		return "JSON, one value a line"
	case asEvents:
		return "events"
	}
	return "JSON"
}

// isPage reports whether a body is a web page, as services show one that ask
// to log in, or are being mended.
func isPage(mediaType string, body []byte) bool {
	start := strings.ToLower(string(bytes.TrimSpace(withoutBOM(body[:min(len(body), 200)]))))
	return mediaType == "text/html" || strings.HasPrefix(start, "<!doctype html") || strings.HasPrefix(start, "<html")
}

// unreadable is the failure of an answer that could not be read as what it
// should be.
func (x *exchange) unreadable(cause error) error {
	return &expression.Failure{Message: x.name + " answered with " + misread(cause), Cause: x.mask.veil(fmt.Errorf("decoding the answer: %w", cause))}
}

// misread says what came instead of what should have come, and what to try.
func misread(cause error) string {
	if large, ok := errors.AsType[*tooLarge](cause); ok {
		return fmt.Sprintf("more than %s, which is the most that is read; ask for less", size(large.limit))
	}
	if _, ok := errors.AsType[*encoded](cause); ok {
		return "a compressed body that nobody asked for; whoever runs this server has to look at it"
	}
	m, ok := errors.AsType[*malformed](cause)
	switch {
	case errors.Is(cause, errDeep), errors.Is(cause, errXMLDeep):
		return fmt.Sprintf("%s that nests deeper than %d levels, which is the most that is read", m.format(), deepest)
	case errors.Is(cause, errValues):
		return fmt.Sprintf("%s of more than %d values, which is the most that is read; ask for less", m.format(), mostValues)
	case errors.Is(cause, errCells):
		return fmt.Sprintf("a table of more than %d cells, which is the most that is read; ask for less", mostCells)
	case ok && m.page:
		return "a web page where " + m.format() + " was expected; it may ask for a login or be out of service, which whoever runs this server has to look at"
	case errors.Is(cause, io.ErrUnexpectedEOF), errors.Is(cause, errXMLEnds):
		return m.format() + " that breaks off; try again, or tell whoever runs this server"
	}
	return "something that is not valid " + m.format() + "; try again, or tell whoever runs this server"
}

// size writes a number of bytes in the largest unit that divides it.
func size(n int64) string {
	switch {
	case n > 0 && n%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", n>>20)
	case n > 0 && n%(1<<10) == 0:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}
