package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/engine/secretfile"
	"github.com/toolsd/toolsd/schema"
)

func checkCommand(w *world) *cobra.Command {
	var tools toolsFlags
	var format, code string
	var watch, strict, fix bool
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Check the tools and show every fault at its place",
		Long: `Check reads, checks and builds every definition, as serve does, and shows every
fault of every file at its line and column. Nothing is called and nothing served.

It exits with 1 when there is an error; warnings alone exit with 0, unless
--strict makes errors of them. The word in brackets behind each fault is its
code; --explain tells more about it. Where you mean what a warning is about, a
comment on its line, or directly above, silences it by its code and a reason:

  # lint:ignore CODE reason in words

With --fix it first mends what can only have been meant in one way: values that
need quotes, tabs, yes and no for true and false, === and the like. All else in
the files stays as it is, and what is left is shown. Names are never guessed.

With --watch it shows everything anew on each change, also of secrets in files,
on a cleared screen where a person looks at one, and exits with 0 when it is
ended.`,
		Example: `  toolsd check
  toolsd check --tools examples/github --allow-missing-env
  toolsd check --strict
  toolsd check --fix
  toolsd check --watch
  toolsd check --format github
  toolsd check --explain unknown-property`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Flags().Changed("explain") {
				return explainCode(w, code)
			}
			write, ok := formats[format]
			if !ok {
				return usageError{fmt.Errorf("there is no format %q; formats are text, json, github, sarif", format)}
			}
			c := checker{world: w, tools: &tools, write: write, quiet: format != "text", strict: strict, fix: fix}
			switch {
			case fix && watch:
				return usageError{errors.New("--fix and --watch exclude each other")}
			case fix && c.quiet:
				return usageError{errors.New("--fix shows what it did as text; leave --format out")}
			case watch:
				return tools.watch(cmd.Context(), w, func(_ context.Context, sources []schema.Source) error { return c.check(sources) }, c.stale)
			}
			sources, err := tools.read()
			if err != nil {
				return err
			}
			if fix {
				return c.mend(sources)
			}
			return c.check(sources)
		},
	}
	tools.add(cmd, w)
	cmd.Flags().StringVar(&format, "format", "text", "of the diagnostics: text, json, github or sarif")
	cmd.Flags().StringVar(&code, "explain", "", "print what a `code` means, with an example, and check nothing")
	cmd.Flags().BoolVar(&tools.allowMissingEnv, "allow-missing-env", false, "accept variables that are not set, for machines without the secrets")
	cmd.Flags().BoolVar(&strict, "strict", false, "take warnings for errors")
	cmd.Flags().BoolVar(&fix, "fix", false, "mend what can only have been meant in one way, then check")
	cmd.Flags().BoolVar(&watch, "watch", false, "check again whenever a file changes, until Ctrl-C")
	return cmd
}

// A checker checks sources and shows what it finds.
type checker struct {
	world *world
	tools *toolsFlags
	write func(*world, []schema.Diagnostic) error
	quiet bool // no summary: what is written is for a program
	// strict makes errors of warnings.
	strict bool
	fix    bool // what can be mended has been

	secrets *secretfile.Files // of the last check
}

// check checks sources once. It returns errFindings when there is an error
// among the diagnostics.
func (c *checker) check(sources []schema.Source) error {
	env, err := readEnvironment(c.world, ".")
	if err != nil {
		return err
	}
	c.secrets = env.files
	options := c.options(env)
	catalog, found := engine.Check(sources, options)
	if c.strict {
		for i := range found {
			found[i].Severity = schema.Error
		}
	}
	if err := c.write(c.world, found); err != nil {
		return err
	}
	if !c.quiet {
		fmt.Fprintln(c.world.stderr, summary(catalog, len(sources), found)+c.offer(sources, found, options))
	}
	if schema.HasErrors(found) {
		return errFindings
	}
	return nil
}

// stale reports whether a file of secrets holds something else than at the
// last check.
func (c *checker) stale() bool { return c.secrets != nil && c.secrets.Refresh() }

func (c *checker) options(env environment) engine.Options {
	o := c.tools.options(env, nil)
	o.Lint = true
	return o
}

// formats write diagnostics to standard output.
var formats = map[string]func(*world, []schema.Diagnostic) error{
	"text": func(w *world, found []schema.Diagnostic) error {
		return schema.WriteText(w.stdout, found, schema.TextOptions{Color: isTerminal(w.stdout)})
	},
	"json":   func(w *world, found []schema.Diagnostic) error { return schema.WriteJSON(w.stdout, found) },
	"github": func(w *world, found []schema.Diagnostic) error { return schema.WriteGitHub(w.stdout, found) },
	"sarif": func(w *world, found []schema.Diagnostic) error {
		return schema.WriteSARIF(w.stdout, found, schema.SARIFTool{Version: version(), Rules: engine.Codes()})
	},
}

// summary says in one line what a check came to.
func summary(catalog *engine.Catalog, files int, found []schema.Diagnostic) string {
	var errors, warnings int
	for _, d := range found {
		if d.Severity == schema.Error {
			errors++
		} else {
			warnings++
		}
	}
	tools := len(catalog.Tools())
	text := fmt.Sprintf("%s in %s: %s, %s", plural(tools, "tool"), plural(files, "file"), plural(errors, "error"), plural(warnings, "warning"))
	if tools > 0 {
		text += fmt.Sprintf("; tools/list costs about %v tokens", catalog.Tokens())
	}
	return text
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// isTerminal reports whether a person may be looking at what is written.
func isTerminal(out io.Writer) bool {
	f, ok := out.(*os.File)
	if !ok || os.Getenv("NO_COLOR") != "" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
