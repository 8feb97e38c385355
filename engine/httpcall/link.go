package httpcall

import (
	"slices"
	"strings"
)

// nextLink returns the target of the first link with the relation type next
// in the Link headers of an answer (RFC 8288 §3), joined by commas; "" when
// there is none. A link with an anchor speaks of something else. What cannot
// be read as a link is passed over.
func nextLink(header string) string {
	for header != "" {
		at := strings.IndexByte(header, '<')
		if at < 0 {
			return ""
		}
		target, rest, ended := strings.Cut(header[at+1:], ">")
		if !ended {
			return ""
		}
		var parameters map[string]string
		parameters, header = linkParameters(rest)
		_, anchored := parameters["anchor"]
		isNext := slices.ContainsFunc(strings.Fields(parameters["rel"]), func(rel string) bool { return strings.EqualFold(rel, "next") })
		if isNext && !anchored {
			return strings.TrimSpace(target)
		}
	}
	return ""
}

// linkParameters reads the parameters of a link, of which the first of a name
// counts, up to the next link.
func linkParameters(s string) (parameters map[string]string, rest string) {
	parameters = map[string]string{}
	for {
		s = strings.TrimLeft(s, " \t;")
		if s == "" || s[0] == ',' {
			return parameters, strings.TrimPrefix(s, ",")
		}
		end := strings.IndexAny(s, "=;,")
		if end < 0 {
			end = len(s)
		}
		name, value := strings.ToLower(strings.TrimSpace(s[:end])), ""
		if s = s[end:]; strings.HasPrefix(s, "=") {
			value, s = linkValue(strings.TrimLeft(s[1:], " \t"))
		}
		if _, twice := parameters[name]; !twice {
			parameters[name] = value
		}
	}
}

// linkValue reads a token or a quoted string (RFC 9110 §5.6.4).
func linkValue(s string) (value, rest string) {
	if !strings.HasPrefix(s, `"`) {
		end := strings.IndexAny(s, ";,")
		if end < 0 {
			end = len(s)
		}
		return strings.TrimSpace(s[:end]), s[end:]
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return b.String(), s[i+1:]
		case s[i] == '\\' && i+1 < len(s):
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String(), ""
}
