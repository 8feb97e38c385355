package expression

import (
	"errors"
	"fmt"
	"regexp"

	"github.com/expr-lang/expr/file"

	"github.com/toolsd/toolsd/schema"
)

// A Failure ends a call with a tool error that its reader, a model, can act
// on. Cause, which may be nil, is for the operator's log alone.
type Failure struct {
	Message string
	Cause   error
}

func (f *Failure) Error() string { return f.Message }
func (f *Failure) Unwrap() error { return f.Cause }

// A Fault is an expression that failed while it ran: its author's to mend.
// It is shown to the operator, never to a model.
type Fault struct {
	Place schema.Place
	Cause error
}

func (f *Fault) Error() string {
	if f.Place.File == "" {
		return f.Cause.Error()
	}
	return fmt.Sprintf("%s:%d:%d: %v", f.Place.File, f.Place.Line, f.Place.Column, f.Cause)
}

func (f *Fault) Unwrap() error { return f.Cause }

// fault sorts an error of a run into a *Failure or a *Fault.
func (p *Program) fault(err error) error {
	var failure *Failure
	if errors.As(err, &failure) {
		return failure
	}
	var located *file.Error
	if errors.As(err, &located) {
		if failure, ok := p.failure(located); ok {
			return failure
		}
		err = located.Prev
		if err == nil || isRuntimeError(err) {
			err = errors.New(runtimeMessage(located.Message))
		}
	}
	return &Fault{Place: p.place, Cause: err}
}

// isRuntimeError reports whether an error is a panic of the Go runtime, such
// as a failed type assertion, whose text says nothing to an author.
func isRuntimeError(err error) bool {
	var r interface{ RuntimeError() }
	return errors.As(err, &r)
}

var conversion = regexp.MustCompile(`^interface conversion: interface \{\} is (.+), not (.+)$`)

func runtimeMessage(message string) string {
	if m := conversion.FindStringSubmatch(message); m != nil {
		return fmt.Sprintf("%s is needed, this is %s", plainWords(m[2]), plainWords(m[1]))
	}
	return plainWords(message)
}
