package main

import (
	"log"
	"log/slog"
	"strings"
)

// adoptStandardLog has what libraries write to the standard logger of the
// process written by a logger of ours, a warning for each text.
func adoptStandardLog(to *slog.Logger) {
	log.SetFlags(0)
	log.SetOutput(standardLog{to})
}

// A standardLog is what the standard logger writes to. The HTTP transport
// prints there what an upstream sent, between quotation marks and masked by
// nobody. So of each text only what stands before the first of these is
// written, of its first line, and at most maxSaid bytes.
type standardLog struct{ to *slog.Logger }

const maxSaid = 200

func (l standardLog) Write(text []byte) (int, error) {
	said := string(text)
	if end := strings.IndexAny(said, "\"`\r\n"); end >= 0 {
		said = said[:end]
	}
	if len(said) > maxSaid {
		said = strings.ToValidUTF8(said[:maxSaid], "")
	}
	l.to.Warn("a library reports something", "says", strings.TrimSpace(said))
	return len(text), nil
}
