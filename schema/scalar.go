package schema

import "strings"

// resolve says what a plain scalar is under YAML 1.2's core schema (§10.3.2),
// from its text alone. Forms of numbers that programs read differently are
// odd: octal, hexadecimal and binary ones, leading zeros, underscores,
// infinities and NaN.
func resolve(s string) (kind NodeKind, odd bool) {
	switch s {
	case "", "~", "null", "Null", "NULL":
		return Null, false
	case "true", "True", "TRUE", "false", "False", "FALSE":
		return Bool, false
	}
	unsigned := strings.TrimLeft(s, "+-")
	if len(s)-len(unsigned) > 1 || unsigned == "" {
		return String, false
	}
	switch unsigned {
	case ".inf", ".Inf", ".INF":
		return Number, true
	case ".nan", ".NaN", ".NAN":
		return Number, unsigned == s
	}
	if c := unsigned[0]; c != '.' && (c < '0' || c > '9') {
		return String, false
	}
	if number, odd := number(unsigned); number {
		return Number, odd
	}
	return String, false
}

// number reports whether an unsigned text is a number, and an odd one.
func number(s string) (is, odd bool) {
	if len(s) > 2 && s[0] == '0' && strings.IndexByte("xXoObB", s[1]) >= 0 {
		return strings.Trim(s[2:], "0123456789abcdefABCDEF_") == "", true
	}
	whole, s := digits(s)
	fraction := ""
	if strings.HasPrefix(s, ".") {
		fraction, s = digits(s[1:])
	}
	if whole == "" && fraction == "" || strings.HasPrefix(whole, "_") {
		return false, false
	}
	exponent := ""
	if s != "" && (s[0] == 'e' || s[0] == 'E') {
		s = s[1:]
		if s != "" && (s[0] == '+' || s[0] == '-') {
			s = s[1:]
		}
		if exponent, s = digits(s); exponent == "" {
			return false, false
		}
	}
	zero := len(whole) > 1 && whole[0] == '0'
	return s == "", zero || strings.Contains(whole+fraction+exponent, "_")
}

// digits cuts the leading digits and underscores off a text.
func digits(s string) (run, rest string) {
	i := 0
	for i < len(s) && (s[i] >= '0' && s[i] <= '9' || s[i] == '_') {
		i++
	}
	return s[:i], s[i:]
}

// jsonNumber returns the number of a plain scalar as JSON writes it (RFC 8259
// §6), digit for digit.
func jsonNumber(s string) string {
	sign := ""
	if s[0] == '-' || s[0] == '+' {
		sign, s = strings.TrimPrefix(s[:1], "+"), s[1:]
	}
	if s[0] == '.' {
		s = "0" + s
	}
	whole, rest := digits(s)
	if rest, ok := strings.CutPrefix(rest, "."); ok && (rest == "" || rest[0] == 'e' || rest[0] == 'E') {
		return sign + whole + ".0" + rest
	}
	return sign + s
}
