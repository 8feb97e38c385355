package httpcall

import (
	"context"
	"maps"
	"slices"

	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/schema"
)

// A checker checks the parts of one definition in one scope and gathers what
// it finds.
type checker struct {
	scope *expression.Scope
	owner *expression.Env // as it was handed in
	used  map[string]bool // environment variables that were used
	home  home            // where the calls go
	found []schema.Diagnostic
}

// newChecker returns a checker whose use of the environment is noted twice:
// where the environment's owner wants it, and for the checker itself.
func newChecker(scope *expression.Scope) *checker {
	c := &checker{scope: scope, owner: scope.Env, used: map[string]bool{}}
	if env := scope.Env; env != nil {
		own := *env
		own.Used = c.used
		scope.Env = &own
	}
	return c
}

// within returns a checker in another scope of the same environment.
func (c *checker) within(scope expression.Scope) *checker {
	scope.Env = c.scope.Env
	return &checker{scope: &scope, used: c.used, home: c.home}
}

// note hands the names that were used to the environment's owner.
func (c *checker) note() {
	if c.owner != nil && c.owner.Used != nil {
		maps.Copy(c.owner.Used, c.used)
	}
}

func (c *checker) report(code schema.Code, at schema.Place, message, hint string) {
	c.found = append(c.found, code.At(at, message, hint))
}

// template checks a template; nil when the author did not write one, or when
// it has an error.
func (c *checker) template(n *schema.Node) *expression.Template {
	if n == nil {
		return nil
	}
	t, found := c.scope.CheckTemplate(n)
	c.found = append(c.found, found...)
	return t
}

// noted checks a template and returns the environment variables it uses.
func (c *checker) noted(n *schema.Node) (*expression.Template, []string) {
	env := c.scope.Env
	if env == nil {
		return c.template(n), nil
	}
	all := env.Used
	env.Used = map[string]bool{}
	t := c.template(n)
	names := slices.Sorted(maps.Keys(env.Used))
	for _, name := range names {
		all[name] = true
	}
	env.Used = all
	return t, names
}

// constant evaluates a template that uses nothing but the environment. ok is
// false when a variable is missing where that is allowed.
func (c *checker) constant(t *expression.Template) (text string, ok bool) {
	r, err := expression.BuildTemplate(t, c.scope, expression.Bounds{})
	if err != nil {
		return "", false
	}
	value, err := expression.Render(context.Background(), r, nil, expression.InRequest)
	if err != nil || value == nil {
		return "", false
	}
	text, err = expression.Text(value)
	return text, err == nil
}

// secretsOf returns the values of variables that the server does not expose,
// sorted. exposed may be nil: nothing is.
func secretsOf(env *expression.Env, names map[string]bool, exposed *expression.Env) []string {
	var values []string
	for name := range names {
		if isExposed(exposed, name) {
			continue
		}
		if value, ok := env.Lookup(name); ok && value != "" {
			values = append(values, value)
		}
	}
	slices.Sort(values)
	return slices.Compact(values)
}

// isExposed reports whether callers may see a variable. exposed may be nil.
func isExposed(exposed *expression.Env, name string) bool {
	return exposed != nil && exposed.Exposed != nil && exposed.Exposed(name)
}
