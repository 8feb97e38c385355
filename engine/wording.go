package engine

import (
	"fmt"
	"strings"
)

// abridge lists names, the first ten of them when there are many.
func abridge(names []string) string {
	const most = 10
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

// count puts a number before a word.
func count(n int, word string) string { return fmt.Sprintf("%d %s", n, word) }

// escapePointer writes a key as a JSON pointer has it (RFC 6901 §3).
func escapePointer(key string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
}
