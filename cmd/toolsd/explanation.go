package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/toolsd/toolsd/engine"
)

// An explanation shows a person how a call came about, stage by stage, with
// secrets masked.
type explanation struct {
	out  io.Writer
	mask func(string) string
}

func (x *explanation) stage(name, text string) {
	fmt.Fprintf(x.out, "%s\n%s\n", name, indent(x.mask(strings.TrimRight(text, "\n"))))
}

// indent sets a text off from the names of the stages.
func indent(text string) string { return "  " + strings.ReplaceAll(text, "\n", "\n  ") }

// Arguments shows what the tool works with, defaults included.
func (x *explanation) Arguments(arguments any) { x.stage("arguments", pretty(arguments)) }

// Value shows what the body and result came to.
func (x *explanation) Value(value any) { x.stage("value", pretty(value)) }

// Step shows what becomes of a step. What it sends and gets stands between its
// beginning and its end.
func (x *explanation) Step(label string, stage engine.StepStage, value any) {
	switch stage {
	case engine.StepBegan:
		fmt.Fprintf(x.out, "step %s\n", label)
	case engine.StepSaid:
		x.stage("step "+label+" says", fmt.Sprint(value))
	case engine.StepEnded:
		x.stage("value of step "+label, shortened(pretty(value)))
	case engine.StepFailed:
		x.stage("failure of step "+label, fmt.Sprint(value))
	case engine.StepSkipped:
		x.stage("step "+label, "left out: its condition does not hold")
	case engine.StepWithheld:
		x.stage("step "+label, "not sent; what follows would need its answer, and was not run")
	}
}

// shortened cuts the value of a step after a screen's worth of lines.
func shortened(text string) string {
	const most = 20
	lines := strings.SplitN(text, "\n", most+1)
	if len(lines) <= most {
		return text
	}
	return strings.Join(lines[:most], "\n") + "\n…"
}

// Request shows what is sent.
func (x *explanation) Request(method, url string, header http.Header, body string) {
	text := method + " " + url + "\n" + headerLines(header)
	if body != "" {
		text += "\n" + body
	}
	x.stage("request", text)
}

// Retry shows that the request is sent once more.
func (x *explanation) Retry(try int, wait time.Duration, status int) {
	reason := "no answer"
	if status != 0 {
		reason = fmt.Sprintf("status %d", status)
	}
	x.stage("retry", fmt.Sprintf("try %d after %s, since there was %s", try, wait.Round(time.Millisecond), reason))
}

// Waited shows that other calls came first.
func (x *explanation) Waited(wait time.Duration, because string) {
	x.stage("wait", fmt.Sprintf("%s, since %s", wait.Round(time.Millisecond), because))
}

// Reused shows that nothing was sent.
func (x *explanation) Reused(age time.Duration, because string) {
	text := fmt.Sprintf("nothing is sent: the answer of %s ago is used", age.Round(time.Millisecond))
	if because != "" {
		text = fmt.Sprintf("the answer of %s ago is used, since %s", age.Round(time.Second), because)
	}
	x.stage("cache", text)
}

// Response shows what came back.
func (x *explanation) Response(status int, header http.Header, bytes int, took time.Duration) {
	x.stage("response", fmt.Sprintf("%d %s, %d bytes in %s\n%s",
		status, http.StatusText(status), bytes, took.Round(time.Millisecond), headerLines(header)))
}

func headerLines(header http.Header) string {
	var lines strings.Builder
	for _, name := range slices.Sorted(maps.Keys(header)) {
		for _, value := range header[name] {
			fmt.Fprintf(&lines, "%s: %s\n", name, value)
		}
	}
	return lines.String()
}

// pretty shows a value as indented JSON.
func pretty(value any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(value); err != nil {
		return fmt.Sprint(value)
	}
	return b.String()
}
