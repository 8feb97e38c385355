package httpcall

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/engine/jsonschema"
)

// judge decides what an answer is: first by the rules of the call and of its
// upstream, on any status; then by its status; then by whether it could be
// read, and is what it should be.
func (x *exchange) judge(ctx context.Context, a *answer, vars expression.Vars) (Response, error) {
	response, unreadable := x.reading.decode(a)
	x.withhold(a, response)
	known := maps.Clone(vars)
	if known == nil {
		known = expression.Vars{}
	}
	known["response"] = map[string]any(response)
	for i := range x.rules {
		rule := &x.rules[i]
		matches, err := rule.matches(ctx, known)
		if err != nil {
			return nil, err
		}
		if !matches {
			continue
		}
		if message, ok := rule.say(ctx, known); ok {
			return nil, &expression.Failure{Message: x.mask.text(message)}
		}
		return nil, x.refused(a, response)
	}
	if !x.reading.expects(a.status) {
		return nil, x.refused(a, response)
	}
	if unreadable != nil {
		return nil, x.unreadable(unreadable)
	}
	if v := x.reading.validator; v != nil && response["bytes"] == nil {
		if violations := v.Validate(response["body"]); len(violations) > 0 {
			return nil, x.unexpected(v.Validate(x.mask.value(response["body"])))
		}
	}
	return response, nil
}

// echoed is the length from which a credential that an answer repeats is
// hidden: a shorter one may be a word that the answer has anyway.
const echoed = 8

// withhold hides the credential of the request in an answer that repeats it,
// as services for debugging do: what is a secret in a request is no result.
func (x *exchange) withhold(a *answer, response Response) {
	if x.request.credential == nil {
		return
	}
	m := newMask(x.request.credential.secrets...).longer(echoed)
	if !m.concerns(a) {
		return
	}
	for _, part := range []string{"headers", "body", "bytes"} {
		response[part] = m.value(response[part])
	}
}

// unexpected is the failure of an answer that its schema does not describe. The
// violations are those of the answer without its secrets, since they quote
// values shortened.
func (x *exchange) unexpected(violations []jsonschema.Violation) error {
	const most = 5
	var causes []error
	for _, v := range violations[:min(most, len(violations))] {
		causes = append(causes, fmt.Errorf("response.schema: at %q: expected %s, got %s", v.Pointer, v.Expected, v.Got))
	}
	return &expression.Failure{
		Message: x.name + " answered with something else than this tool's definition expects; whoever runs this server has to look at it",
		Cause:   errors.Join(causes...),
	}
}
