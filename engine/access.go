package engine

import (
	"context"
	"fmt"
	"maps"
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
	env    map[string]any                      // the variables that it uses
	nobody bool                                // it admits nobody
}

// unreadable stands for a rule of which nothing could be made out.
var unreadable = &accessRule{text: "nobody", nobody: true}

// empty reports whether the rule admits everyone.
func (r *accessRule) empty() bool { return len(r.scopes)+len(r.roles) == 0 && r.when == nil }

// text is equal for guards that say the same.
func (g guard) text() string {
	var b strings.Builder
	for _, rule := range g {
		b.WriteString(rule.text)
		b.WriteByte('\n')
	}
	return b.String()
}

// addEnv adds the variables that the rules use.
func (g guard) addEnv(env map[string]any) {
	for _, rule := range g {
		maps.Copy(env, rule.env)
	}
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

func (r *accessRule) admits(ctx context.Context, who Caller) (admitted bool) {
	defer func() {
		if recover() != nil {
			admitted = false // as any other fault of the condition
		}
	}()
	if r.nobody {
		return false
	}
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
	admitted, err = program.Holds(ctx, expression.Vars{"caller": who.value()})
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
	rule.text = fmt.Sprintf("scopes %q, roles %q", a.Scopes, a.Roles)
	if a.When == nil {
		return rule, a.Readable, nil
	}
	rule.text += fmt.Sprintf(", when %q", a.When.Text)
	env := c.allEnv()
	scope := func() *expression.Scope { return accessScope(env) }
	when, found := scope().CheckCondition(a.When)
	if when == nil || schema.HasErrors(found) {
		return rule, false, found
	}
	rule.env = c.freeze(env)
	bounds := c.bounds.Expression
	rule.when = sync.OnceValues(func() (*expression.Program, error) { return when.Build(scope(), bounds) })
	return rule, a.Readable, found
}

// readAccess is checkAccess for the newest source of a definition that is not
// served as it stands there. written is false when it is not even sure that
// there is a rule.
func (c *checker) readAccess(u *unit) (rule *accessRule, readable, written bool) {
	def := u.definition()
	a := access(def)
	failed := guarded(u.doc, func() []schema.Diagnostic {
		rule, readable, _ = c.checkAccess(a)
		return nil
	})
	if failed != nil || rule != nil && !readable && rule.empty() {
		rule, readable = unreadable, false
	}
	return rule, readable, a != nil && a.Written
}

// access returns the rule that a definition was written with.
func access(def *schema.Definition) *schema.Access {
	switch {
	case def.Tool != nil:
		return def.Tool.Access
	case def.Server != nil:
		return def.Server.Access
	}
	return nil
}

// A held is what is known of the guard of a definition whose newest source
// has a fault.
type held struct {
	now  guard
	base guard // the last that could be read in full
	new  bool  // there was none before
}

// newer returns the guard that holds now: that of the newest sources where
// they can be read in full, and otherwise the last readable one with whatever
// could be made out of the new. Where there is neither of the two, though a
// rule was written, it admits nobody.
func (c *checker) newer(h held, sources []*unit) held {
	if len(sources) == 0 {
		return h
	}
	var fresh guard
	whole := true
	for _, u := range sources {
		rule, readable, written := c.readAccess(u)
		whole = whole && readable && rule != nil
		if rule == unreadable && (len(h.base) > 0 || !written && !h.new) {
			continue // the old rule holds, or that there was none
		}
		if rule != nil {
			fresh = append(fresh, rule)
		}
	}
	if whole {
		return held{now: fresh, base: fresh, new: h.new}
	}
	return held{now: slices.Concat(h.base, fresh), base: h.base, new: h.new}
}

func (s *checkedServer) guard() held { return guardOf(s.rule) }

func (t *checkedTool) guard() held { return guardOf(t.rule) }

func guardOf(rule *accessRule) held {
	if rule == nil {
		return held{}
	}
	return held{now: guard{rule}, base: guard{rule}}
}
