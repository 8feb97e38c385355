package schema

import "fmt"

// A NameRule says which names are allowed.
type NameRule struct {
	// Of says what is named, for messages.
	Of string
	// First and Rest are the characters besides letters that a name may begin
	// with, and go on with; the digits are written as 0.
	First, Rest string
	// Max is the most characters; 0 is any number.
	Max int
}

// Names as the language has them.
var (
	toolName     = NameRule{Of: "tool", First: "0_.-", Rest: "0_.-", Max: 64}
	upstreamName = NameRule{Of: "upstream", Rest: "0_-", Max: 64}
	serverName   = NameRule{Of: "server", Rest: "0_-", Max: 64}
	tagName      = NameRule{Of: "tag", Rest: "0_-", Max: 64}
	envName      = NameRule{Of: "environment variable", First: "_", Rest: "0_"}
)

// Allows reports whether a name follows the rule.
func (r NameRule) Allows(name string) bool {
	if name == "" || r.Max > 0 && len(name) > r.Max {
		return false
	}
	for i := range len(name) {
		more := r.Rest
		if i == 0 {
			more = r.First
		}
		if !nameByte(name[i], more) {
			return false
		}
	}
	return true
}

func nameByte(c byte, more string) bool {
	if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
		return true
	}
	if c >= '0' && c <= '9' {
		c = '0'
	}
	for i := range len(more) {
		if more[i] == c {
			return true
		}
	}
	return false
}

// String says in words what a name may be.
func (r NameRule) String() string {
	s := "letters" + among(r.Rest)
	if r.First != r.Rest {
		s += ", the first one a letter" + orMore(r.First)
	}
	if r.Max > 0 {
		s += fmt.Sprintf(", at most %d", r.Max)
	}
	return s
}

func among(more string) string {
	s := ""
	for _, c := range more {
		if c == '0' {
			s += ", digits"
		} else {
			s += " " + string(c)
		}
	}
	return s
}

func orMore(more string) string {
	if more == "" {
		return ""
	}
	return " or" + among(more)
}
