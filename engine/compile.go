package engine

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"maps"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/toolsd/toolsd/schema"
)

// A compilation is what all sources came to: what is served, and what there
// is to say about them. It is immutable.
type compilation struct {
	units       map[textID]*unit
	server      *servedServer
	upstreams   map[string]*servedUpstream
	tools       map[string]*servedTool
	stale       []StaleDefinition
	diagnostics []schema.Diagnostic
	env         map[string]any // what served definitions use of the environment
}

// A textID finds a document again in the next reading.
type textID struct {
	file string
	hash [sha256.Size]byte
}

// A compiler makes one compilation out of sources and the one before.
type compiler struct {
	checker
	last    *compilation
	next    *compilation
	units   []*unit               // in the order of files and lines
	claims  map[key][]*unit       // by name, identified documents only
	files   map[string]*fileState // of every source that was read
	unread  []string              // names of sources that could not be read
	found   []schema.Diagnostic   // beside those of units
	lasting map[key]bool          // stale definitions, withdrawn ones included
}

// A fileState says what is known of a file beside its identified documents.
type fileState struct{ unidentified bool }

// compile makes the next compilation. It is pure but for the environment that
// the options look up.
func compile(sources []schema.Source, last *compilation, o *Options) *compilation {
	c := &compiler{
		checker: checker{bounds: o.Bounds, lookup: o.Env, allowMissing: o.AllowMissingEnv, upstreams: map[string]*checkedUpstream{}},
		last:    last,
		next:    &compilation{upstreams: map[string]*servedUpstream{}, tools: map[string]*servedTool{}, env: map[string]any{}},
		claims:  map[key][]*unit{},
		files:   map[string]*fileState{},
		lasting: map[key]bool{},
	}
	c.read(sources)
	c.reportDuplicates()
	c.settleServer()
	c.settleUpstreams()
	c.settleTools()
	c.finish(sources)
	return c.next
}

// read splits and parses the sources, reusing the units of unchanged text.
func (c *compiler) read(sources []schema.Source) {
	var docs []schema.Document
	for _, src := range sources {
		parts, found := schema.Split(src, c.bounds.Source)
		c.found = append(c.found, found...)
		if src.Err != nil {
			c.unread = append(c.unread, src.Name)
			continue
		}
		c.files[src.Name] = &fileState{}
		if schema.HasErrors(found) {
			c.files[src.Name].unidentified = true
		}
		docs = append(docs, parts...)
	}
	if most := c.bounds.Source.Definitions; len(docs) > most {
		first := docs[most]
		c.found = append(c.found, tooManyDefinitions.At(schema.Place{File: first.File, Line: first.Line, Column: 1},
			fmt.Sprintf("more than %d definitions", most), "those from here on are left out"))
		for _, doc := range docs[most:] {
			c.files[doc.File].unidentified = true
		}
		docs = docs[:most]
	}
	c.units = make([]*unit, len(docs))
	parallel(len(docs), func(i int) {
		id := textID{docs[i].File, docs[i].Hash()}
		if known := c.last.units[id]; known != nil {
			c.units[i] = known.carry(docs[i])
		} else {
			c.units[i] = parse(docs[i], id.hash)
		}
	})
	for _, u := range c.units {
		if u.key == (key{}) {
			c.files[u.doc.File].unidentified = true
			continue
		}
		k := u.key
		if k.kind == schema.KindServer {
			k.name = "" // there is one server, whatever it is called
		}
		c.claims[k] = append(c.claims[k], u)
	}
}

// reportDuplicates gives each of several definitions of one name a diagnostic
// that shows the others.
func (c *compiler) reportDuplicates() {
	for _, k := range slices.SortedFunc(maps.Keys(c.claims), compareKeys) {
		units := c.claims[k]
		if len(units) < 2 {
			continue
		}
		for i, u := range units {
			message, hint := fmt.Sprintf("%s %q is defined more than once", k.kind, k.name), "give one of them another name"
			if k.kind == schema.KindServer {
				message, hint = "more than one server definition", "keep one of them"
			}
			d := duplicateName.At(u.place(), message, hint)
			for j, other := range units {
				if j != i && len(d.Related) < 3 {
					d.Related = append(d.Related, schema.Related{Place: other.place(), Message: "also here"})
				}
			}
			c.found = append(c.found, d)
		}
	}
}

