package schema

import "bytes"

var byteOrderMark = []byte("\uFEFF")

// Snippets fills in the snippets of diagnostics that have none, from the
// sources that their places are in.
func Snippets(ds []Diagnostic, sources ...Source) {
	files := make(map[string][]byte, len(sources))
	for _, s := range sources {
		files[s.Name] = bytes.TrimPrefix(s.Bytes, byteOrderMark)
	}
	texts := make(map[string]*text)
	for i := range ds {
		d := &ds[i]
		b, known := files[d.Place.File]
		if !known || d.Snippet != "" {
			continue
		}
		t := texts[d.Place.File]
		if t == nil {
			t = newText(d.Place.File, 1, b)
			texts[d.Place.File] = t
		}
		d.Snippet = t.snippet(d.Place)
	}
}

// snippet returns the line of a place, or nothing when the text has no such
// line.
func (t *text) snippet(p Place) string {
	line := p.Line - t.first
	if line < 0 || line >= t.lines() {
		return ""
	}
	return string(t.line(line))
}
