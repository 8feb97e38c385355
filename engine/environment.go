package engine

import (
	"cmp"
	"slices"
	"strings"

	"github.com/toolsd/toolsd/engine/expression"
)

// withheld are the variables that definitions do not see unless an operator
// lists them: those of the platform, where its own secrets stand, and toolsd's,
// in upper case. Some platforms say by NAME_FILE where the tokens of their
// identity are, which would make these variables too.
var withheld = []string{
	"AZUREWEBJOBS*", "WEBSITE_*", "FUNCTIONS_*", "IDENTITY_*", "MSI_*", "APPLICATIONINSIGHTS_*", "TOOLSD_*",
	"AZURE_FEDERATED_TOKEN*", "AWS_WEB_IDENTITY_TOKEN*", "AWS_CONTAINER_AUTHORIZATION_TOKEN*", "AWS_SHARED_CREDENTIALS*",
}

// Fence returns lookup as definitions may use it: only the names in allow,
// each whole or ending in "*"; with allow nil, all but those of the platform
// and of toolsd itself, however they are spelt: on some systems the case of a
// variable means nothing.
func Fence(lookup func(string) (string, bool), allow []string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		if allow != nil && !matchesAny(allow, name) || allow == nil && matchesAny(withheld, strings.ToUpper(name)) {
			return "", false
		}
		return lookup(name)
	}
}

func matchesAny(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		prefix, open := strings.CutSuffix(p, "*")
		return p == name || open && strings.HasPrefix(name, prefix)
	})
}

// allEnv is the environment where every variable may stand.
func (c *checker) allEnv() *expression.Env {
	env := &expression.Env{Lookup: c.lookup, AllowMissing: c.allowMissing, Used: map[string]bool{}}
	if c.made != nil {
		*c.made = append(*c.made, env)
	}
	return env
}

// exposedEnv is the environment where only variables may stand that the
// server definition exposes to callers.
func (c *checker) exposedEnv() *expression.Env {
	env, expose := c.allEnv(), c.expose
	env.Exposed = func(name string) bool { return slices.Contains(expose, name) }
	return env
}

// withholds reports whether a variable may stand in requests alone.
func (c *checker) withholds(name string) bool { return !slices.Contains(c.expose, name) }

// values looks up what checked expressions used.
func (c *checker) values(envs ...*expression.Env) map[string]any {
	values := map[string]any{}
	for _, env := range envs {
		for name := range env.Used {
			if value, ok := c.lookup(name); ok && value != "" {
				values[name] = value
			} else {
				values[name] = nil
			}
		}
	}
	return values
}

// freeze is values, which the environments go by from now on, so that what is
// built later has the values of its check.
func (c *checker) freeze(envs ...*expression.Env) map[string]any {
	values := c.values(envs...)
	for _, env := range envs {
		env.Lookup = func(name string) (string, bool) { return valueOf(values, name) }
	}
	return values
}

// valueOf looks a variable up among the values that a check used.
func valueOf(values map[string]any, name string) (value string, ok bool) {
	value, ok = values[name].(string)
	return value, ok
}

// differs reports whether a variable has another value than it had. A lookup
// that panics says nothing of that, and is for the check to report.
func (c *checker) differs(values map[string]any) bool {
	defer func() { _ = recover() }()
	for name, before := range values {
		now, _ := c.lookup(name)
		if was, _ := before.(string); now != was {
			return true
		}
	}
	return false
}

// secrets collects the values of variables that are used and not exposed,
// longest first so that masking one does not cut another. Values under four
// characters would mask half of every text and are left out.
func secrets(from *compilation) []string {
	const shortest = 4
	values := map[string]bool{}
	for name, value := range from.env {
		if text, _ := value.(string); len(text) >= shortest && !slices.Contains(from.server.exposed(), name) {
			values[text] = true
		}
	}
	list := make([]string, 0, len(values))
	for v := range values {
		list = append(list, v)
	}
	slices.SortFunc(list, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b)) })
	return list
}