// lost says why the definition served under a key is not simply the newest:
// keep reports whether its last good version may go on, and successors are
// the documents that took its place.
func (c *compiler) lost(k key, last *unit) (keep bool, successors []*unit) {
	claims := c.claims[k]
	if len(claims) > 0 {
		same := slices.DeleteFunc(slices.Clone(claims), func(u *unit) bool { return u.doc.File != last.doc.File })
		if len(same) > 0 {
			return true, same
		}
		return true, claims
	}
	for _, name := range c.unread {
		if name == last.doc.File || strings.HasSuffix(name, "/") && strings.HasPrefix(last.doc.File, name) {
			return true, nil
		}
	}
	file := c.files[last.doc.File]
	return file != nil && file.unidentified, nil
}

// finish collects what is said, lets go of what only checking needed, and
// keeps the units for the next reading.
func (c *compiler) finish(sources []schema.Source) {
	n := c.next
	n.units = make(map[textID]*unit, len(c.units))
	found := c.found
	for _, u := range c.units {
		u.settled()
		n.units[textID{u.doc.File, u.hash}] = u
		found = append(found, u.diagnostics()...)
	}
	schema.Snippets(found, sources...)
	n.diagnostics = schema.SortDiagnostics(found)
	for k := range c.lasting {
		s := StaleDefinition{Kind: k.kind, Name: k.name}
		s.Place, s.Withdrawn = c.servedPlace(k)
		n.stale = append(n.stale, s)
	}
	slices.SortFunc(n.stale, func(a, b StaleDefinition) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name))
	})
}

// servedPlace returns where the served version of a definition stands;
// withdrawn when there is none.
func (c *compiler) servedPlace(k key) (p schema.Place, withdrawn bool) {
	switch {
	case k.kind == schema.KindTool && c.next.tools[k.name] != nil:
		return c.next.tools[k.name].unit.place(), false
	case k.kind == schema.KindUpstream && c.next.upstreams[k.name] != nil:
		return c.next.upstreams[k.name].unit.place(), false
	case k.kind == schema.KindServer && c.next.server != nil:
		return c.next.server.unit.place(), false
	}
	return schema.Place{}, true
}

func compareKeys(a, b key) int {
	return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.name, b.name))
}

// parallel calls f for 0 to n-1 on all processors and returns when every call
// has returned.
func parallel(n int, f func(i int)) {
	workers := min(runtime.GOMAXPROCS(0), n)
	if workers < 2 {
		for i := range n {
			f(i)
		}
		return
	}
	var at atomic.Int64
	var running sync.WaitGroup
	for range workers {
		running.Go(func() {
			for i := int(at.Add(1)) - 1; i < n; i = int(at.Add(1)) - 1 {
				f(i)
			}
		})
	}
	running.Wait()
}

// guarded runs a part of the compiler on one document. A panic there is a
// diagnostic of that document, so that a fault of this program costs one
// definition and no more.
func guarded(doc schema.Document, part func() []schema.Diagnostic) (found []schema.Diagnostic) {
	defer func() {
		if r := recover(); r != nil {
			found = []schema.Diagnostic{internalFault.At(
				schema.Place{File: doc.File, Line: doc.Line, Column: 1},
				fmt.Sprintf("toolsd failed on this definition: %v", r),
				"this is a fault of toolsd; please report it with this definition and: "+firstFrame(debug.Stack()))}
		}
	}()
	return part()
}

// firstFrame names the function in which a panic began.
func firstFrame(stack []byte) string {
	lines := strings.Split(string(stack), "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, "panic(") && i+2 < len(lines) {
			name, _, _ := strings.Cut(lines[i+2], "(0x")
			return name
		}
	}
	return "an unknown place"
}
