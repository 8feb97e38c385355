package jsonschema

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// clip shortens text to a number of characters.
func clip(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for i := range text {
		if limit--; limit < 0 {
			return text[:i] + "…"
		}
	}
	return text
}

// quote writes text as a JSON string, without the escapes that only HTML needs.
func quote(text string) string {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(text); err != nil {
		return strconv.Quote(text)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// shorten writes a value as compact JSON, keys sorted, cut at a number of
// characters. It looks at no more of the value than it writes.
func shorten(value any, limit int) string {
	w := shortener{limit: limit}
	w.write(value)
	return clip(w.String(), limit)
}

type shortener struct {
	strings.Builder
	limit int
}

// full reports whether there is text enough, a character being four bytes at
// most.
func (w *shortener) full() bool { return w.Len() > 4*w.limit }

func (w *shortener) write(value any) {
	switch value := value.(type) {
	case string:
		const widest = utf8.UTFMax
		if len(value) > widest*w.limit {
			value = clip(value, w.limit)
		}
		w.WriteString(quote(value))
	case map[string]any:
		w.object(value)
	case []any:
		w.WriteByte('[')
		for i, item := range value {
			if i > 0 {
				w.WriteByte(',')
			}
			if w.full() {
				break
			}
			w.write(item)
		}
		w.WriteByte(']')
	case nil:
		w.WriteString("null")
	default: // bool, int, float64, json.Number
		fmt.Fprint(w, value)
	}
}

func (w *shortener) object(value map[string]any) {
	w.WriteByte('{')
	for i, name := range slices.Sorted(maps.Keys(value)) {
		if i > 0 {
			w.WriteByte(',')
		}
		if w.full() {
			break
		}
		w.write(name)
		w.WriteByte(':')
		w.write(value[name])
	}
	w.WriteByte('}')
}
