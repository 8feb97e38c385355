// Package expression checks and runs the expressions and templates of
// definitions. It is the only importer of expr-lang/expr.
//
// As everywhere there are two stages. A Scope checks what an author wrote and
// yields an Expr or a Template, which hold little more than text. Build turns
// these into a Program or a Renderer, once, on first use. Programs are safe
// for concurrent use and bounded in time, loop ticks and memory.
package expression

import (
	"github.com/expr-lang/expr/conf"

	"github.com/toolsd/toolsd/engine/jsonschema"
)

// A Scope says which names an expression may use, and what is known of them.
// It is not safe for concurrent use; it is dropped after Check and made anew
// for Build.
type Scope struct {
	// Names are the names in scope, such as input and response, with what is
	// known of their values.
	Names map[string]*jsonschema.Type
	// Env is how the expression may use environment variables; nil is not at all.
	Env *Env
	// Request marks the request of an HTTP call, where a value that touches a
	// literal quote is an error: it could end the quotation.
	Request bool
	// Inputs collects the members of input that checked expressions use, and
	// "" when one uses the whole; nil collects nothing.
	Inputs map[string]bool
	// Steps collects the members of steps and failed that checked expressions
	// use, and "" when one uses the whole; nil collects nothing.
	Steps map[string]bool
	// Later are the ids of steps that have not run in this place.
	Later []string
	// Own is the id of the step that this place belongs to; it is among Later.
	Own string

	conf   *conf.Config // made on first use
	types  map[*Expr]typed
	shapes map[*jsonschema.Type]shape // of values of expressions
	// without is a rule of types that does not hold, for tests.
	without string
}

// Env is the environment as definitions see it.
type Env struct {
	// Lookup returns a variable's value; an empty one counts as missing.
	Lookup func(name string) (string, bool)
	// Exposed says which names may stand in this place; nil is all.
	Exposed func(name string) bool
	// AllowMissing turns a missing variable from an error into nothing.
	AllowMissing bool
	// Used collects the names that checked expressions use.
	Used map[string]bool
}

// Bounds limits one run of an expression. A zero field means the default.
type Bounds struct {
	Time   int64 // nanoseconds; default 2 s
	Ticks  int64 // turns of loops; default 10 million
	Memory int64 // bytes made by the expression; default 64 MiB
}
