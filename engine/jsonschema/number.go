package jsonschema

import (
	"encoding/json"
	"strconv"
	"strings"
)

// Numbers beyond these bounds are refused wherever they come from: exact
// arithmetic on them costs more than any of them is worth (RFC 8259 §6 leaves
// the range to the reader).
const (
	maxNumberLength = 1000 // characters
	maxExponent     = 1000 // to either side
)

// boundedNumber reports whether a number is within the bounds.
func boundedNumber(text string) bool {
	if len(text) > maxNumberLength {
		return false
	}
	i := strings.IndexAny(text, "eE")
	if i < 0 {
		return true
	}
	exp, err := strconv.Atoi(text[i+1:])
	return err == nil && exp >= -maxExponent && exp <= maxExponent
}

// numberAs gives a JSON number the form that expressions work with. A number
// that the form cannot hold exactly is a json.Number.
func numberAs(text string, kind Kind) any {
	plain := !strings.ContainsAny(text, ".eE")
	if kind == IntKind || (kind != FloatKind && plain) {
		if i, ok := exactInt(text, plain); ok {
			return i
		}
		if plain {
			return json.Number(text)
		}
	}
	if f, ok := exactFloat(text); ok {
		return f
	}
	return json.Number(text)
}

// exactInt reads a number whose value is whole: 5, 5.0 and 50e-1 alike.
func exactInt(text string, plain bool) (int, bool) {
	if !plain {
		d := decimalOf(text)
		if d.exp < 0 || len(d.digits)+d.exp > 19 {
			return 0, false
		}
		text = d.digits + strings.Repeat("0", d.exp)
		if d.negative {
			text = "-" + text
		}
	}
	i, err := strconv.Atoi(text)
	return i, err == nil
}

// exactFloat reads a number that a float64 gives back as it was: its shortest
// decimal form has the same digits. Such numbers lose nothing on their way
// through.
func exactFloat(text string) (float64, bool) {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, false
	}
	const alwaysExact = 15 // digits that every float64 in range gives back
	if len(text) <= alwaysExact && !strings.ContainsAny(text, "eE") {
		return f, true
	}
	return f, decimalOf(text) == decimalOf(strconv.FormatFloat(f, 'e', -1, 64))
}

// A decimal is the value digits × 10^exp, digits without zeros at either end
// ("0" for zero), so that equal numbers are equal decimals.
type decimal struct {
	negative bool
	digits   string
	exp      int
}

// decimalOf takes a bounded number apart.
func decimalOf(text string) decimal {
	var d decimal
	text, d.negative = strings.CutPrefix(text, "-")
	mantissa := text
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		mantissa = text[:i]
		d.exp, _ = strconv.Atoi(text[i+1:])
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	d.exp -= len(fraction)
	d.digits = strings.TrimLeft(whole+fraction, "0")
	trimmed := strings.TrimRight(d.digits, "0")
	d.exp += len(d.digits) - len(trimmed)
	d.digits = trimmed
	if d.digits == "" {
		return decimal{digits: "0"}
	}
	return d
}

// SameNumber reports whether two numbers of JSON have the same value, however
// they are written.
func SameNumber(a, b json.Number) bool {
	if !boundedNumber(a.String()) || !boundedNumber(b.String()) {
		return a == b
	}
	return decimalOf(a.String()) == decimalOf(b.String())
}
