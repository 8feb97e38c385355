package engine

import (
	"maps"
	"slices"
	"unicode/utf8"
)

// limited returns a value, of size bytes as it is sent, so that it keeps the
// tool's limit: lists hold at most limit.Items elements, and the whole, as
// compact JSON or text, has at most limit.Bytes. What is left is well-formed.
// The note says what was left out and how to ask for less; it is empty when
// nothing was. ok is false when the value cannot be cut that far.
func (t *Tool) limited(value any, size int) (limited any, note string, ok bool) {
	most := int(t.limit.Bytes)
	if size <= most && longestList(value) <= t.limit.Items {
		return value, "", true
	}
	var c cutter
	if text, isText := value.(string); isText {
		c.note("the text %s was cut", nil)
		limited = cutText(text, most)
	} else {
		m := measure(value, t.limit.Items)
		if m.least > most {
			return nil, t.narrow(), false
		}
		limited = c.fit(&m, most, nil)
	}
	return limited, "Left out for size: " + c.said() + "." + t.narrow(), true
}

// narrow says how a caller may ask for less; nothing where it has no say.
func (t *Tool) narrow() string {
	names := slices.Sorted(maps.Keys(t.InputType().Members))
	if len(names) == 0 {
		return ""
	}
	return " Ask for less with the arguments: " + abridge(names) + "."
}

func longestList(v any) int {
	longest := 0
	switch v := v.(type) {
	case []any:
		longest = len(v)
		for _, e := range v {
			longest = max(longest, longestList(e))
		}
	case map[string]any:
		for _, e := range v {
			longest = max(longest, longestList(e))
		}
	}
	return longest
}

// cutText shortens a text to at most n bytes without cutting a character.
func cutText(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}
