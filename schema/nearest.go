package schema

import "strings"

// Nearest returns the candidate that word was most likely meant to be, by
// insertions, deletions, replacements and swaps of neighbouring letters: at
// most one for each three letters of word, and at least one. A candidate that
// differs in case alone always counts. Failing that, it is a candidate that
// begins with word, if that has four letters or more. Of equally near candidates the first
// is returned.
func Nearest(word string, candidates []string) (string, bool) {
	const longest = 64
	if word == "" || len(word) > longest {
		return "", false
	}
	lower := strings.ToLower(word)
	best, found := max(1, len(word)/3)+1, ""
	for _, c := range candidates {
		if len(c) > longest || c == word {
			continue
		}
		if d := distance(lower, strings.ToLower(c)); d < best && d < max(len(word), len(c)) {
			best, found = d, c
		}
	}
	if found == "" {
		found = beginning(lower, candidates)
	}
	return found, found != ""
}

// beginning returns the first candidate that begins with a word.
func beginning(lower string, candidates []string) string {
	const shortest = 4
	for _, c := range candidates {
		if len(lower) >= shortest && len(c) > len(lower) && strings.EqualFold(c[:len(lower)], lower) {
			return c
		}
	}
	return ""
}

// distance is the optimal string alignment distance of two words, by bytes.
func distance(a, b string) int {
	before := make([]int, len(b)+1)
	last := make([]int, len(b)+1)
	row := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
