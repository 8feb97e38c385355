package httpcall

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"
)

const bom = "\ufeff"

func withoutBOM(body []byte) []byte { return bytes.TrimPrefix(body, []byte(bom)) }

// inUTF8 returns a body as UTF-8, by its byte order mark, which comes before
// everything else (Encoding Standard §6), or by the charset of its header.
// known is false when neither says anything, or nothing that is understood.
func inUTF8(body []byte, charset string) (decoded []byte, known bool) {
	switch {
	case bytes.HasPrefix(body, []byte(bom)):
		return withoutBOM(body), true
	case bytes.HasPrefix(body, []byte("\xff\xfe")):
		charset = "utf-16le"
	case bytes.HasPrefix(body, []byte("\xfe\xff")):
		charset = "utf-16be"
	}
	e, err := htmlindex.Get(charset)
	if err != nil {
		return body, false
	}
	if decoded, err = e.NewDecoder().Bytes(body); err != nil {
		return body, false
	}
	return withoutBOM(decoded), true
}

// decodeText returns a body as UTF-8. A charset that is not known counts as
// UTF-8, and what is not of the charset becomes U+FFFD.
func decodeText(body []byte, charset string) string {
	body, _ = inUTF8(body, charset)
	if utf8.Valid(body) {
		return string(body)
	}
	return strings.ToValidUTF8(string(body), "\ufffd")
}
