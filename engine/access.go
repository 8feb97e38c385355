package engine

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/schema"
)

// A guard is what stands before a definition: every rule of it must admit the
// caller. No rules admit everyone.
type guard []*accessRule

// An accessRule is a checked `access`: all scopes, any of the roles, and when.
type accessRule struct {
	text   string // what the rule says, for comparison
	scopes []string
	roles  []string
	when   func() (*expression.Program, error) // nil: no condition
}

// text is equal for guards that say the same.
func (g guard) text() string {
	var b strings.Builder
	for _, rule := range g {
		b.WriteString(rule.text)
		b.WriteByte('\n')
	}
	return b.String()
}

// admits reports whether every rule admits the caller. A rule that faults
// does not.
func (g guard) admits(ctx context.Context, who Caller) bool {
	for _, rule := range g {
		if !rule.admits(ctx, who) {
			return false
		}
	}
	return true
}

func (r *accessRule) admits(ctx context.Context, who Caller) bool {
	for _, scope := range r.scopes {
		if !slices.Contains(who.Scopes, scope) {
			return false
		}
	}
	if len(r.roles) > 0 && !slices.ContainsFunc(r.roles, func(role string) bool { return slices.Contains(who.Roles, role) }) {
		return false
	}
	if r.when == nil {
		return true
	}
	program, err := r.when()
	if err != nil {
		return false
	}
	admitted, err := program.Holds(ctx, expression.Vars{"caller": who.value()})
	return err == nil && admitted
}

// checkAccess checks an access rule. The rule is nil when none was written;
// readable is false when a fault keeps it from being the whole rule, and then
// the rule holds what could be made out.
func (c *checker) checkAccess(a *schema.Access) (rule *accessRule, readable bool, found []schema.Diagnostic) {
	if a == nil {
		return nil, true, nil
	}
	rule = &accessRule{scopes: a.Scopes, roles: a.Roles}
	rule.text = "scopes " + strings.Join(a.Scopes, " ") + "; roles " + strings.Join(a.Roles, " ")
	if a.When == nil {
		return rule, a.Readable, nil
	}
	rule.text += "; when " + a.When.Text
	env := c.allEnv()
	scope := func() *expression.Scope { return accessScope(env) }
	when, found := scope().CheckCondition(a.When)
	if when == nil || schema.HasErrors(found) {
		return rule, false, found
	}
	bounds := c.bounds.Expression
	rule.when = sync.OnceValues(func() (*expression.Program, error) { return when.Build(scope(), bounds) })
	return rule, a.Readable, found
}
