package schema

import (
	"cmp"
	"slices"
)

// A Place is a stretch of one line of a source. Lines and columns count from
// one; columns and Length count characters, as editors do. A Length of zero
// marks a point.
type Place struct {
	File   string
	Line   int
	Column int
	Length int
}

// Severity says whether a diagnostic keeps its definition from being served.
type Severity int

const (
	// Error keeps the definition from being served.
	Error Severity = iota
	// Warning is shown and harms nothing.
	Warning
)

// String returns the word that is printed: "error" or "warning".
func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "error"
}

// A Code is a kind of diagnostic. Its Name never changes once released, so
// that scripts and documents can rely on it.
type Code struct {
	Name     string
	Severity Severity
	// Meaning says in one sentence what is wrong, for the reference.
	Meaning string
}

// A Diagnostic is one finding about a source, for the person who wrote it.
type Diagnostic struct {
	Place    Place
	Severity Severity
	Code     string
	// Message is the fact: lower case, one line, no full stop.
	Message string
	// Hint says what to write instead; it may be empty.
	Hint string
	// Snippet is the source line of Place without its line break; it is
	// empty where there is no such line.
	Snippet string
	// Related are other places that the fact is about, such as the other
	// definition of a duplicate name.
	Related []Related
	// Fix mends the fault, all its edits together. It is nil unless what was
	// meant is beyond doubt, and is never written to once it is set.
	Fix []Edit
}

// A Related place, with what there is to say about it.
type Related struct {
	Place   Place
	Message string
}

// At makes a diagnostic of this kind at a place.
func (c Code) At(p Place, message, hint string) Diagnostic {
	return Diagnostic{Place: p, Severity: c.Severity, Code: c.Name, Message: message, Hint: hint}
}

// HasErrors reports whether any of the diagnostics is an error.
func HasErrors(ds []Diagnostic) bool {
	return slices.ContainsFunc(ds, func(d Diagnostic) bool { return d.Severity == Error })
}

// SortDiagnostics orders diagnostics by file, line, column and code, and
// removes the ones that say the same thing of the same place twice.
func SortDiagnostics(ds []Diagnostic) []Diagnostic {
	slices.SortStableFunc(ds, func(a, b Diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.Place.File, b.Place.File),
			cmp.Compare(a.Place.Line, b.Place.Line),
			cmp.Compare(a.Place.Column, b.Place.Column),
			cmp.Compare(a.Code, b.Code),
			cmp.Compare(a.Message, b.Message),
		)
	})
	return slices.CompactFunc(ds, func(a, b Diagnostic) bool {
		return a.Place == b.Place && a.Code == b.Code && a.Message == b.Message
	})
}
