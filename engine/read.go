package engine

import (
	"crypto/sha256"
	"fmt"
	"regexp"
	"slices"
	"unsafe"

	"github.com/toolsd/toolsd/schema"
)

// A reading is a source with what was read of it.
type reading struct {
	text  []byte
	units []*unit
	found []schema.Diagnostic // beside those of the units
}

// of reports whether the reading is that of a source: the same bytes in the
// same memory, to which nobody writes.
func (r *reading) of(src schema.Source) bool {
	return r != nil && src.Err == nil && len(r.text) == len(src.Bytes) && unsafe.SliceData(r.text) == unsafe.SliceData(src.Bytes)
}

// A document that is to be read, with the place for its unit.
type unread struct {
	doc   schema.Document
	unit  **unit
	last  *reading // of its file
	alone bool     // in its file
}

// read splits and parses the sources, reusing the units of unchanged text.
func (c *compiler) read(sources []schema.Source) {
	readings := make([]*reading, len(sources))
	documents := make([][]unread, len(sources))
	parallel(len(sources), func(i int) {
		readings[i], documents[i] = split(sources[i], c.last.readings[sources[i].Name], c.bounds.Source)
	})
	c.leaveOut(readings, documents)
	todo := slices.Concat(documents...)
	c.parse(todo, readings)
	for i, src := range sources {
		r := readings[i]
		c.found = append(c.found, r.found...)
		switch {
		case src.Err != nil:
			c.unreadable = append(c.unreadable, src.Name)
			continue
		case schema.HasErrors(r.found):
			c.vague[src.Name] = true
		}
		c.units = append(c.units, r.units...)
		c.next.readings[src.Name] = r
	}
	for _, u := range c.units {
		k := u.key
		if k == (key{}) {
			c.vague[u.doc.File] = true
			continue
		}
		if k.kind == schema.KindServer {
			k.name = "" // there is one server, whatever it is called
		}
		c.claims[k] = append(c.claims[k], u)
	}
}

// parse makes the units of documents. What tools may use is parsed first, so
// that tools can be checked at once, and their definitions let go. That is to
// save room: settling finds out what really counts, and checks again what was
// checked against something else.
func (c *compiler) parse(todo []unread, readings []*reading) {
	known := unitsByHash(todo)
	var tools, others []unread
	for _, d := range todo {
		if looksLikeTool.Match(d.doc.Text) {
			tools = append(tools, d)
		} else {
			others = append(others, d)
		}
	}
	read := func(d unread) *unit {
		hash := d.doc.Hash()
		if u := known[d.last][hash]; u != nil {
			*d.unit = u.carry(d.doc)
		} else {
			*d.unit = parse(d.doc, hash, d.alone)
		}
		return *d.unit
	}
	parallel(len(others), func(i int) { read(others[i]) })
	c.anticipate(readings)
	parallel(len(tools), func(i int) {
		if u := read(tools[i]); u.key.kind == schema.KindTool && len(u.calls) == 0 {
			c.checkUnit(u, c.toolDependencies(u))
		}
	})
}

var looksLikeTool = regexp.MustCompile(`(?m)^tool[ \t]*:`)

// anticipate prepares the checker with the servers and upstreams that have
// been read.
func (c *compiler) anticipate(readings []*reading) {
	of := map[schema.Kind][]*unit{}
	for _, r := range readings {
		for _, u := range r.units {
			if u != nil && u.key.kind != schema.KindTool {
				of[u.key.kind] = append(of[u.key.kind], u)
			}
		}
	}
	var expose, names []string
	c.surround(nil, nil)
	for _, u := range of[schema.KindServer] {
		if c.checkUnit(u, dependencies{}) {
			expose = u.checked.server.expose
		}
	}
	c.surround(expose, nil)
	for _, u := range of[schema.KindUpstream] {
		names = append(names, u.key.name)
		if c.checkUnit(u, dependencies{}) {
			c.upstreams[u.key.name] = u.checked.upstream
		}
	}
	slices.Sort(names)
	c.surround(expose, slices.Compact(names))
}

// split divides a source into documents, unless its text is that of the last
// reading: then the units are as they were.
func split(src schema.Source, last *reading, b schema.Bounds) (r *reading, documents []unread) {
	r = &reading{text: src.Bytes}
	if last.of(src) {
		r.found, r.units = last.found, make([]*unit, len(last.units))
		for i, u := range last.units {
			r.units[i] = u.carry(u.doc)
		}
		return r, nil
	}
	r.found = guarded(schema.Document{File: src.Name, Line: 1}, func() []schema.Diagnostic {
		docs, found := schema.Split(src, b)
		r.units = make([]*unit, len(docs))
		documents = make([]unread, len(docs))
		for i, doc := range docs {
			documents[i] = unread{doc, &r.units[i], last, len(docs) == 1}
		}
		return found
	})
	return r, documents
}

// unitsByHash returns the units of the last readings of the files whose
// documents are to be read.
func unitsByHash(todo []unread) map[*reading]map[[sha256.Size]byte]*unit {
	all := map[*reading]map[[sha256.Size]byte]*unit{}
	for _, d := range todo {
		if d.last == nil || all[d.last] != nil {
			continue
		}
		units := make(map[[sha256.Size]byte]*unit, len(d.last.units))
		for _, u := range d.last.units {
			units[u.hash] = u
		}
		all[d.last] = units
	}
	return all
}

// leaveOut drops what is beyond the bound, before it is parsed. What was
// served of it stays.
func (c *compiler) leaveOut(readings []*reading, documents [][]unread) {
	most := c.bounds.Source.Definitions
	left := most
	for i, r := range readings {
		n := len(r.units)
		if n <= left {
			left -= n
			continue
		}
		if left >= 0 {
			first := r.document(left, documents[i])
			c.found = append(c.found, tooManyDefinitions.At(schema.Place{File: first.File, Line: first.Line, Column: 1},
				fmt.Sprintf("more than %d definitions", most), "those from here on are left out"))
		}
		left = max(left, 0)
		c.vague[r.document(left, documents[i]).File] = true
		documents[i] = documents[i][:min(left, len(documents[i]))]
		r.text, r.units = nil, r.units[:left] // it is read anew next time
		left = -1
	}
}

// document returns the n-th document of the reading, of which those that are
// to be read are documents.
func (r *reading) document(n int, documents []unread) schema.Document {
	if documents != nil {
		return documents[n].doc
	}
	return r.units[n].doc
}
