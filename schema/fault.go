package schema

import (
	"bytes"
	"fmt"
	"io"
	"sort"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// A fault is what the YAML library stumbled over.
type fault struct {
	problem string // in the library's words
	line    int    // counted from zero
}

// decoder reads YAML within a budget: to find and mend faults a document is
// read many times, which must stay cheap for a large one.
type decoder struct{ budget int }

// newDecoder returns a decoder that may read a document of so many bytes
// several times over.
func newDecoder(size int) *decoder {
	const least, times = 1 << 20, 16
	return &decoder{budget: max(least, times*size)}
}

// decode reads the one document in b; the node is nil when there is nothing in
// it. The line of a fault is the library's guess.
func decode(b []byte) (*yaml.Node, *fault) { return decodeFrom(bytes.NewReader(b)) }

func decodeFrom(src io.Reader) (root *yaml.Node, f *fault) {
	defer func() {
		// The library panics on some texts that it does not foresee.
		if r := recover(); r != nil {
			root, f = nil, &fault{problem: fmt.Sprint(r)}
		}
	}()
	var y yaml.Node
	d := yaml.NewDecoder(src)
	switch err := d.Decode(&y); {
	case err == io.EOF:
		return nil, nil
	case err != nil:
		return nil, newFault(err)
	}
	var more yaml.Node
	switch err := d.Decode(&more); {
	case err == io.EOF:
		return y.Content[0], nil
	case err != nil:
		return nil, newFault(err)
	}
	return nil, &fault{problem: "did not find expected <document start>", line: more.Line - 1}
}

// newFault takes the library's message apart. The line in it is that of where
// the faulty construct begins: counted from one when the scanner found the
// fault, from zero when the parser did, and left out when it is the first.
func newFault(err error) *fault {
	s := strings.TrimPrefix(err.Error(), "yaml: ")
	f := &fault{problem: s}
	if rest, ok := strings.CutPrefix(s, "line "); ok {
		number, problem, _ := strings.Cut(rest, ": ")
		if n, err := strconv.Atoi(number); err == nil {
			f.problem, f.line = problem, n
			if !f.ofParser() {
				f.line--
			}
		}
	}
	return f
}

// ofParser reports whether the library's parser, not its scanner, found it.
func (f *fault) ofParser() bool {
	for _, p := range []string{"did not find expected key", "did not find expected '-'", "did not find expected ','", "did not find expected node", "did not find expected <", "found undefined tag"} {
		if strings.HasPrefix(f.problem, p) {
			return true
		}
	}
	return false
}

// distant reports whether the line of the fault is that of a mapping or list
// around it, not its own.
func (f *fault) distant() bool {
	return strings.HasPrefix(f.problem, "did not find expected key") || strings.HasPrefix(f.problem, "did not find expected '-'")
}

// inFlow reports whether the fault may lie in a list or mapping in brackets.
func (f *fault) inFlow() bool {
	for _, p := range []string{"did not find expected ','", "did not find expected node", "did not find expected <", "found unexpected end of stream", "found character that cannot start", "mapping values", "did not find expected whitespace"} {
		if strings.HasPrefix(f.problem, p) {
			return true
		}
	}
	return false
}

// find reads a text and places its first fault: the first line with which
// the text, cut after it, has the same fault.
func (d *decoder) find(t *text) (*yaml.Node, *fault) {
	d.budget -= len(t.bytes)
	root, f := decode(t.bytes)
	if f == nil {
		return root, nil
	}
	if name, ok := strings.CutPrefix(f.problem, "unknown anchor '"); ok {
		f.line = t.lineOf("*" + strings.TrimSuffix(name, "' referenced"))
	}
	f.line = max(0, min(f.line, t.lines()-1))
	if f.distant() {
		f.line = d.locate(t, f)
	}
	return nil, f
}

// locate returns the first line with which a text, cut after it, has a fault.
// It lies at most a few lines before the last one that the library looked at.
func (d *decoder) locate(t *text, f *fault) int {
	d.budget -= len(t.bytes)
	lines := lineReader{rest: t.bytes}
	decodeFrom(&lines)
	last := min(lines.read, t.lines()) - 1
	first := last
	for step := 4; first > f.line; step *= 2 {
		first = max(f.line, first-step)
		if !d.failsBy(t, first, f.problem) {
			break
		}
	}
	return first + sort.Search(last-first, func(i int) bool { return d.failsBy(t, first+i, f.problem) })
}

// lineReader hands out one line at a time, and so shows how far its reader
// came.
type lineReader struct {
	rest []byte
	read int
}

func (r *lineReader) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		return 0, io.EOF
	}
	line := r.rest
	if i := bytes.IndexByte(line, '\n'); i >= 0 {
		line = line[:i+1]
	}
	n := copy(p, line)
	if r.rest = r.rest[n:]; n == len(line) {
		r.read++
	}
	return n, nil
}

// failsBy reports whether a text cut after a line has a fault.
func (d *decoder) failsBy(t *text, line int, problem string) bool {
	if line+1 >= t.lines() {
		return true
	}
	prefix := t.bytes[:t.starts[line+1]]
	if d.budget -= len(prefix); d.budget < 0 {
		return false
	}
	_, f := decode(prefix)
	return f != nil && f.problem == problem
}

// lineOf returns the first line on which a value begins with a word.
func (t *text) lineOf(word string) int {
	for i := range t.lines() {
		l := string(t.line(i))
		if at := strings.Index(l, word); at >= 0 && (at == 0 || strings.IndexByte(" [{,", l[at-1]) >= 0) {
			return i
		}
	}
	return 0
}
