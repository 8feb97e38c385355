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
type runner func(ctx context.Context, client *httpcall.Client, vars expression.Vars) (any, error)

// bodies are the kinds of body, by the field that they stand in.
var bodies = map[string]func(*checker, *parts, *schema.Tool) (body, []schema.Diagnostic){
	"expr": checkExpr,
	"http": checkHTTP,
}

// bodyKind returns the field that holds the body of a tool.
func bodyKind(t *schema.Tool) (string, bool) {
	switch {
	case t.Expr != nil:
		return "expr", true
	case t.HTTP != nil:
		return "http", true
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
	return func(ctx context.Context, _ *httpcall.Client, vars expression.Vars) (any, error) {
		return program.Run(ctx, vars)
	}, nil
}

// An httpBody is one HTTP call.
type httpBody struct {
	call   *httpcall.Call
	target httpcall.Target
}

func checkHTTP(c *checker, p *parts, written *schema.Tool) (body, []schema.Diagnostic) {
	// What a checked body keeps must not lead back to the checker, which holds
	// the compilation before.
	upstream := c.upstream(written.HTTP.Upstream)
	b := &httpBody{target: httpcall.Target{
		Upstream: func(string) *httpcall.Upstream { return upstream },
		Names:    c.upstreamNames,
		Scope:    func() *expression.Scope { return p.scope(p.envs.all) },
		Exposed:  p.envs.exposed,
		ReadOnly: written.Annotations.ReadOnlyHint != nil && *written.Annotations.ReadOnlyHint,
	}}
	var found []schema.Diagnostic
	b.call, found = httpcall.CheckCall(written.HTTP, written.Errors, b.target)
	if b.call != nil {
		p.chain.ofBody(b.call.ResponseType(), written.HTTP.Place)
	}
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

func (b *httpBody) build(bounds Bounds) (runner, error) {
	program, err := b.call.Build(b.target, bounds.Expression, bounds.HTTP)
	if err != nil {
		return nil, fmt.Errorf("http: %w", err)
	}
	return func(ctx context.Context, client *httpcall.Client, vars expression.Vars) (any, error) {
		response, err := program.Run(ctx, client, vars)
		if err != nil {
			return nil, err
		}
		vars["response"] = map[string]any(response)
		if items, ok := response["items"]; ok {
			return items, nil
		}
		if data, ok := response["bytes"].([]byte); ok {
			mediaType, _ := response["type"].(string)
			return binary{data, mediaType}, nil
		}
		return response["body"], nil
	}, nil
}

// binary is a value that is not text, with its media type.
type binary struct {
	data      []byte
	mediaType string
}
