// Package schema is the language of toolsd: how YAML files become
// definitions, and how faults in them are shown to their author.
//
// It reads files strictly and places everything: each node of a definition
// knows its line and column, so that a fault found much later, in a JSON
// Schema or an expression, is still shown where the author wrote it. The
// field table (fields.go) says which keys exist and what they mean; the
// parser, the editor's schema and the reference follow it.
package schema

import "crypto/sha256"

// A Source is a file as it was read.
type Source struct {
	// Name is the file as its author knows it, slash-separated, such as
	// "tools.d/weather.yaml".
	Name string
	// Bytes is the content. Nobody writes to it once a Source exists.
	Bytes []byte
	// Err is set, and Bytes nil, when the file is there but could not be read;
	// a Name that ends in "/" is a directory that could not be listed. What was
	// served from there stays.
	Err error
}

// A Document is the text between two "---" lines of a source: one definition.
type Document struct {
	// File is the Name of the source.
	File string
	// Line is the 1-based line of the file on which Text begins.
	Line int
	// Text is a part of the source's bytes, shared, never written to.
	Text []byte
}

// Hash identifies the text of the document, wherever it stands.
func (d Document) Hash() [sha256.Size]byte { return sha256.Sum256(d.Text) }

// Bounds limits what is read. A zero field means the default.
type Bounds struct {
	FileBytes   int // of one file; default 16 MiB
	Documents   int // in one file; default 10,000
	Definitions int // in all files; default 100,000
}

// WithDefaults returns the bounds with each zero field replaced by its default.
func (b Bounds) WithDefaults() Bounds {
	if b.FileBytes == 0 {
		b.FileBytes = 16 << 20
	}
	if b.Documents == 0 {
		b.Documents = 10_000
	}
	if b.Definitions == 0 {
		b.Definitions = 100_000
	}
	return b
}
