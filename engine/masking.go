package engine

import "github.com/toolsd/toolsd/engine/httpcall"

// Mask hides the secrets of what is served in a text.
func (c *Catalog) Mask(text string) string { return httpcall.Mask(text, c.Secrets()) }
