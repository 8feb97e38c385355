package engine

import (
	"fmt"
	"slices"

	"github.com/toolsd/toolsd/schema"
)

// A silencer is one code of a comment that silences warnings.
type silencer struct {
	unit        *unit
	code        schema.IgnoredCode
	first, last int
	used        bool
}

// silence takes out the warnings that comments silence, and adds what is wrong
// with those comments. Errors cannot be silenced, nor what is said of the
// comments themselves.
func (c *compiler) silence(found []schema.Diagnostic) []schema.Diagnostic {
	var faults []schema.Diagnostic
	silencers := map[string][]*silencer{} // by file
	known := map[string]schema.Code{}
	for _, u := range c.units {
		if len(u.ignores) > 0 && len(known) == 0 {
			for _, code := range Codes() {
				known[code.Name] = code
			}
		}
		for _, ig := range u.ignores {
			ig = u.ignoreNow(ig)
			if fault, ok := badComment(ig); ok {
				faults = append(faults, fault)
			}
			for _, code := range ig.Codes {
				fault, meant, ok := badCode(code, known)
				if ok {
					faults = append(faults, fault)
					if code.Name = meant; meant == "" {
						continue
					}
				}
				silencers[u.doc.File] = append(silencers[u.doc.File], &silencer{unit: u, code: code, first: ig.First, last: ig.Last, used: ok})
			}
		}
	}
	if len(known) == 0 {
		return found
	}
	broken := schema.HasErrors(found)
	found = slices.DeleteFunc(found, func(d schema.Diagnostic) bool {
		silenced := false
		for _, s := range silencers[d.Place.File] {
			if d.Severity == schema.Warning && d.Code == s.code.Name && s.first <= d.Place.Line && d.Place.Line <= s.last {
				s.used, silenced = true, true
			}
		}
		return silenced
	})
	for _, all := range silencers {
		for _, s := range all {
			if !s.used && c.options.Lint && s.judged(broken) {
				faults = append(faults, unusedIgnore.At(s.code.Place, fmt.Sprintf("there is no %s here to silence", s.code.Name),
					"take the comment out, or put it on the line that the warning names or directly above"))
			}
		}
	}
	return append(found, faults...)
}

// judged reports whether all was looked for that the comment could silence:
// with faults about, some was not.
func (s *silencer) judged(broken bool) bool {
	return s.unit.ok() && !schema.HasErrors(s.unit.found) && !(broken && s.code.Name == costlyList.Name)
}

// ignoreNow returns a comment of the unit at its lines of now.
func (u *unit) ignoreNow(ig schema.Ignore) schema.Ignore {
	moved := u.doc.Line - u.line
	ig.Place, ig.First, ig.Last = u.moved(ig.Place), ig.First+moved, ig.Last+moved
	ig.Codes = slices.Clone(ig.Codes)
	for i := range ig.Codes {
		ig.Codes[i].Place = u.moved(ig.Codes[i].Place)
	}
	return ig
}

const ignoreForm = "write # lint:ignore CODE reason in words"

// badComment returns what is wrong with a comment as a whole.
func badComment(ig schema.Ignore) (schema.Diagnostic, bool) {
	switch {
	case len(ig.Codes) == 0:
		return badIgnore.At(ig.Place, "the comment names no code", ignoreForm), true
	case ig.Reason == "":
		return badIgnore.At(ig.Place, "the comment gives no reason", ignoreForm), true
	}
	return schema.Diagnostic{}, false
}

// badCode returns what is wrong with a code that is to be silenced, and the
// one that was meant where it is misspelt: what that one warns of need not be
// told beside it.
func badCode(code schema.IgnoredCode, known map[string]schema.Code) (fault schema.Diagnostic, meant string, bad bool) {
	c, ok := known[code.Name]
	switch {
	case !ok:
		var names []string
		for name, c := range known {
			if c.Severity == schema.Warning {
				names = append(names, name)
			}
		}
		slices.Sort(names)
		hint := ignoreForm
		if near, ok := schema.Nearest(code.Name, names); ok {
			meant, hint = near, "did you mean "+near+"?"
		}
		return badIgnore.At(code.Place, fmt.Sprintf("there is no code %q", code.Name), hint), meant, true
	case c.Severity == schema.Error:
		return badIgnore.At(code.Place, c.Name+" is an error, which cannot be silenced", "mend what it names"), "", true
	case c.Name == badIgnore.Name || c.Name == unusedIgnore.Name:
		return badIgnore.At(code.Place, c.Name+" cannot be silenced", "mend the comment that it names"), "", true
	}
	return schema.Diagnostic{}, "", false
}
