package engine

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/toolsd/toolsd/schema"
)

// A TestRun is what the tests in sources came to.
type TestRun struct {
	Tests    []TestResult // by file and line
	Untested []string     // tools without a test, sorted
	// Diagnostics are those of the sources: what has an error was not tested.
	Diagnostics []schema.Diagnostic
}

// A TestResult is what one test came to.
type TestResult struct {
	Tool     string
	Name     string // "test 2" for the second one where its author gave none
	Place    schema.Place
	Failures []TestFailure // none: it passed
}

// Passed reports whether nothing failed.
func (r *TestResult) Passed() bool { return len(r.Failures) == 0 }

// A TestFailure is one expectation that was not met.
type TestFailure struct {
	Place   schema.Place // of the expectation
	Message string       // lower case, one line
	// Differences between what was expected and what came, if that is why.
	Differences []Difference
	// Notes help to find the reason, such as the request that was sent.
	Notes []string
}

// A Difference between two values. Want and Got are JSON, or words in
// parentheses such as "(nothing)".
type Difference struct {
	Where     string // such as "query.limit" or a JSON pointer; "" is the whole
	Want, Got string
}

// Test runs the tests of the tools in the sources, without network, without
// the environment, and at a fixed time. selected, if not nil, says which tests
// are run. The error is that of a context that ended. Env, Verify, Client,
// Logger and Identities of the options count for nothing.
func Test(ctx context.Context, sources []schema.Source, o Options, selected func(tool, test string) bool) (*TestRun, error) {
	o.Env, o.AllowMissingEnv, o.Verify = nil, true, false
	o.Client, o.Logger, o.Identities = nil, nil, nil
	c := compile(sources, &compilation{}, &New(o).options)
	names := slices.Sorted(maps.Keys(c.tools))
	stage := c.rehearsal(o.Bounds.WithDefaults())
	results := make([][]TestResult, len(names))
	untested := make([]bool, len(names))
	parallel(len(names), func(i int) {
		u := c.tools[names[i]].unit
		def := u.definition()
		untested[i] = len(def.Tool.Tests) == 0
		results[i] = stage.tests(ctx, u, def, selected)
	})
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	run := &TestRun{Diagnostics: c.diagnostics, Tests: slices.Concat(results...)}
	for i, name := range names {
		if untested[i] {
			run.Untested = append(run.Untested, name)
		}
	}
	slices.SortStableFunc(run.Tests, func(a, b TestResult) int {
		return cmp.Or(cmp.Compare(a.Place.File, b.Place.File), cmp.Compare(a.Place.Line, b.Place.Line), cmp.Compare(a.Place.Column, b.Place.Column))
	})
	return run, nil
}

// testName returns the name of a tool's test, counted from zero.
func testName(t *schema.Test, index int) string {
	return cmp.Or(t.Name, fmt.Sprintf("test %d", index+1))
}

// diagnostic is a failed test as a fault of its definition.
func (r *TestResult) diagnostic() schema.Diagnostic {
	first := r.Failures[0]
	message := fmt.Sprintf("the test %q fails: %s", r.Name, first.Message)
	if len(first.Differences) > 0 {
		d := first.Differences[0]
		message += fmt.Sprintf(" at %s: expected %s, got %s", cmp.Or(d.Where, "(the whole)"), d.Want, d.Got)
	}
	return testFailed.At(r.Place, message, "toolsd test shows all that differs")
}
