package httpcall

import (
	"bytes"
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
)

const masked = "***"

// shortest is the length from which a secret is looked for in text. A shorter
// one would be found everywhere; where its place is known it is masked all
// the same.
const shortest = 4

// A mask hides secrets in text, in each form in which a request may hold them
// or an answer repeat them. The zero mask hides nothing. A mask costs nothing
// before it is used.
type mask struct{ secrets []string }

func newMask(secrets ...string) mask { return mask{secrets} }

// with returns a mask that hides more.
func (m mask) with(secrets ...string) mask { return mask{slices.Concat(m.secrets, secrets)} }

// longer returns a mask of those secrets alone that have at least n bytes.
func (m mask) longer(n int) mask {
	return mask{slices.DeleteFunc(slices.Clone(m.secrets), func(s string) bool { return len(s) < n })}
}

// Mask hides secrets in a text, in each form in which a request may have held
// them or an answer repeated them. Those under four characters are left, since
// they would be found everywhere.
func Mask(text string, secrets []string) string { return newMask(secrets...).text(text) }

func (m mask) text(s string) string {
	if len(m.secrets) == 0 {
		return s
	}
	return hide(s, m.forms())
}

func hide(s string, forms []string) string {
	for _, form := range forms {
		s = strings.ReplaceAll(s, form, masked)
	}
	return s
}

// value returns a decoded value whose texts and keys hold no secret. The value
// itself is left as it is.
func (m mask) value(v any) any { return hideIn(v, m.forms()) }

func hideIn(v any, forms []string) any {
	switch v := v.(type) {
	case string:
		return hide(v, forms)
	case []byte:
		return []byte(hide(string(v), forms))
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = hideIn(item, forms)
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(v))
		for key, member := range v {
			object[hide(key, forms)] = hideIn(member, forms)
		}
		return object
	}
	return v
}

// letters is what every form of a secret but base64 has in common.
var letters = regexp.MustCompile(`[A-Za-z0-9]+`)

// concerns reports whether an answer may hold a secret. It may be wrong about
// one that is not there; looking closer is for those few.
func (m mask) concerns(a *answer) bool {
	for _, secret := range m.secrets {
		runs := letters.FindAllString(secret, -1)
		if len(runs) == 0 {
			return true
		}
		longest := slices.MaxFunc(runs, func(a, b string) int { return cmp.Compare(len(a), len(b)) })
		for _, sought := range append(base64Forms(secret), longest) {
			if bytes.Contains(a.body, []byte(sought)) {
				return true
			}
			for values := range maps.Values(a.header) {
				if slices.ContainsFunc(values, func(v string) bool { return strings.Contains(v, sought) }) {
					return true
				}
			}
		}
	}
	return false
}

// A veiled error says its cause without secrets, in whatever it quotes.
type veiled struct {
	said  string
	cause error
}

func (v *veiled) Error() string { return v.said }
func (v *veiled) Unwrap() error { return v.cause }

func (m mask) veil(err error) error { return &veiled{m.text(err.Error()), err} }

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
