package schema

import (
	"slices"
	"time"
)

// A Step is one element of `steps`. Exactly one of HTTP, Expr, Tool, Log,
// Sleep, Progress and Notify is set in a complete tool.
type Step struct {
	Place       Place
	ID          string // "" when not said
	IDPlace     Place
	When        *Node // expression
	ForEach     *Node // expression
	Concurrency int   // 0: not said
	Optional    bool
	// Flawed is set when a fault was found in the step, so that what is not
	// there may have been written.
	Flawed bool

	HTTP     *HTTP
	Errors   []ErrorRule // beside HTTP
	Expr     *Node       // expression
	Tool     *ToolCall
	Log      *Log
	Sleep    time.Duration
	Progress *Progress
	Notify   string // the list that is said to have changed
}

// A ToolCall is a step that calls another tool.
type ToolCall struct {
	Name  string
	Place Place // of the name
	Input *Node // a Map of templates; nil when not written
}

// A Log is a step that writes a line.
type Log struct {
	Level   string // "" when not said
	Message *Node  // template
}

// Progress is a step that says how far a call is. Nodes that were not written
// are nil.
type Progress struct {
	Message     *Node // template
	Done, Total *Node // templates
}

func stepsOf(n *Node) []Step {
	if n == nil {
		return nil
	}
	steps := make([]Step, 0, len(n.Items))
	for _, item := range n.Items {
		steps = append(steps, stepOf(item))
	}
	return steps
}

func stepOf(n *Node) Step {
	s := Step{
		Place:       n.Place,
		ID:          textOf(n.Get("id")),
		When:        n.Get("when"),
		ForEach:     n.Get("forEach"),
		Concurrency: integerOf(n.Get("concurrency")),
		Optional:    isTrue(n.Get("optional")),
		Flawed:      n.inside.flawed,
		HTTP:        httpOf(n.Get("http")),
		Errors:      errorsOf(n.Get("errors")),
		Expr:        n.Get("expr"),
		Sleep:       durationOf(n.Get("sleep")),
		Notify:      textOf(n.Get("notify")),
	}
	if id := n.Get("id"); id != nil {
		s.IDPlace = id.Place
	}
	if tool := n.Get("tool"); tool != nil {
		s.Tool = &ToolCall{Name: tool.Text, Place: tool.Place, Input: n.Get("input")}
	}
	if l := n.Get("log"); l != nil {
		s.Log = &Log{Level: textOf(l.Get("level")), Message: l.Get("message")}
	}
	if p := n.Get("progress"); p != nil {
		s.Progress = &Progress{Message: p.Get("message"), Done: p.Get("done"), Total: p.Get("total")}
	}
	return s
}

// Upstreams returns the names of the upstreams that the tool calls itself, in
// the order in which they are written, each once.
func (t *Tool) Upstreams() []string {
	var names []string
	add := func(h *HTTP) {
		if h != nil && h.Upstream != "" && !slices.Contains(names, h.Upstream) {
			names = append(names, h.Upstream)
		}
	}
	add(t.HTTP)
	for i := range t.Steps {
		add(t.Steps[i].HTTP)
	}
	return names
}

// Calls returns the steps that call other tools.
func (t *Tool) Calls() []*ToolCall {
	var calls []*ToolCall
	for i := range t.Steps {
		if call := t.Steps[i].Tool; call != nil {
			calls = append(calls, call)
		}
	}
	return calls
}
