package main

import (
	"fmt"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/engine/reference"
	"github.com/toolsd/toolsd/schema"
)

// explainCode prints what a code means.
func explainCode(w *world, code string) error {
	e, ok := reference.Explain(code)
	if ok {
		return e.WriteText(w.stdout, schema.TextOptions{Color: isTerminal(w.stdout)})
	}
	var names []string
	for _, c := range engine.Codes() {
		names = append(names, c.Name)
	}
	if near, ok := schema.Nearest(code, names); ok {
		return usageError{fmt.Errorf("there is no code %q; did you mean %s?", code, near)}
	}
	return usageError{fmt.Errorf("there is no code %q; codes stand in brackets behind what check finds", code)}
}
