package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/schema"
)

func testCommand(w *world) *cobra.Command {
	var tools toolsFlags
	var pattern, format string
	var record, watch bool
	cmd := &cobra.Command{
		Use:   "test",
		Short: "Run the tests that stand in the files",
		Long: `Test runs the tests of every tool: it calls the tool with the input of the test,
answers its requests with the exchanges of the test, and holds the result against
what is expected. Nothing is sent, variables have made-up values, and the time
stands still, so that a test comes to the same everywhere.

With --record the tests that --run chooses are called for real once, with the
real environment, and their exchanges in the files are replaced by what was sent
and answered, secrets masked. Everything else in the files stays as it is.

It exits with 1 when a test fails or a definition has an error.

With --watch it runs the tests anew on each change of a file, on a cleared screen
where a person looks at one, and exits with 0 when it is ended.`,
		Example: "  toolsd test\n  toolsd test --run convert_units\n  toolsd test --run 'list_issues/no such' --tools examples/github\n  toolsd test --run convert_units --watch\n  toolsd test --run 'list_issues/one' --record --tools examples/github\n  toolsd test --format junit > tests.xml",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			write, ok := testFormats[format]
			if !ok {
				return usageError{fmt.Errorf("there is no format %q; formats are text, json, junit", format)}
			}
			wanted, err := regexp.Compile(pattern)
			if err != nil {
				return usageError{fmt.Errorf("--run: %w", err)}
			}
			if record {
				switch {
				case watch:
					return usageError{errors.New("--record calls real services once; it does not go with --watch")}
				case pattern == "":
					return usageError{errors.New("--record calls real services; --run says for which tests")}
				}
				if err := recordTests(cmd.Context(), w, &tools, wanted); err != nil {
					return err
				}
			}
			t := tester{world: w, bounds: tools.bounds.engine(), wanted: wanted, write: write}
			if watch {
				return tools.watch(cmd.Context(), w, t.test, nil)
			}
			sources, err := tools.read()
			if err != nil {
				return err
			}
			return t.test(cmd.Context(), sources)
		},
	}
	tools.add(cmd, w)
	tools.bounds.addCalls(cmd)
	cmd.Flags().StringVar(&pattern, "run", "", "only tests whose TOOL/TEST matches this regular `expression`")
	cmd.Flags().BoolVar(&record, "record", false, "call the real services for these tests, and write what was exchanged into the files")
	cmd.Flags().StringVar(&format, "format", "text", "of the outcome: text, json or junit")
	cmd.Flags().BoolVar(&watch, "watch", false, "run the tests again whenever a file changes, until Ctrl-C")
	return cmd
}

// A tester runs tests and shows what they come to.
type tester struct {
	world  *world
	bounds engine.Bounds
	wanted *regexp.Regexp // over TOOL/TEST
	write  func(*world, *engine.TestRun) error
}

// test runs the wanted tests in sources once. It returns errFindings when one
// of them fails, when a definition has an error, and when there are none.
func (t *tester) test(ctx context.Context, sources []schema.Source) error {
	run, err := engine.Test(ctx, sources, engine.Options{Bounds: t.bounds}, func(tool, test string) bool {
		return t.wanted.MatchString(tool + "/" + test)
	})
	if errors.Is(err, context.Canceled) {
		return errors.New("interrupted")
	}
	if err != nil {
		return err
	}
	if err := reportErrors(t.world, run.Diagnostics); err != nil {
		return err
	}
	if err := t.write(t.world, run); err != nil {
		return err
	}
	switch {
	case schema.HasErrors(run.Diagnostics) || failed(run) > 0:
		return errFindings
	case len(run.Tests) == 0 && t.wanted.String() != "":
		fmt.Fprintf(t.world.stderr, "toolsd: no test matches %q, which is looked for in TOOL/TEST\n", t.wanted)
		return errFindings
	}
	return nil
}

func failed(run *engine.TestRun) int {
	count := 0
	for i := range run.Tests {
		if !run.Tests[i].Passed() {
			count++
		}
	}
	return count
}

// testFormats write the outcome of tests to standard output; the one for
// people puts its summary on standard error.
var testFormats = map[string]func(*world, *engine.TestRun) error{
	"text":  writeTestText,
	"json":  writeTestJSON,
	"junit": writeTestJUnit,
}

// writeTestText shows what failed, and a summary.
func writeTestText(w *world, run *engine.TestRun) error {
	for i := range run.Tests {
		t := &run.Tests[i]
		if t.Passed() {
			continue
		}
		if _, err := fmt.Fprintf(w.stdout, "%s: %s: %s\n%s", point(t.Place), t.Tool, t.Name, failureText(t)); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(w.stderr, testSummary(run))
	return err
}

// failureText shows why a test failed, each failure at its place.
func failureText(t *engine.TestResult) string {
	var b strings.Builder
	for _, f := range t.Failures {
		fmt.Fprintf(&b, "  %s", f.Message)
		if len(f.Differences) > 0 {
			b.WriteString(" (- expected, + got)")
		}
		b.WriteByte('\n')
		if f.Place.Line > 0 && f.Place != t.Place {
			fmt.Fprintf(&b, "    at %s\n", point(f.Place))
		}
		for _, d := range f.Differences {
			if d.Where != "" {
				fmt.Fprintf(&b, "    %s\n", d.Where)
			}
			fmt.Fprintf(&b, "      - %s\n      + %s\n", d.Want, d.Got)
		}
		for _, note := range f.Notes {
			fmt.Fprintf(&b, "    %s\n", note)
		}
	}
	return b.String()
}

// point writes a place as editors jump to it.
func point(p schema.Place) string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column) }

func testSummary(run *engine.TestRun) string {
	tools := map[string]bool{}
	for i := range run.Tests {
		tools[run.Tests[i].Tool] = true
	}
	wrong := failed(run)
	line := fmt.Sprintf("%s of %s: %d passed, %d failed", plural(len(run.Tests), "test"), plural(len(tools), "tool"), len(run.Tests)-wrong, wrong)
	if n := len(run.Untested); n > 0 {
		line += fmt.Sprintf("; without a test: %s", strings.Join(run.Untested[:min(n, 10)], ", "))
		if n > 10 {
			line += fmt.Sprintf(" and %d more", n-10)
		}
	}
	return line
}
