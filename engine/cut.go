package engine

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// scrap is the room below which a part says too little to be worth having,
// if it is larger as a whole.
const scrap = 48

// A cutter makes values smaller, each part of them once, and remembers what
// it left out.
type cutter struct {
	cuts []string
	more int // cuts that are not listed
}

// fit returns the value in at most room bytes of JSON, of which it needs its
// least. A list keeps its first elements; the members of an object share the
// room, small ones whole and large ones evenly, and where there are too many
// some go; a text keeps its beginning. What others may hold is not touched.
func (c *cutter) fit(m *measured, room int, at *step) any {
	if m.size <= room && !m.long {
		return m.value
	}
	switch v := m.value.(type) {
	case string:
		c.note("the text %s was cut", at)
		return beginning(v, room-len(`""`))
	case []any:
		return c.list(m, len(v), room, at)
	case map[string]any:
		return c.object(m, room, at)
	}
	return m.value
}

func (c *cutter) list(m *measured, total, room int, at *step) any {
	kept := make([]any, 0, len(m.parts))
	whole, left := room-len("[]"), room-1
	for i := range m.parts {
		p := &m.parts[i]
		next := &step{up: at, index: i}
		if p.size <= left-1 {
			kept, left = append(kept, c.fit(p, p.size, next)), left-1-p.size
			continue
		}
		// An element that is too large for the list is cut rather than left out.
		if p.least <= left-1 && (i == 0 || p.size > whole && left-1 >= scrap) {
			kept = append(kept, c.fit(p, left-1, next))
		}
		break
	}
	if len(kept) < total {
		c.note("the list %s holds %d of %d elements", at, len(kept), total)
	}
	return kept
}

func (c *cutter) object(m *measured, room int, at *step) any {
	rooms := share(m, room)
	kept := make(map[string]any, len(m.parts))
	for i, key := range m.keys {
		if rooms[i] > 0 {
			kept[key] = c.fit(&m.parts[i], rooms[i], &step{up: at, key: key})
		}
	}
	if len(kept) < len(m.keys) {
		c.note("the object %s holds %d of %d members", at, len(kept), len(m.keys))
	}
	return kept
}

// share divides room among the members of an object; a member without room is
// to go.
func share(m *measured, room int) []int {
	rooms := make([]int, len(m.parts))
	left := room - 1
	for i, p := range m.parts {
		rooms[i] = min(p.size, max(p.least, scrap))
		left -= m.keySize(i) + rooms[i] + 1
	}
	if left < 0 {
		return wholeMembers(m, room)
	}
	// The smallest take what they want, and leave the more to the others.
	order := make([]int, len(m.parts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return m.parts[a].size - rooms[a] - m.parts[b].size + rooms[b]
	})
	for n, i := range order {
		spare := min(m.parts[i].size-rooms[i], left/(len(order)-n))
		rooms[i], left = rooms[i]+spare, left-spare
	}
	return rooms
}

// wholeMembers gives room to the members that fit as they are; when there is
// none, to the first that can be cut to fit.
func wholeMembers(m *measured, room int) []int {
	rooms := make([]int, len(m.parts))
	left, kept := room-1, false
	for i, p := range m.parts {
		if need := m.keySize(i) + p.size + 1; need <= left {
			rooms[i], left, kept = p.size, left-need, true
		}
	}
	for i, p := range m.parts {
		if rest := left - m.keySize(i) - 1; !kept && p.least <= rest {
			rooms[i], kept = rest, true
		}
	}
	return rooms
}

// beginning returns as much of a text as has room between the quotes.
func beginning(s string, room int) string {
	for at := 0; at < len(s); {
		written, width := character(s[at:])
		if room -= written; room < 0 {
			return s[:at]
		}
		at += width
	}
	return s
}

// note remembers what was cut, or counts it once there is enough to read.
func (c *cutter) note(format string, at *step, numbers ...any) {
	const most = 10
	if len(c.cuts) == most {
		c.more++
		return
	}
	c.cuts = append(c.cuts, fmt.Sprintf(format, append([]any{at}, numbers...)...))
}

// said lists what was cut.
func (c *cutter) said() string {
	said := strings.Join(c.cuts, "; ")
	if c.more > 0 {
		said += fmt.Sprintf("; and so were %d more parts", c.more)
	}
	return said
}

// A step leads from a value to a part of it: to a member, or where key is
// empty to an element. The nil step is the whole.
type step struct {
	up    *step
	key   string
	index int
}

// String is the way as a JSON pointer, of which the end is left out when it
// is very long.
func (s *step) String() string {
	const most = 100
	if s == nil {
		return "(the whole)"
	}
	var names []string
	for ; s != nil; s = s.up {
		name := strconv.Itoa(s.index)
		if s.key != "" {
			name = escapePointer(s.key)
		}
		names = append(names, name)
	}
	slices.Reverse(names)
	pointer := "/" + strings.Join(names, "/")
	if len(pointer) > most {
		return cutText(pointer, most) + "…"
	}
	return pointer
}
