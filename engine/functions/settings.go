package functions

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

const hostFile = "host.json"

// overridePrefix begins the names of the app settings that outrank host.json.
const overridePrefix = "AzureFunctionsJobHost__"

// Settings are what toolsd takes from host.json and from the app settings that
// override it: who may call what. The zero Settings ask for a key everywhere,
// as the host does without host.json.
type Settings struct {
	level  Level
	routes []route
}

// ReadHostJSON reads host.json in a folder and lays the overrides of the
// environment, given as os.Environ does, over it:
// AzureFunctionsJobHost__customHandler__http__DefaultAuthorizationLevel and
// the like, in any case, as the host accepts them. A missing file is no error.
//
// The error joins every fault found, each with the file or variable and the
// key; a process without a host must not serve then. Settings that come with
// an error ask for the master key wherever a value could not be read.
func ReadHostJSON(root string, environ []string) (Settings, error) {
	var document json.RawMessage
	if err := readJSON(filepath.Join(root, hostFile), &document); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Settings{level: Admin}, err
	}
	c := configuration{}
	if document != nil {
		c.add("", "", document)
	}
	c.override(environ)

	var faults []error
	level := func(key string, otherwise Level) Level {
		e, ok := c[key]
		if !ok {
			return otherwise
		}
		l, err := ParseLevel(e.value)
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", e.origin, err))
		}
		return l
	}
	s := Settings{level: level("customhandler:http:defaultauthorizationlevel", Function)}
	for _, index := range c.indexes("customhandler:http:routes:") {
		key := "customhandler:http:routes:" + index
		r := route{level: level(key+":authorizationlevel", s.level)}
		template, ok := c[key+":route"]
		if !ok {
			continue // the host has no route without a template either
		}
		var err error
		if r.segments, err = parseRoute(template.value); err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", template.origin, err))
			continue
		}
		s.routes = append(s.routes, r)
	}
	return s, errors.Join(faults...)
}

// Level returns what a request for a path must show: the level of the route
// that the host would choose for it, else the default level.
func (s Settings) Level(path string) Level {
	level, best := s.level, ""
	for _, r := range s.routes {
		if !r.matches(path) {
			continue
		}
		rank := r.rank()
		if best == "" || rank < best || rank == best && r.level > level {
			level, best = r.level, rank
		}
	}
	return level
}

// A configuration is a settings file flattened as the host does it: lower-case
// keys, joined by colons, list elements under their index.
type configuration map[string]entry

// An entry is a value with the place it was written at, for errors.
type entry struct{ value, origin string }

// add flattens a valid JSON value under a key; place is the same key as it is
// written in the file. Null is the empty text.
func (c configuration) add(key, place string, value json.RawMessage) {
	var members map[string]json.RawMessage
	var elements []json.RawMessage
	var text string
	switch value[0] {
	case '{':
		_ = json.Unmarshal(value, &members)
		for _, name := range slices.Sorted(maps.Keys(members)) {
			c.add(strings.TrimPrefix(key+":"+strings.ToLower(name), ":"), strings.TrimPrefix(place+"."+name, "."), members[name])
		}
		return
	case '[':
		_ = json.Unmarshal(value, &elements)
		for i, element := range elements {
			c.add(key+":"+strconv.Itoa(i), fmt.Sprintf("%s[%d]", place, i), element)
		}
		return
	case '"', 'n':
		_ = json.Unmarshal(value, &text)
	default:
		text = string(value)
	}
	c[key] = entry{text, hostFile + ": " + place}
}

// override lays the app settings that speak of host.json over it.
func (c configuration) override(environ []string) {
	for _, pair := range slices.Sorted(slices.Values(environ)) {
		name, value, _ := strings.Cut(pair, "=")
		if len(name) <= len(overridePrefix) || !strings.EqualFold(name[:len(overridePrefix)], overridePrefix) {
			continue
		}
		key := strings.ToLower(strings.ReplaceAll(name[len(overridePrefix):], "__", ":"))
		c[key] = entry{value, name}
	}
}

// indexes returns the list indexes that have keys under a prefix, in order.
func (c configuration) indexes(prefix string) []string {
	found := map[string]bool{}
	for key := range c {
		if rest, ok := strings.CutPrefix(key, prefix); ok {
			index, _, _ := strings.Cut(rest, ":")
			found[index] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}
