package expression

import (
	"slices"

	"github.com/toolsd/toolsd/engine/jsonschema"
)

// fit is whether a value of a type fits where another is wanted.
type fit uint8

const (
	no fit = iota
	maybe
	yes
)

// fits says whether one alternative of a type fits a parameter.
func (p param) fits(option *jsonschema.Type) fit {
	best := no
	if option.Kind == jsonschema.Any || p.deep && option.Kind == jsonschema.ListKind && holdsLists(option) {
		best = maybe
	}
	for _, want := range p.types {
		best = max(best, fitOf(option, want))
	}
	return best
}

func holdsLists(t *jsonschema.Type) bool {
	return slices.ContainsFunc(t.Elem.Each(), func(o *jsonschema.Type) bool { return o.Kind == jsonschema.ListKind })
}

func fitOf(t, want *jsonschema.Type) fit {
	switch {
	case want.Kind == jsonschema.Any:
		return yes
	case t.Kind == jsonschema.Any:
		return maybe
	case t.Kind != want.Kind:
		return no
	case t.Kind != jsonschema.ListKind || want.Elem == nil || want.Elem.Kind == jsonschema.Any:
		return yes
	}
	return elementsFit(t.Elem, want.Elem)
}

func elementsFit(t, want *jsonschema.Type) fit {
	best, worst := no, yes
	if t.MayBeNull() {
		best, worst = maybe, maybe
	}
	options := t.Each()
	for _, option := range options {
		one := no
		for _, w := range want.Each() {
			one = max(one, fitOf(option, w))
		}
		best, worst = max(best, one), min(worst, one)
	}
	switch {
	case len(options) == 0:
		return max(worst, maybe)
	case best == no:
		return no
	}
	return max(worst, maybe)
}

// takes returns the parameter at a position, and whether there is one.
func (o overload) takes(i int) (param, bool) {
	if i < len(o.params) {
		return o.params[i], true
	}
	if n := len(o.params); n > 0 && o.params[n-1].many {
		return o.params[n-1], true
	}
	return param{}, false
}

// counts reports whether there can be so many arguments.
func (s rule) counts(args int) bool {
	params := s[0].params
	least := 0
	for _, p := range params {
		if !p.may && !p.many {
			least++
		}
	}
	many := len(params) > 0 && params[len(params)-1].many
	return args >= least && (args <= len(params) || many)
}

// apply returns what the rule makes of arguments without null, and how
// well they fit; bad is the argument that does not.
func (s rule) apply(args []*jsonschema.Type) (result *jsonschema.Type, how fit, bad int) {
	if len(s) == 1 {
		how = yes
		for i, arg := range args {
			if p, ok := s[0].takes(i); ok {
				if how = min(how, p.best(arg)); how == no {
					return &jsonschema.Type{}, no, i
				}
			}
		}
		return s[0].makes(args), how, 0
	}
	var results []*jsonschema.Type
	how = yes
	combinations(s.withoutNull(args), func(options []*jsonschema.Type) {
		some := false
		for _, o := range s {
			one := yes
			for i, option := range options {
				p, _ := o.takes(i)
				one = min(one, p.fits(option))
			}
			if one == no {
				continue
			}
			some = true
			results = append(results, o.makes(options))
			if one == yes {
				return
			}
			how = maybe
		}
		if !some {
			how = maybe
		}
	})
	if len(results) == 0 {
		return &jsonschema.Type{}, no, s.blame(args)
	}
	return jsonschema.Union(results...), how, 0
}

// withoutNull puts a value of which nothing is known in the place of a null
// that some overload takes.
func (s rule) withoutNull(args []*jsonschema.Type) []*jsonschema.Type {
	args = slices.Clone(args)
	for i, arg := range args {
		takes := func(o overload) bool { p, ok := o.takes(i); return ok && p.null }
		if arg.Kind == jsonschema.NullKind && slices.ContainsFunc(s, takes) {
			args[i] = unknownType
		}
	}
	return args
}

// blame returns the first argument that fits no overload, else the last.
func (s rule) blame(args []*jsonschema.Type) int {
	for i, arg := range args {
		if !slices.ContainsFunc(s, func(o overload) bool {
			p, ok := o.takes(i)
			return ok && p.best(arg) != no
		}) {
			return i
		}
	}
	return len(args) - 1
}

// best is how well the alternatives of an argument fit: yes when all do, no
// when none does.
func (p param) best(arg *jsonschema.Type) fit {
	best, worst := no, yes
	if arg.Kind == jsonschema.NeverKind || arg.Kind == jsonschema.NullKind && p.null {
		return maybe
	}
	for _, option := range arg.Each() {
		one := p.fits(option)
		best, worst = max(best, one), min(worst, one)
	}
	if best == no {
		return no
	}
	return max(worst, maybe)
}

func (o overload) makes(args []*jsonschema.Type) *jsonschema.Type {
	if o.like == "" {
		return o.result
	}
	if len(args) == 0 {
		return &jsonschema.Type{}
	}
	switch o.like {
	case "same":
		var all []*jsonschema.Type
		for _, option := range args[0].Each() {
			all = append(all, widened(option))
		}
		return jsonschema.Union(all...)
	case "elem":
		return elementOf(args[0])
	}
	return elementOf(args[0]).PerhapsNull()
}

// elementOf is what the lists among the alternatives of a type hold.
func elementOf(t *jsonschema.Type) *jsonschema.Type {
	var elems []*jsonschema.Type
	for _, option := range t.Each() {
		if option.Kind != jsonschema.ListKind {
			return &jsonschema.Type{}
		}
		elems = append(elems, option.Elem)
	}
	return jsonschema.Union(elems...)
}

// widened is a type without what it says of single values.
func widened(t *jsonschema.Type) *jsonschema.Type {
	if t.Literals == nil {
		return t
	}
	wide := *t
	wide.Literals = nil
	return &wide
}

// combinations calls f with each choice of one alternative of each argument.
// There are one or two arguments.
func combinations(args []*jsonschema.Type, f func([]*jsonschema.Type)) {
	if len(args) == 1 {
		for _, a := range args[0].Each() {
			f([]*jsonschema.Type{a})
		}
		return
	}
	for _, a := range args[0].Each() {
		for _, b := range args[1].Each() {
			f([]*jsonschema.Type{a, b})
		}
	}
}
