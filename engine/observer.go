package engine

import "context"

// An Observer is shown the stages of a call, for a person who wants to see
// how an answer came about. What is sent and received over HTTP is shown by
// httpcall's own observer.
type Observer interface {
	// Arguments is given the arguments after defaults were applied.
	Arguments(any)
	// Value is given what the body came to.
	Value(any)
	// Step is told of a step of the tool, or of one element of it: its label,
	// what became of it, and its value, or a text: what it says, or why it
	// failed. Of an answer the value is what there is beside status and
	// headers. While a call is observed its steps run one after the other.
	Step(label string, stage StepStage, value any)
}

// A StepStage is what became of a step.
type StepStage uint8

const (
	StepBegan StepStage = iota
	StepSaid            // a log line
	StepEnded           // with a value; one that has none just ends
	StepFailed
	StepSkipped  // its condition did not hold
	StepWithheld // what it would send was shown and not sent
)

type observerKey struct{}

// WithObserver returns a context whose calls are shown to o.
func WithObserver(ctx context.Context, o Observer) context.Context {
	return context.WithValue(ctx, observerKey{}, o)
}

func observerFrom(ctx context.Context) Observer {
	o, _ := ctx.Value(observerKey{}).(Observer)
	return o
}

// observe shows a stage of the call, unless it is made for another one.
func (c *call) observe(ctx context.Context, show func(Observer)) {
	if o := observerFrom(ctx); o != nil && c.depth == 0 {
		show(o)
	}
}
