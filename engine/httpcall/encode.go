package httpcall

import (
	"net/url"
	"strings"
)

const hexDigits = "0123456789ABCDEF"

// isUnreserved reports whether a byte is in the set that RFC 3986 §2.3 lets
// stand anywhere in a URL.
func isUnreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

// encodeValue writes a value for a path or a query: all but the unreserved
// characters become percent escapes, so that none of them can be a delimiter,
// whatever reads the URL.
func encodeValue(s string) string { return encode(s, isUnreserved) }

// encodeFormValue writes a value of a form, where a space is "+" (WHATWG URL
// §5.2).
func encodeFormValue(s string) string { return url.QueryEscape(s) }

// encodeKey writes the literal key of a query as its author wrote it, as far
// as a query may hold it: "$top" and "ids[]" stay, "&", "=", "+" and "#"
// cannot.
func encodeKey(s string) string {
	return encode(s, func(c byte) bool { return isUnreserved(c) || strings.IndexByte("!$'()*,;:@/?[]", c) >= 0 })
}

// encodePathText writes the literal text of a path: it stays as written,
// escapes included, but for characters that RFC 3986 §3.3 does not allow.
func encodePathText(s string) string {
	return encodeText(s, func(c byte) bool { return isUnreserved(c) || strings.IndexByte("!$&'()*+,;=:@/", c) >= 0 })
}

// encodeQueryText does the same for the literal text of a query (RFC 3986
// §3.4); brackets stay, as every server expects them to.
func encodeQueryText(s string) string {
	return encodeText(s, func(c byte) bool { return isUnreserved(c) || strings.IndexByte("!$&'()*+,;=:@/?[]", c) >= 0 })
}

// encode writes all bytes but the allowed ones as percent escapes.
func encode(s string, allowed func(byte) bool) string {
	plain := true
	for i := 0; i < len(s) && plain; i++ {
		plain = allowed(s[i])
	}
	if plain {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if c := s[i]; allowed(c) {
			b.WriteByte(c)
		} else {
			b.WriteByte('%')
			b.WriteByte(hexDigits[c>>4])
			b.WriteByte(hexDigits[c&15])
		}
	}
	return b.String()
}

// encodeText is encode, except that percent escapes stay what they are.
func encodeText(s string, allowed func(byte) bool) string {
	var b strings.Builder
	for {
		at := strings.IndexByte(s, '%')
		if at < 0 {
			return b.String() + encode(s, allowed)
		}
		b.WriteString(encode(s[:at], allowed))
		if !isEscape(s[at:]) {
			b.WriteString("%25")
			s = s[at+1:]
			continue
		}
		b.WriteString(s[at : at+3])
		s = s[at+3:]
	}
}

// isEscape reports whether s begins with a percent escape.
func isEscape(s string) bool {
	if len(s) < 3 {
		return false
	}
	_, err := url.PathUnescape(s[:3])
	return err == nil
}

// isDotted reports whether a piece of s between slashes and backslashes is
// "." or "..", which servers and proxies take for a step through the path.
func isDotted(s string) bool {
	for piece := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '/' || r == '\\' }) {
		if piece == "." || piece == ".." {
			return true
		}
	}
	return false
}

// unescape undoes the percent escapes of a path; text that holds a broken one
// is returned as it is.
func unescape(s string) string {
	if plain, err := url.PathUnescape(s); err == nil {
		return plain
	}
	return s
}
