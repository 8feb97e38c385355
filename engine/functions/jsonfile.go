package functions

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// readJSON decodes a settings file as the host reads it: comments, a comma
// before a closing bracket and a byte order mark are allowed, and names match
// in any case. Errors name the file, and the line where there is one;
// a missing file is an fs.ErrNotExist.
func readJSON(path string, into any) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	name := filepath.Base(path)
	data = plainJSON(data)
	err = json.Unmarshal(data, into)
	var syntax *json.SyntaxError
	var mismatch *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("%s:%d: %w", name, lineOf(data, syntax.Offset), err)
	case errors.As(err, &mismatch):
		return fmt.Errorf("%s:%d: %s: want %s, found %s", name, lineOf(data, mismatch.Offset), mismatch.Field, mismatch.Type, mismatch.Value)
	case err != nil:
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// lineOf counts the line of an offset, which encoding/json gives as the number
// of bytes read.
func lineOf(data []byte, offset int64) int {
	return 1 + bytes.Count(data[:min(int(offset), len(data))], []byte("\n"))
}

// plainJSON blanks out what the host allows beyond RFC 8259. Line breaks stay
// and every other byte keeps its offset, so that errors keep their lines. The
// data is changed in place.
func plainJSON(data []byte) []byte {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	comma := -1 // of the last comma, while nothing but space followed it
	for i := 0; i < len(data); {
		end := i + 1
		switch c := data[i]; {
		case c == '"':
			end = stringEnd(data, i)
			comma = -1
		case c == '/':
			if end = commentEnd(data, i); end == i {
				return data // no comment: the decoder finds the fault
			}
			blank(data[i:end])
		case c == ',':
			comma = i
		case (c == '}' || c == ']') && comma >= 0:
			data[comma] = ' '
			comma = -1
		case c != ' ' && c != '\t' && c != '\r' && c != '\n':
			comma = -1
		}
		i = end
	}
	return data
}

// stringEnd returns the offset behind the string that begins at start.
func stringEnd(data []byte, start int) int {
	for i := start + 1; i < len(data); i++ {
		switch data[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(data)
}

// commentEnd returns the offset behind the comment that begins at start, or
// start when none does. A comment that is never closed is none.
func commentEnd(data []byte, start int) int {
	rest := data[start:]
	switch {
	case bytes.HasPrefix(rest, []byte("//")):
		if n := bytes.IndexByte(rest, '\n'); n >= 0 {
			return start + n
		}
		return len(data)
	case bytes.HasPrefix(rest, []byte("/*")):
		if n := bytes.Index(rest[2:], []byte("*/")); n >= 0 {
			return start + 2 + n + 2
		}
	}
	return start
}

func blank(data []byte) {
	for i, c := range data {
		if c != '\n' {
			data[i] = ' '
		}
	}
}
