package engine

import (
	"bytes"
	"slices"

	"github.com/toolsd/toolsd/schema"
)

// A trial is an attempt to mend: what was before it, and what was applied in
// each of its rounds.
type trial struct {
	before mendState
	rounds [][]schema.Diagnostic
	lines  map[string]map[string]bool // of the files before, made when asked for
}

// A finding is a diagnostic wherever it stands in its file, since lines move.
type finding struct{ file, code, message string }

func findingOf(d schema.Diagnostic) finding { return finding{d.Place.File, d.Code, d.Message} }

// A sighting is a finding on a line, as it is shown.
type sighting struct {
	finding
	line string
}

func sightingOf(d schema.Diagnostic) sighting { return sighting{findingOf(d), d.Snippet} }

// tally counts diagnostics by a key.
func tally[K comparable](ds []schema.Diagnostic, key func(schema.Diagnostic) K) map[K]int {
	counts := map[K]int{}
	for _, d := range ds {
		counts[key(d)]++
	}
	return counts
}

// good reports whether what was to be mended is gone and no error is new. A
// warning may be new where nothing was changed: of a definition that is whole
// more can be said.
func (t *trial) good(now mendState) bool {
	if len(t.rounds) == 0 {
		return false
	}
	allowed := tally(t.before.diagnostics, findingOf)
	mended := tally(t.rounds[0], findingOf)
	for f, n := range mended {
		allowed[f] -= n
	}
	for _, d := range now.diagnostics {
		f := findingOf(d)
		if allowed[f]--; allowed[f] >= 0 {
			continue
		}
		if d.Severity == schema.Error || mended[f] > 0 || !t.written(d) {
			return false
		}
	}
	return true
}

// touches reports whether the trial has changed a file.
func (t *trial) touches(file string) bool {
	return slices.ContainsFunc(t.rounds[0], func(d schema.Diagnostic) bool { return d.Place.File == file })
}

// written reports whether the line of a diagnostic stood in its file before.
func (t *trial) written(d schema.Diagnostic) bool {
	lines := t.lines[d.Place.File]
	if lines == nil {
		lines = map[string]bool{}
		for _, src := range t.before.sources {
			if src.Name == d.Place.File {
				for line := range bytes.Lines(bytes.TrimPrefix(src.Bytes, []byte("\uFEFF"))) {
					lines[string(bytes.TrimRight(line, "\r\n"))] = true
				}
			}
		}
		t.lines[d.Place.File] = lines
	}
	return lines[d.Snippet]
}
