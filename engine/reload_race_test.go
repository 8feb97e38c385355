package engine_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/toolsd/toolsd/engine"
)

// Two tools of one file always change together. A caller that sees the same
// answer of the first before and after it asked the second must have seen the
// second of the same generation, and a list is of one generation.
func TestPublicationsAreNeverMixed(t *testing.T) {
	e := newEngine(nil)
	generation := func(n int) files {
		text := fmt.Sprintf("generation %d", n)
		return files{"pair.yaml": answers("first", text) + "---\n" + answers("second", text)}
	}
	publish(t, e, generation(0))

	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				before, second, after := ask(t, e, "first"), ask(t, e, "second"), ask(t, e, "first")
				if before == after && second != before {
					t.Errorf("first answers %q before and after, second %q", before, second)
				}
				list := e.Catalog().Tools()
				if len(list) != 2 || list[0].Place().File != list[1].Place().File {
					t.Errorf("the list has %d tools", len(list))
				}
			}
		})
	}
	for n := range 500 {
		e.Publish(generation(n + 1).sources())
	}
	close(done)
	readers.Wait()
}

func ask(t *testing.T, e *engine.Engine, name string) string {
	r, err := e.Call(context.Background(), name, nil)
	if err != nil {
		t.Errorf("calling %s: %v", name, err)
		return ""
	}
	if r.IsError {
		t.Errorf("calling %s: %s", name, r.Content[0].Text)
	}
	return r.Content[0].Text
}

// A tool that calls two others, which always change together, sees both of one
// generation, whatever is published while it runs.
func TestACallWithStepsIsOfOneGeneration(t *testing.T) {
	e := newEngine(nil)
	generation := func(n int) files {
		text := fmt.Sprintf("generation %d", n)
		return files{"pair.yaml": answers("first", text) + "---\n" + answers("second", text), "both.yaml": stepping("both", `  - {id: a, tool: first}
  - {id: b, tool: second}
result: '${steps.a == steps.b ? "same" : "mixed: " + steps.a + ", " + steps.b}'
`)}
	}
	publish(t, e, generation(0))
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				if got := ask(t, e, "both"); got != "same" {
					t.Error(got)
				}
			}
		})
	}
	for n := range 300 {
		e.Publish(generation(n + 1).sources())
	}
	close(done)
	readers.Wait()
}
