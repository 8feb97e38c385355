package engine

import (
	"context"
	"slices"

	"github.com/toolsd/toolsd/schema"
)

// verifyUnit runs the tests of a tool that has been checked. A test that fails
// becomes an error of its definition, and the last good version of the tool
// goes on.
func (c *compiler) verifyUnit(u *unit) {
	failed := guarded(u.doc, func() []schema.Diagnostic {
		def := u.definition()
		if len(def.Tool.Tests) == 0 {
			return nil
		}
		stage := c.next.rehearsal(c.bounds)
		stage.names = c.upstreamNames
		var found []schema.Diagnostic
		for _, result := range stage.tests(context.Background(), u, def, nil) {
			if !result.Passed() {
				found = append(found, result.diagnostic())
			}
		}
		return found
	})
	// What the check came to may belong to the compilation before.
	result := *u.checked
	result.verified = true
	result.found = slices.Concat(result.found, failed)
	u.checked = &result
}
