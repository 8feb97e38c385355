package engine

import (
	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/engine/httpcall"
	"github.com/toolsd/toolsd/engine/jsonschema"
)

// anyType is a value of which nothing is known.
var anyType = &jsonschema.Type{Kind: jsonschema.Any}

// accessScope is what an access rule may use.
func accessScope(env *expression.Env) *expression.Scope {
	return &expression.Scope{Names: map[string]*jsonschema.Type{"caller": httpcall.CallerType()}, Env: env}
}

// inputScope is what a tool's body may use.
func inputScope(input *jsonschema.Type, env *expression.Env) *expression.Scope {
	return &expression.Scope{Names: map[string]*jsonschema.Type{"input": input, "caller": httpcall.CallerType()}, Env: env}
}

// value is the caller as expressions see it.
func (c Caller) value() map[string]any {
	return map[string]any{
		"id":     textOrNil(c.ID),
		"name":   textOrNil(c.Name),
		"roles":  textValues(c.Roles),
		"scopes": textValues(c.Scopes),
		"claims": claimsOrEmpty(c.Claims),
	}
}

func textOrNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func textValues(texts []string) []any {
	values := make([]any, len(texts))
	for i, t := range texts {
		values[i] = t
	}
	return values
}

func claimsOrEmpty(claims map[string]any) map[string]any {
	if claims == nil {
		return map[string]any{}
	}
	return claims
}
