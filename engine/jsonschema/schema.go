// Package jsonschema checks the JSON Schemas of definitions and holds values
// against them, as JSON Schema 2020-12 says and with formats asserted. It is
// the only importer of santhosh-tekuri/jsonschema.
//
// A schema goes through two stages: Check finds every fault its author could
// be told of, at its place in the YAML; Build makes the Validator, once, on
// first use, and cannot fail for a reason Check should have found.
package jsonschema

import (
	"encoding/json"
	"sync/atomic"
	"weak"

	"github.com/toolsd/toolsd/schema"
)

// Role is where a schema stands; it decides what Check asks of it.
type Role uint8

const (
	// Input describes a tool's arguments: MCP requires `type: object` at the top.
	Input Role = iota
	// Output describes a tool's structured content: `type: object` at the top,
	// since clients before MCP 2026-07-28 know no other.
	Output
	// Body describes an upstream's answer.
	Body
)

// Bounds limits a schema. A zero field means the default.
type Bounds struct {
	Bytes int // as compact JSON; default 1 MiB
	Depth int // nesting of subschemas; default 64
	// Branches is how often one value may come to be looked at: alternatives
	// of combinators multiply along a path, `$ref` included, and add over
	// siblings; default 256.
	Branches int
}

func (b Bounds) withDefaults() Bounds {
	if b.Bytes == 0 {
		b.Bytes = 1 << 20
	}
	if b.Depth == 0 {
		b.Depth = 64
	}
	if b.Branches == 0 {
		b.Branches = 256
	}
	return b
}

// A Schema has been checked. It holds the author's text alone, so that ten
// thousand of them are cheap to keep; it is immutable.
type Schema struct {
	raw  json.RawMessage
	role Role
	// typ is its type for as long as somebody holds it: those who check the
	// parts of one tool ask for it one after the other.
	typ atomic.Pointer[weak.Pointer[Type]]
}

// JSON returns the schema as the author wrote it, as compact JSON, keys in
// the author's order. Nobody writes to it.
func (s *Schema) JSON() json.RawMessage { return s.raw }

// Check examines a schema and returns it with all its faults at their places,
// sorted. The Schema is nil when one of them is an error.
//
// Nothing is built, but for one case: a `default` whose schema says more than
// types, bounds and enumerations is held against the schema itself.
func Check(n *schema.Node, role Role, b Bounds) (*Schema, []schema.Diagnostic) {
	c := &checker{root: n, role: role, bounds: b.withDefaults()}
	s := &Schema{raw: n.JSON(), role: role}
	if len(s.raw) > c.bounds.Bytes {
		c.report(TooLarge, n.Place, "", "the schema is %d bytes as JSON, the limit is %d", len(s.raw), c.bounds.Bytes)
		return nil, c.found
	}
	c.top()
	if !c.failed() {
		c.defaultsOf(s)
	}
	if c.failed() {
		s = nil
	}
	return s, schema.SortDiagnostics(c.found)
}
