package schema

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
)

// Split divides a source into its documents at lines that are "---", before
// any YAML is parsed, so that a fault of YAML costs one document. Documents
// that hold nothing but comments and blank lines are left out. What stands
// after the dashes on their line belongs to the document, where it is a fault.
// Diagnostics have their snippets.
func Split(src Source, b Bounds) ([]Document, []Diagnostic) {
	b = b.WithDefaults()
	start := Place{File: src.Name, Line: 1, Column: 1}
	if src.Err != nil {
		return nil, []Diagnostic{codeUnreadable.At(Place{File: src.Name}, "cannot be read: "+cause(src.Err), "")}
	}
	if len(src.Bytes) > b.FileBytes {
		return nil, []Diagnostic{codeFileTooLarge.At(start,
			fmt.Sprintf("the file has %d bytes; at most %d are read", len(src.Bytes), b.FileBytes),
			"divide it into several files")}
	}

	var docs []Document
	var ds []Diagnostic
	body := bytes.TrimPrefix(src.Bytes, byteOrderMark)
	from, line, first := 0, 1, 1
	empty := true
	add := func(to int) {
		if !empty {
			docs = append(docs, Document{File: src.Name, Line: first, Text: body[from:to:to]})
		}
	}
	for at := 0; at < len(body); line++ {
		next := len(body)
		if i := bytes.IndexByte(body[at:], '\n'); i >= 0 {
			next = at + i + 1
		}
		l := bytes.TrimRight(body[at:next], "\r\n")
		if more, ok := separator(l); ok {
			add(at)
			from, first, empty = next, line+1, true
			if more { // it belongs to the document, which reports it
				from, first, empty = at, line, false
			}
		} else if empty && !blankOrComment(l) {
			empty = false
			if len(docs) == b.Documents {
				d := codeTooManyDocuments.At(Place{File: src.Name, Line: line, Column: 1},
					fmt.Sprintf("the file has more than %d documents; this one and those below are not read", b.Documents),
					"divide it into several files")
				d.Snippet = string(l)
				return docs, append(ds, d)
			}
		}
		at = next
	}
	add(len(body))
	return docs, ds
}

// separator reports whether a line divides documents, and whether it holds
// more than that.
func separator(line []byte) (more, ok bool) {
	rest, ok := bytes.CutPrefix(line, []byte("---"))
	if !ok || len(rest) > 0 && rest[0] != ' ' && rest[0] != '\t' {
		return false, false
	}
	return !blankOrComment(rest), true
}

func blankOrComment(line []byte) bool {
	line = bytes.TrimLeft(line, " \t\r")
	return len(line) == 0 || line[0] == '#'
}

// cause returns what went wrong with a file without repeating its name.
func cause(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}
