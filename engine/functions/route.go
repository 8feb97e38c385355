package functions

import (
	"fmt"
	"strings"
)

// A route of host.json gives its own level to the paths that match it.
type route struct {
	segments []segment
	level    Level
}

// A segment of a route's template matches one segment of a path, or, as a
// catch-all, all that is left.
type segment struct {
	kind    segmentKind
	literal string
}

// A segmentKind sorts before those that it outranks when two routes match.
type segmentKind byte

const (
	literal segmentKind = iota + '1'
	parameter
	catchAll
)

// parseRoute reads a template. Constraints, defaults and mixed segments are
// refused: what they match cannot be told from here, and guessing could open
// a path that the host would guard.
func parseRoute(template string) ([]segment, error) {
	parts := split(template)
	segments := make([]segment, len(parts))
	for i, part := range parts {
		name, braced := strings.CutPrefix(part, "{")
		name, closed := strings.CutSuffix(name, "}")
		kind := literal
		if braced && closed {
			kind = parameter
			if rest := strings.TrimLeft(name, "*"); rest != name {
				kind, name = catchAll, rest
			}
		}
		switch {
		case name == "" || strings.ContainsAny(name, "{}*?:="):
			return nil, fmt.Errorf("cannot read the route %q: segments are plain text, {name} or {*rest}", template)
		case kind == catchAll && i < len(parts)-1:
			return nil, fmt.Errorf("cannot read the route %q: {*…} takes all that is left and must stand last", template)
		}
		segments[i] = segment{kind, part}
	}
	return segments, nil
}

// split cuts a path or template into its segments; slashes at either end do
// not count.
func split(path string) []string {
	path = strings.Trim(path, "/")
	if path == "" {
		return nil
	}
	return strings.Split(path, "/")
}

// matches compares segments in any case, as the host does.
func (r route) matches(path string) bool {
	parts := split(path)
	for i, s := range r.segments {
		switch {
		case s.kind == catchAll:
			return true
		case i == len(parts) || s.kind == literal && !strings.EqualFold(s.literal, parts[i]):
			return false
		}
	}
	return len(parts) == len(r.segments)
}

// rank orders the routes that match one path: the lesser is more specific and
// wins. It is never empty, so that the route of "/" has one.
func (r route) rank() string {
	kinds := []byte{'/'}
	for _, s := range r.segments {
		kinds = append(kinds, byte(s.kind))
	}
	return string(kinds)
}
