package expression

import (
	"errors"
	"strconv"

	"github.com/expr-lang/expr/file"
)

// An unfit is what is wrong with a value: with another one the same
// expression would do. Got is that value as it may be shown to whoever sent
// it, or "".
type unfit struct {
	message string
	got     string
}

// Error says nothing of the value, which may be a secret.
func (u *unfit) Error() string { return u.message }

// unfitText is an unfit text.
func unfitText(message, text string) error {
	const most = 60 // characters shown
	count := 0
	for i := range text {
		if count++; count > most {
			text = text[:i] + "…"
			break
		}
	}
	return &unfit{message: message, got: strconv.Quote(text)}
}

// failure is what a caller is told whose arguments alone made a part of the
// expression fail; ok is false when they did not.
func (p *Program) failure(located *file.Error) (*Failure, bool) {
	what, ok := errors.AsType[*unfit](located.Prev)
	if !ok {
		return nil, false
	}
	argument, given := p.given[located.Location]
	if !given {
		return nil, false
	}
	message := "The arguments cannot be used: "
	if argument != "" {
		message = "The argument " + argument + " cannot be used: "
	}
	message += what.message
	if what.got != "" {
		message += ", this is " + what.got
	}
	return &Failure{Message: message + ".", Cause: &Fault{Place: p.place, Cause: located.Prev}}, true
}
