package httpcall

import (
	"bytes"
	"fmt"
	"strings"
)

// decodeLines reads one JSON value a line; blank lines count for nothing.
func decodeLines(body []byte) (any, error) {
	values := []any{}
	number, left := 0, mostValues
	for line := range bytes.Lines(withoutBOM(body)) {
		number++
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		value, err := parseJSON(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
		if left -= valuesIn(line); left < 0 {
			return nil, errValues
		}
		values = append(values, value)
	}
	return values, nil
}

// decodeEvents reads server-sent events (HTML §9.2.6) as objects: event, which
// is "message" where nothing is said, data, as JSON where it is some, and id,
// the last one that was sent, or nil. What follows the last blank line is no
// event.
func decodeEvents(body []byte) (any, error) {
	values, left := []any{}, mostValues
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(decodeText(body, ""))
	var (
		event string
		data  []string
		id    any
	)
	for line := range strings.SplitSeq(text, "\n") {
		name, value, isField := eventField([]byte(line))
		switch {
		case line == "":
			if data != nil {
				text := strings.Join(data, "\n")
				value := eventData(text)
				if _, isText := value.(string); !isText {
					left -= valuesIn([]byte(text))
				}
				if left < 0 {
					return nil, errValues
				}
				values = append(values, map[string]any{"event": orMessage(event), "data": value, "id": id})
			}
			event, data = "", nil
		case !isField:
		case name == "event":
			event = value
		case name == "data":
			data = append(data, value)
		case name == "id" && !strings.Contains(value, "\x00"):
			id = value
		}
	}
	return values, nil
}

func orMessage(event string) string {
	if event == "" {
		return "message"
	}
	return event
}

// eventField takes a line of an event apart; isField is false for a comment.
func eventField(line []byte) (name, value string, isField bool) {
	before, after, _ := bytes.Cut(line, []byte(":"))
	return string(before), string(bytes.TrimPrefix(after, []byte(" "))), len(before) > 0
}

// eventData is the data of an event: JSON where it is some, else text.
func eventData(text string) any {
	if value, err := parseJSON([]byte(text)); err == nil {
		return value
	}
	return text
}

// valuesIn is how many values JSON has.
func valuesIn(body []byte) int {
	_, values := extent(body)
	return values
}
