package httpcall

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"time"
)

// A splitter is given the bytes of a stream one by one and reports of each
// whether a record ends with it.
type splitter func(b byte) bool

// splitter returns what tells the records of an answer apart; nil for an
// answer that is read as a whole.
func (r *boundReading) splitter(resp *http.Response) splitter {
	mediaType, _ := contentType(resp.Header)
	switch r.kindOf(mediaType, resp.StatusCode) {
	case asEvents:
		return eventEnds()
	case asLines:
		return lineEnds()
	}
	return nil
}

// lineEnds finds the ends of lines that are not blank.
func lineEnds() splitter {
	blank := true
	return func(b byte) bool {
		switch b {
		case '\n':
			ended := !blank
			blank = true
			return ended
		case ' ', '\t', '\r':
		default:
			blank = false
		}
		return false
	}
}

// eventEnds finds the blank lines behind events that have data (HTML §9.2.6:
// those without are not dispatched).
func eventEnds() splitter {
	var (
		line  []byte // its beginning
		data  bool
		after byte // the byte before
	)
	return func(b byte) bool {
		before := after
		after = b
		switch {
		case b == '\n' && before == '\r':
			return false
		case b != '\n' && b != '\r':
			if len(line) < len(bom+"data:") {
				line = append(line, b)
			}
			return false
		case len(line) == 0:
			ended := data
			data = false
			return ended
		}
		name, _, _ := eventField(withoutBOM(line))
		data = data || name == "data"
		line = line[:0]
		return false
	}
}

// collect reads a stream until it ends, or until it has so many records or
// bytes; more says that it did not end. What is then left of a record is cut
// off, unless it is the first: that one is given one byte too long. With an
// error, data are the whole records before it.
func collect(body io.Reader, maxBytes int64, maxItems int, ends splitter) (data []byte, more bool, err error) {
	body = io.LimitReader(body, maxBytes+1)
	whole, records := 0, 0
	chunk := make([]byte, 16<<10)
	for {
		n, err := body.Read(chunk)
		for _, b := range chunk[:n] {
			if records == maxItems {
				return data[:whole], true, nil
			}
			data = append(data, b)
			if ends(b) {
				whole, records = len(data), records+1
			}
		}
		switch {
		case int64(len(data)) > maxBytes && whole == 0:
			return data, false, nil
		case int64(len(data)) > maxBytes:
			return data[:whole], true, nil
		case err == io.EOF:
			return data, false, nil
		case err != nil:
			return data[:whole], false, err
		case records == maxItems:
			return data, true, nil
		}
	}
}

var errEnough = errors.New("the stream was read for as long as there was time")

// A heldBody has been read. It is cut off one byte after the limit; a stream
// that was not read to its end has more.
type heldBody struct {
	*bytes.Reader
	data []byte
	more bool
}

func (*heldBody) Close() error { return nil }

// last is how long before the deadline of a try a stream is no longer read, so
// that there is time for what came: a tenth of what is left, at most a second.
func last(left time.Duration) time.Duration { return min(left/10, time.Second) }

// stream reads the records of a stream. One that goes on beyond the time of
// the try has more.
func (a *attempt) stream(ctx context.Context, body io.Reader, ends splitter) (data []byte, more bool, err error) {
	if deadline, ok := ctx.Deadline(); ok {
		left := time.Until(deadline)
		timer := time.AfterFunc(left-last(left), func() { a.enough(errEnough) })
		defer timer.Stop()
	}
	data, more, err = collect(body, a.maxBytes, a.course.call.reading.maxItems, ends)
	if err != nil && context.Cause(ctx) == errEnough {
		return data, true, nil
	}
	return data, more, err
}
