package engine

import (
	"fmt"

	"github.com/toolsd/toolsd/engine/expression"
)

// unfetched tells a model that a call stopped reading before there was no
// more: at a bound of its pages, or of a stream. It stands beside the result,
// whatever that makes of the items.
func (t *Tool) unfetched(vars expression.Vars) []Content {
	response, _ := vars["response"].(map[string]any)
	if more, _ := response["more"].(bool); !more {
		return nil
	}
	items, paged := response["items"].([]any)
	if !paged {
		items, _ = response["body"].([]any)
	}
	return []Content{{Type: Text, Text: fmt.Sprintf("There is more: only the first %d items were fetched, and the result is made of these.", len(items)) + t.narrow()}}
}
