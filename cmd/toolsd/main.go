// Command toolsd serves MCP tools that are written as YAML.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/toolsd/toolsd/engine/functions"
	"github.com/toolsd/toolsd/schema"
)

// Exit codes.
const (
	exitFine     = 0
	exitFindings = 1 // an error in a definition, a tool error, a server that failed
	exitUsage    = 2
)

// A world is what a command sees of the process that it runs in.
type world struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) (string, bool)
}

// errFindings ends a command that has already said what it found.
var errFindings = errors.New("findings")

// A usageError is a mistake in the command line.
type usageError struct{ error }

// An adviceError is a mistake in the command line, and what to write instead.
type adviceError struct {
	usageError
	hint string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal does not wait for what the first one lets finish
	w := &world{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, getenv: os.LookupEnv}
	host, _ := functions.Detect(environment{getenv: w.getenv}.get) // serve says what is wrong with it
	adoptStandardLog(newLogger(host, w.stdout, w.stderr))
	os.Exit(run(ctx, w, os.Args[1:]))
}

// run carries one command line out and returns its exit code.
func run(ctx context.Context, w *world, args []string) int {
	root := rootCommand(w)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	var usage usageError
	var advice adviceError
	switch {
	case err == nil:
		return exitFine
	case errors.Is(err, errFindings):
		return exitFindings
	case errors.As(err, &advice):
		fmt.Fprintf(w.stderr, "toolsd: %v\nhint: %s\n", err, advice.hint)
		return exitUsage
	case errors.As(err, &usage):
		fmt.Fprintf(w.stderr, "toolsd: %v\nhint: toolsd help shows the commands and their flags\n", err)
		return exitUsage
	default:
		fmt.Fprintf(w.stderr, "toolsd: %v\n", err)
		return exitFindings
	}
}

func rootCommand(w *world) *cobra.Command {
	root := &cobra.Command{
		Use:   "toolsd",
		Short: "Serve MCP tools that are written as YAML",
		Long: `toolsd serves MCP tools that are written as YAML files: a file in tools.d is a
tool that a model can call, checked before it is served, and live a moment
after it is saved.`,
		Example:       "  toolsd serve\n  toolsd check\n  toolsd call convert_units value=10 from=km to=mi",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noArguments,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetIn(w.stdin)
	root.SetOut(w.stdout)
	root.SetErr(w.stderr)
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetUsageTemplate(usage)
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(serveCommand(w), checkCommand(w), testCommand(w), listCommand(w), callCommand(w), initCommand(w), schemaCommand(w), versionCommand(w))
	return root
}

// noArguments refuses words after the command.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if cmd.HasParent() {
		return usageError{fmt.Errorf("%s takes no argument %q", cmd.Name(), args[0])}
	}
	err := usageError{fmt.Errorf("there is no command %q", args[0])}
	var names []string
	for _, c := range cmd.Commands() {
		names = append(names, c.Name())
	}
	if near, ok := schema.Nearest(args[0], names); ok {
		return adviceError{err, "did you mean toolsd " + near + "?"}
	}
	return err
}

// longFlag is a flag as the help shows it.
var longFlag = regexp.MustCompile(`(?m)^ .*?--([a-z-]+)`)

// flagError says which flag was most likely meant, or where the flags of a
// command are shown.
func flagError(cmd *cobra.Command, err error) error {
	hint := cmd.CommandPath() + " --help shows its flags"
	if name, ok := strings.CutPrefix(err.Error(), "unknown flag: --"); ok {
		var names []string
		for _, m := range longFlag.FindAllStringSubmatch(cmd.Flags().FlagUsages(), -1) {
			names = append(names, m[1])
		}
		if near, ok := schema.Nearest(name, names); ok {
			hint = "did you mean --" + near + "?"
		}
	}
	return adviceError{usageError{err}, hint}
}
