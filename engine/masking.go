package engine

import "strings"

// mask replaces every secret in a text. Secrets are ordered longest first.
func mask(text string, secrets []string) string {
	for _, s := range secrets {
		text = strings.ReplaceAll(text, s, "***")
	}
	return text
}

// Mask replaces the secrets of what is served in a text.
func (c *Catalog) Mask(text string) string { return mask(text, c.Secrets()) }
