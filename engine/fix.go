package engine

import (
	"bytes"
	"slices"

	"github.com/toolsd/toolsd/schema"
)

// A Mending is what mending sources came to.
type Mending struct {
	// Files are those that changed, in the order of the sources.
	Files []MendedFile
	// Gone is how many of the diagnostics of the sources, as they were given,
	// are there no longer.
	Gone int
}

// A MendedFile is a source after its fixes, as it is to be written.
type MendedFile struct {
	Source schema.Source
	// Fixed are the diagnostics that were mended, one round after the other;
	// places are those of the file as it then was.
	Fixed []schema.Diagnostic
}

// maxRounds is how often mended sources are looked at anew for what has come
// to light.
const maxRounds = 20

// Fix mends what diagnostics have a fix for, in memory: no file is written and
// sources stay as they are. What is mended is checked with everything else,
// and counts only if what it was to mend is gone and no error has come to
// light instead, here or in another file. The fixes of a file are tried
// together and, failing that, one by one in their order. A variable that is
// missing is a fault of the machine, and neither here nor there.
func Fix(sources []schema.Source, o Options) *Mending {
	o.AllowMissingEnv = true
	m := mender{options: New(o).options, fixed: map[string][]schema.Diagnostic{}}
	m.state = m.compile(slices.Clone(sources), &compilation{})
	before := m.state
	for range maxRounds {
		if !m.round() {
			break
		}
	}
	mending := &Mending{}
	for i, src := range m.state.sources {
		if !bytes.Equal(src.Bytes, sources[i].Bytes) {
			mending.Files = append(mending.Files, MendedFile{src, m.fixed[src.Name]})
		}
	}
	left := tally(m.state.diagnostics, findingOf)
	for _, d := range before.diagnostics {
		if f := findingOf(d); left[f] > 0 {
			left[f]--
		} else {
			mending.Gone++
		}
	}
	return mending
}

// A mender mends sources step by step. Its state is the last that was found
// good.
type mender struct {
	options Options
	state   mendState
	fixed   map[string][]schema.Diagnostic // by file
}

// A mendState is sources with what they come to.
type mendState struct {
	sources []schema.Source
	*compilation
}

// fixable returns the diagnostics of a file that have a fix; all files are "".
func (s mendState) fixable(file string) []schema.Diagnostic {
	var ds []schema.Diagnostic
	for _, d := range s.diagnostics {
		if d.Fix != nil && (file == "" || d.Place.File == file) {
			ds = append(ds, d)
		}
	}
	return ds
}

func (m *mender) compile(sources []schema.Source, last *compilation) mendState {
	return mendState{sources, compile(sources, last, &m.options)}
}

// round tries all fixes there are, and reports whether any was good.
func (m *mender) round() bool {
	all := m.state.fixable("")
	if len(all) == 0 {
		return false
	}
	if m.try(all, true) {
		return true
	}
	good := false
	for i := range m.state.sources {
		file := m.state.sources[i].Name
		ds := m.state.fixable(file)
		if len(ds) == 0 {
			continue
		}
		if len(ds) > 1 && m.try(ds, true) {
			good = true
			continue
		}
		good = m.oneByOne(file) || good
	}
	return good
}

// oneByOne tries the fixes of a file in their order. After one that was good
// the others have moved, and are asked for again.
func (m *mender) oneByOne(file string) bool {
	good := false
	for i := 0; ; {
		ds := m.state.fixable(file)
		if i >= len(ds) {
			return good
		}
		if m.try(ds[i:i+1], false) {
			good = true
		} else {
			i++
		}
	}
}

// try applies the fixes of diagnostics, and then of what comes to light by
// that; with all, of whatever is left in their files. The outcome becomes the
// state if it is good.
func (m *mender) try(ds []schema.Diagnostic, all bool) bool {
	t := trial{before: m.state, lines: map[string]map[string]bool{}}
	was := tally(m.state.diagnostics, sightingOf)
	now := m.state
	for range maxRounds {
		next, applied := mend(now, ds)
		if len(applied) == 0 {
			break
		}
		t.rounds = append(t.rounds, applied)
		now = m.compile(next, now.compilation)
		is := tally(now.diagnostics, sightingOf)
		ds = slices.DeleteFunc(now.fixable(""), func(d schema.Diagnostic) bool {
			return !t.touches(d.Place.File) || !all && is[sightingOf(d)] <= was[sightingOf(d)]
		})
	}
	if !t.good(now) {
		return false
	}
	m.state = now
	for _, d := range slices.Concat(t.rounds...) {
		m.fixed[d.Place.File] = append(m.fixed[d.Place.File], d)
	}
	return true
}

// mend applies the fixes of diagnostics to their files.
func mend(s mendState, ds []schema.Diagnostic) (sources []schema.Source, applied []schema.Diagnostic) {
	of := map[string][]schema.Diagnostic{}
	for _, d := range ds {
		of[d.Place.File] = append(of[d.Place.File], d)
	}
	sources = slices.Clone(s.sources)
	for i, src := range sources {
		if len(of[src.Name]) == 0 {
			continue
		}
		next, done := schema.Mend(src.Bytes, of[src.Name])
		sources[i].Bytes = next
		applied = append(applied, done...)
	}
	return sources, applied
}
