package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/schema"
)

func checkCommand(w *world) *cobra.Command {
	var tools toolsFlags
	var format string
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Check the tools and show every fault at its place",
		Long: `Check reads, checks and builds every definition, as serve does, and shows every
fault of every file at its line and column. Nothing is called and nothing served.

It exits with 1 when there is an error; warnings alone exit with 0.`,
		Example: "  toolsd check\n  toolsd check --tools examples/github --allow-missing-env\n  toolsd check --format github",
		Args:    noArguments,
		RunE: func(*cobra.Command, []string) error {
			write, ok := formats[format]
			if !ok {
				return usageError{fmt.Errorf("there is no format %q; formats are text, json, github", format)}
			}
			env, err := readEnvironment(w, ".")
			if err != nil {
				return err
			}
			sources, err := tools.read()
			if err != nil {
				return err
			}
			catalog, found := engine.Check(sources, tools.options(env, nil))
			if err := write(w, found); err != nil {
				return err
			}
			if format == "text" {
				fmt.Fprintln(w.stderr, summary(len(catalog.Tools()), len(sources), found))
			}
			if schema.HasErrors(found) {
				return errFindings
			}
			return nil
		},
	}
	tools.add(cmd, w)
	cmd.Flags().StringVar(&format, "format", "text", "of the diagnostics: text, json or github")
	cmd.Flags().BoolVar(&tools.allowMissingEnv, "allow-missing-env", false, "accept variables that are not set, for machines without the secrets")
	return cmd
}

// formats write diagnostics to standard output.
var formats = map[string]func(*world, []schema.Diagnostic) error{
	"text": func(w *world, found []schema.Diagnostic) error {
		return schema.WriteText(w.stdout, found, schema.TextOptions{Color: isTerminal(w.stdout)})
	},
	"json":   func(w *world, found []schema.Diagnostic) error { return schema.WriteJSON(w.stdout, found) },
	"github": func(w *world, found []schema.Diagnostic) error { return schema.WriteGitHub(w.stdout, found) },
}

// summary says in one line what a check came to.
func summary(tools, files int, found []schema.Diagnostic) string {
	var errors, warnings int
	for _, d := range found {
		if d.Severity == schema.Error {
			errors++
		} else {
			warnings++
		}
	}
	return fmt.Sprintf("%s in %s: %s, %s", plural(tools, "tool"), plural(files, "file"), plural(errors, "error"), plural(warnings, "warning"))
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
