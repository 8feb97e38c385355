package engine

import (
	"context"
	"fmt"

	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/engine/httpcall"
	"github.com/toolsd/toolsd/schema"
)

// A body is how a tool comes to its value. It has been checked.
type body interface {
	// adds puts the names into scope that the body leaves behind.
	adds(*expression.Scope)
	// ready reports that the body can be built. It cannot when it has an error,
	// or something that it needs has one.
	ready() bool
	// build makes the body runnable.
	build(Bounds) (runner, error)
}

// A runner makes the value of one call, and puts what the body leaves behind
// into its variables.
type runner func(ctx context.Context, c *call, vars expression.Vars) (any, error)

// bodies are the kinds of body, by the field that they stand in.
var bodies = map[string]func(*checker, *parts, *schema.Tool) (body, []schema.Diagnostic){
	"expr":  checkExpr,
	"http":  checkHTTP,
	"steps": checkSteps,
}

// bodyKind returns the field that holds the body of a tool.
func bodyKind(t *schema.Tool) (string, bool) {
	switch {
	case t.Expr != nil:
		return "expr", true
	case t.HTTP != nil:
		return "http", true
	case t.Steps != nil:
		return "steps", true
	}
	return "", false
}

// An exprBody is an expression over the input.
type exprBody struct {
	expr  *expression.Expr
	scope func() *expression.Scope
}

func checkExpr(_ *checker, p *parts, written *schema.Tool) (body, []schema.Diagnostic) {
	b := &exprBody{scope: func() *expression.Scope { return p.scope(p.envs.exposed) }}
	var found []schema.Diagnostic
	scope := b.scope()
	b.expr, found = scope.Check(written.Expr)
	p.chain.ofExpr(scope, b.expr)
	return b, found
}

func (b *exprBody) adds(*expression.Scope) {}

func (b *exprBody) ready() bool { return b.expr != nil }

func (b *exprBody) build(bounds Bounds) (runner, error) {
	program, err := b.expr.Build(b.scope(), bounds.Expression)
	if err != nil {
		return nil, fmt.Errorf("expr: %w", err)
	}
	return func(ctx context.Context, _ *call, vars expression.Vars) (any, error) {
		return program.Run(ctx, vars)
	}, nil
}

// An httpBody is one HTTP call.
type httpBody struct {
	call   *httpcall.Call
	target httpcall.Target
}

func checkHTTP(c *checker, p *parts, written *schema.Tool) (body, []schema.Diagnostic) {
	b, found := c.httpCall(written.HTTP, written.Errors, isReadOnly(written.Annotations), p.envs.exposed, func() *expression.Scope {
		return p.scope(p.envs.all)
	})
	if b.call != nil {
		p.chain.ofBody(b.call.ResponseType(), written.HTTP.Place)
	}
	return b, found
}

// httpCall checks a call and the errors beside it. The scope is that of the
// request, made anew at each call.
func (c *checker) httpCall(written *schema.HTTP, errors []schema.ErrorRule, readOnly bool, exposed *expression.Env, scope func() *expression.Scope) (*httpBody, []schema.Diagnostic) {
	// What a checked body keeps must not lead back to the checker, which holds
	// the compilation before.
	upstream := c.upstream(written.Upstream)
	b := &httpBody{target: httpcall.Target{
		Upstream: func(string) *httpcall.Upstream { return upstream },
		Names:    c.upstreamNames,
		Scope:    scope,
		Exposed:  exposed,
		ReadOnly: readOnly,

		Identities: c.options.Identities,
	}}
	var found []schema.Diagnostic
	b.call, found = httpcall.CheckCall(written, errors, b.target)
	return b, found
}

func (b *httpBody) adds(scope *expression.Scope) {
	t := anyType
	if b.call != nil {
		t = b.call.ResponseType()
	}
	scope.Names["response"] = t
}

func (b *httpBody) ready() bool { return b.call != nil }

func (b *httpBody) program(bounds Bounds) (*httpcall.Program, error) {
	program, err := b.call.Build(b.target, bounds.Expression, bounds.HTTP)
	if err != nil {
		return nil, fmt.Errorf("http: %w", err)
	}
	return program, nil
}

func (b *httpBody) build(bounds Bounds) (runner, error) {
	program, err := b.program(bounds)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, c *call, vars expression.Vars) (any, error) {
		response, err := c.request(ctx, program, vars)
		if err != nil {
			return nil, err
		}
		vars["response"] = response
		return answerBody(response), nil
	}, nil
}

// request makes an HTTP call of the body or of a step.
func (c *call) request(ctx context.Context, program *httpcall.Program, vars expression.Vars) (map[string]any, error) {
	response, err := program.Run(ctx, c.engine.options.Client, vars)
	if err == nil {
		c.unfetched.note(response)
	}
	return response, err
}

// answerBody is the value of an answer that is a result: its body, or the
// items of all pages. Of no answer it is null.
func answerBody(response map[string]any) any {
	if items, ok := response["items"]; ok {
		return items
	}
	if data, ok := response["bytes"].([]byte); ok {
		return binary{data, responseMediaType(response)}
	}
	return response["body"]
}

// binary is a value that is not text, with its media type.
type binary struct {
	data      []byte
	mediaType string
}
