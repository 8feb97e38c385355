package expression

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Text returns a value as it is joined into text: numbers in plain decimal
// without exponent, times as RFC 3339 has them, bytes as base64, lists and
// objects as compact JSON with sorted keys, null as nothing.
func Text(value any) (string, error) { return textWithin(value, defaultMemory) }

// textWithin is Text, with an error when the text has more bytes than limit.
func textWithin(value any, limit int64) (string, error) {
	switch v := value.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case bool:
		return strconv.FormatBool(v), nil
	case int:
		return strconv.Itoa(v), nil
	case float64:
		return decimal(v)
	case json.Number:
		return expand(v)
	case []byte:
		return base64.StdEncoding.EncodeToString(v), nil
	case time.Time:
		return v.Format(time.RFC3339Nano), nil
	case []any, map[string]any:
		return toJSON(v, limit)
	}
	p := plainer{left: limit}
	v, err := p.value(value, 0)
	if err != nil {
		return "", err
	}
	return textWithin(v, limit)
}

// decimal writes a number without exponent.
func decimal(f float64) (string, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return "", errNotFinite
	}
	if f == 0 {
		return "0", nil
	}
	return strconv.FormatFloat(f, 'f', -1, 64), nil
}

// expand writes a number that was kept as text without its exponent.
func expand(n json.Number) (string, error) {
	text := string(n)
	e := strings.IndexAny(text, "eE")
	if e < 0 {
		return text, nil
	}
	const most = 1_000 // digits that an exponent may add
	exponent, err := strconv.Atoi(text[e+1:])
	if err != nil || exponent > most || exponent < -most {
		return "", errors.New("the number is too large or too small to be written out")
	}
	mantissa, negative := strings.CutPrefix(text[:e], "-")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits, point := whole+fraction, len(whole)+exponent
	if point < 1 {
		digits, point = strings.Repeat("0", 1-point)+digits, 1
	}
	if point > len(digits) {
		digits += strings.Repeat("0", point-len(digits))
	}
	whole, fraction = strings.TrimLeft(digits[:point], "0"), strings.TrimRight(digits[point:], "0")
	out := whole
	if out == "" {
		out = "0"
	}
	if fraction != "" {
		out += "." + fraction
	}
	if negative && out != "0" {
		out = "-" + out
	}
	return out, nil
}

// toJSON writes a value as compact JSON with sorted keys.
func toJSON(value any, limit int64) (string, error) {
	p := plainer{left: limit}
	data, err := p.value(value, 0)
	if err != nil {
		return "", err
	}
	w := jsonWriter{limit: limit}
	if err := w.write(data); err != nil {
		return "", err
	}
	return string(w.out), nil
}

// A jsonWriter writes plain data, and ends with an error once it has written
// limit bytes.
type jsonWriter struct {
	out   []byte
	limit int64
}

func (w *jsonWriter) write(value any) error {
	switch v := value.(type) {
	case nil:
		w.out = append(w.out, "null"...)
	case string:
		return w.text(v)
	case json.Number:
		w.out = append(w.out, v...)
	case bool, int, float64:
		text, err := textWithin(v, w.limit)
		if err != nil {
			return err
		}
		w.out = append(w.out, text...)
	case []byte, time.Time:
		text, err := textWithin(v, w.limit)
		if err != nil {
			return err
		}
		return w.text(text)
	case []any:
		return w.list(v)
	case map[string]any:
		return w.object(v)
	}
	return w.full()
}

func (w *jsonWriter) full() error {
	if int64(len(w.out)) > w.limit {
		return errMemory
	}
	return nil
}

func (w *jsonWriter) list(list []any) error {
	w.out = append(w.out, '[')
	for i, e := range list {
		if i > 0 {
			w.out = append(w.out, ',')
		}
		if err := w.write(e); err != nil {
			return err
		}
	}
	w.out = append(w.out, ']')
	return w.full()
}

func (w *jsonWriter) object(object map[string]any) error {
	w.out = append(w.out, '{')
	for i, key := range slices.Sorted(maps.Keys(object)) {
		if i > 0 {
			w.out = append(w.out, ',')
		}
		if err := w.text(key); err != nil {
			return err
		}
		w.out = append(w.out, ':')
		if err := w.write(object[key]); err != nil {
			return err
		}
	}
	w.out = append(w.out, '}')
	return w.full()
}

func (w *jsonWriter) text(s string) error {
	if int64(len(w.out)+len(s)) > w.limit {
		return errMemory
	}
	if isSimple(s) {
		w.out = append(w.out, '"')
		w.out = append(w.out, s...)
		w.out = append(w.out, '"')
		return nil
	}
	var quoted bytes.Buffer
	e := json.NewEncoder(&quoted)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return fmt.Errorf("write text as JSON: %w", err)
	}
	w.out = append(w.out, bytes.TrimSuffix(quoted.Bytes(), []byte("\n"))...)
	return w.full()
}

// isSimple reports whether a text stands in JSON as it is.
func isSimple(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
