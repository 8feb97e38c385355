package reference

import (
	"regexp"
	"strings"
	"testing"
)

// Each link within the page leads to a heading, and no two headings share the
// address that Markdown gives them: lower case, blanks as hyphens, without
// other punctuation.
func TestLinksOfTheLanguagePage(t *testing.T) {
	text := string(LanguagePage(nil))
	there := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^## (.+)$`).FindAllStringSubmatch(text, -1) {
		address := regexp.MustCompile(`[^a-z0-9-]`).ReplaceAllString(strings.ReplaceAll(strings.ToLower(m[1]), " ", "-"), "")
		if there[address] {
			t.Errorf("two headings have the address %s", address)
		}
		there[address] = true
	}
	links := regexp.MustCompile(`\]\(#([^)]+)\)`).FindAllStringSubmatch(text, -1)
	for _, m := range links {
		if !there[m[1]] {
			t.Errorf("nothing has the address %s", m[1])
		}
	}
	if len(links) < 10 || !there["upstreamretry"] || !there["testshttprequest"] {
		t.Errorf("%d links to %v", len(links), there)
	}
}
