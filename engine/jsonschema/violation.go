package jsonschema

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	santhosh "github.com/santhosh-tekuri/jsonschema/v6"
)

const (
	maxViolations = 50 // listed in full
	gotLength     = 80 // characters of Got

	nothing = "nothing"  // Got, where a value is missing
	noSuch  = "no such " // begins Expected, where a member is one too many
)

// A Violation is one way in which a value does not fit, for a model to mend.
type Violation struct {
	Pointer  string // JSON pointer into the value (RFC 6901); "" is the whole
	Expected string // such as `a string`, `one of "open", "closed"`, `no such argument; known are: a, b`
	Got      string // what came, as shortened JSON, or "nothing"; "" only in the last of too many
}

// String is a line such as
//
//	/days: expected an integer from 1 to 14, got "many"
func (v Violation) String() string {
	if v.Got == "" {
		return v.Expected
	}
	at := v.Pointer
	if at != "" {
		at += ": "
	}
	if v.Got == nothing || strings.HasPrefix(v.Expected, noSuch) {
		return at + v.Expected // which says it all
	}
	return at + "expected " + v.Expected + ", got " + v.Got
}

// violations holds a plain value against the schema.
func (v *Validator) violations(value any) []Violation {
	if v.recurses && !affordable(v.schema, value) {
		return []Violation{{Expected: "a value that nests less deeply: the alternatives of the schema recur too often", Got: shorten(value, gotLength)}}
	}
	err := v.schema.Validate(value)
	if err == nil {
		return nil
	}
	var failure *santhosh.ValidationError
	if !errors.As(err, &failure) {
		return []Violation{{Expected: "a value that fits the schema", Got: shorten(value, gotLength)}}
	}
	x := &explainer{role: v.role, value: value, schemas: schemasByLocation(v.schema), words: map[*santhosh.Schema]string{}}
	x.explain(failure)
	return inOrder(x.found)
}

// inOrder sorts violations by pointer, as numbers where it has numbers, drops
// what is said twice and bounds them.
func inOrder(found []Violation) []Violation {
	slices.SortFunc(found, func(a, b Violation) int {
		return cmp.Or(comparePointers(a.Pointer, b.Pointer), cmp.Compare(a.Expected, b.Expected), cmp.Compare(a.Got, b.Got))
	})
	found = slices.Compact(found)
	if more := len(found) - maxViolations; more > 0 {
		found = append(found[:maxViolations:maxViolations], Violation{Expected: fmt.Sprintf("and %d more", more)})
	}
	return found
}

// comparePointers compares shorter runs of digits as smaller, so that /2 comes
// before /10.
func comparePointers(a, b string) int {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	for i > 0 && isDigit(a[i-1]) {
		i--
	}
	m, n := digits(a[i:]), digits(b[i:])
	if m != n && m > 0 && n > 0 {
		return cmp.Compare(m, n)
	}
	return cmp.Compare(a[i:], b[i:])
}

func digits(text string) int {
	n := 0
	for n < len(text) && isDigit(text[n]) {
		n++
	}
	return n
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func pointerOf(path []string) string {
	var b strings.Builder
	for _, name := range path {
		b.WriteByte('/')
		b.WriteString(pointerToken(name))
	}
	return b.String()
}

// lookup is the part of a value at a path.
func lookup(value any, path []string) (any, bool) {
	for _, name := range path {
		switch at := value.(type) {
		case map[string]any:
			member, ok := at[name]
			if !ok {
				return nil, false
			}
			value = member
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(at) {
				return nil, false
			}
			value = at[i]
		default:
			return nil, false
		}
	}
	return value, true
}

// schemasByLocation are all schemas that a schema reaches.
func schemasByLocation(root *santhosh.Schema) map[string]*santhosh.Schema {
	known := map[string]*santhosh.Schema{}
	var visit func(s *santhosh.Schema)
	visit = func(s *santhosh.Schema) {
		if known[s.Location] != nil {
			return
		}
		known[s.Location] = s
		for sub := range sameValue(s) {
			visit(sub)
		}
		for sub := range anyPart(s) {
			visit(sub)
		}
	}
	visit(root)
	return known
}
