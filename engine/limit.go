package engine

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/toolsd/toolsd/engine/expression"
)

// limited returns a value, of size bytes as it is sent, so that it keeps the
// tool's limit: lists hold at most
// limit.Items elements, and the whole, as compact JSON or text, at most
// limit.Bytes. The longest lists are cut first, then the longest texts, so
// that what is left is still well-formed. The note says what was left out and
// how to ask for less; it is empty when nothing was.
func (t *Tool) limited(value any, size int) (limited any, note string) {
	c := cutter{bytes: int(t.limit.Bytes), items: t.limit.Items}
	if size <= c.bytes && longestList(value) <= c.items {
		return value, ""
	}
	root := clone(value)
	c.shorten(&root)
	slices.Sort(c.cuts)
	note = "Left out for size: " + strings.Join(slices.Compact(c.cuts), "; ") + "."
	if names := t.argumentNames(); len(names) > 0 {
		note += " Ask for less with the arguments: " + abridge(names) + "."
	}
	return root, note
}

// argumentNames lists what a caller may set, sorted.
func (t *Tool) argumentNames() []string {
	return slices.Sorted(maps.Keys(t.InputType().Members))
}

// A cutter shortens a value in place.
type cutter struct {
	bytes, items int
	cuts         []string
}

// A part is a list or text inside a value, with the way to replace it.
type part struct {
	pointer string
	value   any
	size    int
	set     func(any)
}

// shorten cuts lists to the allowed length, and then the largest part by the
// share that is too much until the whole fits. Each turn makes the value
// smaller, so it ends.
func (c *cutter) shorten(root *any) {
	totals := map[string]int{}
	for _, p := range parts(root) {
		if list, ok := p.value.([]any); ok && len(list) > c.items {
			totals[p.pointer] = len(list)
			p.set(list[:c.items])
		}
	}
	for size := sizeOf(*root); size > c.bytes; size = sizeOf(*root) {
		p, ok := largest(parts(root))
		if !ok {
			break
		}
		keep := func(n int) int { return min(n-1, max(0, n-1-n*(size-c.bytes)/max(p.size, 1))) }
		switch v := p.value.(type) {
		case []any:
			if totals[p.pointer] == 0 {
				totals[p.pointer] = len(v)
			}
			p.set(v[:keep(len(v))])
		case string:
			short, _ := cutText(v, int64(keep(len(v))))
			p.set(short)
			c.cuts = append(c.cuts, "the text "+at(p.pointer)+" was cut")
		}
	}
	for _, p := range parts(root) {
		if list, ok := p.value.([]any); ok && totals[p.pointer] > len(list) {
			c.cuts = append(c.cuts, fmt.Sprintf("the list %s holds %d of %d elements", at(p.pointer), len(list), totals[p.pointer]))
		}
	}
}

func at(pointer string) string {
	if pointer == "" {
		return "(the whole)"
	}
	return pointer
}

// largest returns the list with elements that takes most room, or if there is
// none the longest text.
func largest(all []part) (part, bool) {
	var list, text part
	for _, p := range all {
		switch v := p.value.(type) {
		case []any:
			// The outer of two lists of nearly the same size gives up too much.
			if len(v) > 0 && p.size >= list.size {
				list = p
			}
		case string:
			if len(v) > 0 && p.size > text.size {
				text = p
			}
		}
	}
	if list.set != nil {
		return list, true
	}
	return text, text.set != nil
}

// parts lists the lists and texts of a value, outer before inner.
func parts(root *any) []part {
	var all []part
	var walk func(pointer string, v any, set func(any))
	walk = func(pointer string, v any, set func(any)) {
		switch v := v.(type) {
		case []any:
			all = append(all, part{pointer, v, sizeOf(v), set})
			for i := range v {
				walk(pointer+"/"+strconv.Itoa(i), v[i], func(n any) { v[i] = n })
			}
		case map[string]any:
			for _, k := range slices.Sorted(maps.Keys(v)) {
				walk(pointer+"/"+escapePointer(k), v[k], func(n any) { v[k] = n })
			}
		case string:
			all = append(all, part{pointer, v, len(v), set})
		}
	}
	walk("", *root, func(n any) { *root = n })
	return all
}

// escapePointer writes a key as RFC 6901 wants it.
func escapePointer(key string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
}

// sizeOf is the number of bytes of a value as it is sent.
func sizeOf(v any) int {
	text, err := expression.Text(v)
	if err != nil {
		return 0
	}
	return len(text)
}

func longestList(v any) int {
	longest := 0
	switch v := v.(type) {
	case []any:
		longest = len(v)
		for _, e := range v {
			longest = max(longest, longestList(e))
		}
	case map[string]any:
		for _, e := range v {
			longest = max(longest, longestList(e))
		}
	}
	return longest
}

// clone copies lists and mappings, so that cutting does not touch what others
// may hold.
func clone(v any) any {
	switch v := v.(type) {
	case []any:
		c := make([]any, len(v))
		for i, e := range v {
			c[i] = clone(e)
		}
		return c
	case map[string]any:
		c := make(map[string]any, len(v))
		for k, e := range v {
			c[k] = clone(e)
		}
		return c
	}
	return v
}

// cutText shortens a text to at most n bytes without cutting a character.
func cutText(text string, n int64) (short string, cut bool) {
	if n <= 0 || int64(len(text)) <= n {
		return text, false
	}
	end := int(n)
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end], true
}
