package engine

import (
	"strings"

	"github.com/toolsd/toolsd/engine/jsonschema"
)

// mend tells a model how its arguments do not fit, all at once.
func (t *Tool) mend(violations []jsonschema.Violation) string {
	var b strings.Builder
	b.WriteString("The arguments do not fit the input schema of " + t.Name() + ". Mend these and call again:")
	for _, v := range violations {
		b.WriteString("\n- " + v.String())
	}
	return b.String()
}
