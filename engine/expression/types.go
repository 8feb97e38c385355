package expression

import (
	"maps"
	"slices"

	"github.com/expr-lang/expr/checker/nature"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/types"

	"github.com/toolsd/toolsd/engine/jsonschema"
)

// Names that the environment of a run holds beside those of the scope. No
// author can write them, since a name holds no blank.
const (
	budgetName   = " budget"   // *budget
	tickName     = " tick"     // func() bool: one turn of a loop
	stepName     = " step"     // func() bool: one turn that adds an element
	keepName     = " keep"     // func() bool: an element more
	chargeName   = " charge"   // func(int) bool: so many bytes
	sortedName   = " sorted"   // the list that a sortBy works on
	sortedByName = " sortedBy" // a function; others are in operators and guards
	holeName     = " hole"     // stands for a part with a fault that was reported
)

// config returns the parser's and checker's view of the scope.
func (s *Scope) config() *conf.Config {
	if s.conf != nil {
		return s.conf
	}
	env := types.Map{
		holeName: types.Any,
	}
	left := maxTypes
	for _, name := range slices.Sorted(maps.Keys(s.Names)) {
		env[name] = exprType(s.Names[name], &left)
	}
	c := common
	c.WithEnv(env)
	s.conf = &c
	return s.conf
}

// common is what the configurations of all scopes have in common. Its tables
// are never written to.
var common = func() conf.Config {
	c := conf.CreateNew()
	c.Functions = overrides
	c.MaxNodes = maxNodes
	return *c
}()

// maxTypes is how many types are told to the library: a type that was worked
// out may hold one part many times over. What lies beyond is unknown to it.
const maxTypes = 100_000

// exprType says in expr's terms what is known of a value. Null is not among
// these terms: a value that may be null has the type that it otherwise has.
func exprType(t *jsonschema.Type, left *int) types.Type {
	if *left--; t == nil || *left < 0 {
		return types.Any
	}
	switch t.Kind {
	case jsonschema.BoolKind:
		return types.Bool
	case jsonschema.IntKind:
		return types.Int
	case jsonschema.FloatKind:
		return types.Float64
	case jsonschema.StringKind:
		return types.String
	case jsonschema.BytesKind:
		return types.TypeOf([]byte(nil))
	case jsonschema.ListKind:
		return types.Array(exprType(t.Elem, left))
	case jsonschema.ObjectKind:
		members := make(types.Map, len(t.Members)+1)
		for _, name := range slices.Sorted(maps.Keys(t.Members)) {
			members[name] = exprType(t.Members[name].Type, left)
		}
		if t.Rest != nil {
			members[types.Extra] = exprType(t.Rest, left)
		}
		return members
	default:
		return types.Any
	}
}

// unknown is the nature of a value of which nothing is known.
func unknown() nature.Nature { return nature.Nature{} }
