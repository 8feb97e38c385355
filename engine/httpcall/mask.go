package httpcall

import (
	"cmp"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

const masked = "***"

// shortest is the length from which a secret is looked for in text. A shorter
// one would be found everywhere; where its place is known it is masked all
// the same.
const shortest = 4

// A mask hides secrets in text, in each form in which a request may hold them.
// The zero mask hides nothing. A mask costs nothing before it is used, which
// calls that succeed never do.
type mask struct{ secrets []string }

func newMask(secrets ...string) mask { return mask{secrets} }

// with returns a mask that hides more.
func (m mask) with(secrets ...string) mask { return mask{slices.Concat(m.secrets, secrets)} }

// forms returns how the secrets may stand in text, the longest first, so that
// hiding one does not cut another.
func (m mask) forms() []string {
	var forms []string
	for _, secret := range m.secrets {
		for _, s := range []string{secret, strings.TrimSpace(secret)} {
			if len(s) < shortest {
				continue
			}
			forms = append(forms, s, encodeValue(s), url.QueryEscape(s))
			if quoted, err := json.Marshal(s); err == nil {
				forms = append(forms, string(quoted[1:len(quoted)-1]))
			}
		}
	}
	slices.SortFunc(forms, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	return slices.Compact(forms)
}

func (m mask) text(s string) string {
	for _, form := range m.forms() {
		s = strings.ReplaceAll(s, form, masked)
	}
	return s
}

var webAddress = regexp.MustCompile(`(?i)\b[a-z][a-z0-9+.-]*://[^\s"'<>]*`)

// scrub makes text of an upstream fit for a caller: one line of at most 300
// characters, without secrets, without URLs and without the host.
func (m mask) scrub(s, host string) string {
	s = m.text(s)
	s = webAddress.ReplaceAllString(s, "[address]")
	if host != "" {
		s = regexp.MustCompile(`(?i)`+regexp.QuoteMeta(host)).ReplaceAllString(s, "[host]")
	}
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f }), " ")
	const longest = 300
	if characters := []rune(s); len(characters) > longest {
		s = string(characters[:longest-1]) + "…"
	}
	return s
}
