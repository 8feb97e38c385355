package engine

import (
	"fmt"
	"sync"
)

// unfetched counts the answers of a call, its steps and the tools it calls
// that were not read to their end: at a bound of their pages, or of a stream.
type unfetched struct {
	mu      sync.Mutex
	answers int
	items   int // that were read of these
}

// note looks at an answer.
func (u *unfetched) note(response map[string]any) {
	if more, _ := response["more"].(bool); !more {
		return
	}
	items, paged := response["items"].([]any)
	if !paged {
		items, _ = response["body"].([]any)
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.answers++
	u.items += len(items)
}

// told is what a model is told of it beside the result, whatever that makes of
// the items; nothing when all was read.
func (u *unfetched) told(t *Tool) []Content {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.answers == 0 {
		return nil
	}
	text := fmt.Sprintf("There is more: only the first %d items were fetched, and the result is made of these.", u.items)
	if u.answers > 1 {
		text = fmt.Sprintf("There is more: of %d requests only the first items were fetched, %d in all, and the result is made of these.", u.answers, u.items)
	}
	return []Content{{Type: Text, Text: text + t.narrow()}}
}
