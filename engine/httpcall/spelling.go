package httpcall

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
)

// forms returns how the secrets may stand in text: as they are, and as URLs, JSON
// by whichever library, XML, HTML, OData and base64 hold them; the longest first, so that
// hiding one does not cut another.
func (m mask) forms() []string {
	var forms []string
	for _, secret := range m.secrets {
		for _, s := range []string{secret, strings.TrimSpace(secret), strings.ReplaceAll(secret, "'", "''")} {
			if len(s) < shortest {
				continue
			}
			for _, f := range []string{s, encodeValue(s), url.QueryEscape(s)} {
				forms = append(forms, f, lowerEscapes(f))
			}
			forms = append(forms, quotedForms(s)...)
			forms = append(forms, base64Forms(s)...)
		}
	}
	slices.SortFunc(forms, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	return slices.Compact(forms)
}

// quotedForms returns a text as it stands inside strings of JSON, with and
// without care for HTML, and in XML and HTML.
func quotedForms(s string) []string {
	forms := []string{html.EscapeString(s), strings.NewReplacer("&#34;", "&quot;", "&#39;", "&apos;").Replace(html.EscapeString(s))}
	for _, write := range []func(any) ([]byte, error){json.Marshal, marshal} {
		if quoted, err := write(s); err == nil {
			plain := string(quoted[1 : len(quoted)-1])
			forms = append(forms, plain, strings.ReplaceAll(plain, "/", `\/`))
		}
	}
	for _, digits := range []string{`\u%04x`, `\u%04X`} {
		foreign := numbered(s, digits, func(r rune) bool { return r > unicode.MaxASCII })
		forms = append(forms, foreign, strings.ReplaceAll(foreign, "/", `\/`),
			numbered(s, digits, func(r rune) bool { return r > unicode.MaxASCII || strings.ContainsRune(`"&'+<>\`+"`", r) }),
			numbered(s, digits, func(r rune) bool { return !isAlphanumeric(r) }))
	}
	return forms
}

// numbered writes characters as JSON may write any: by their numbers in UTF-16.
func numbered(s, digits string, which func(rune) bool) string {
	var b strings.Builder
	for _, r := range s {
		if !which(r) {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&b, digits, unit)
		}
	}
	return b.String()
}

func isAlphanumeric(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
}

// base64Forms returns a text in both alphabets of base64 (RFC 4648 §4 and §5),
// with and without what fills it up.
func base64Forms(s string) []string {
	var forms []string
	for _, e := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		forms = append(forms, e.EncodeToString([]byte(s)))
	}
	return forms
}

var percentEscape = regexp.MustCompile(`%[0-9A-F]{2}`)

// lowerEscapes writes percent escapes as some servers do.
func lowerEscapes(s string) string { return percentEscape.ReplaceAllStringFunc(s, strings.ToLower) }
