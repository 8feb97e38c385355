package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/engine/httpcall"
	"github.com/toolsd/toolsd/engine/jsonschema"
	"github.com/toolsd/toolsd/schema"
)

func callCommand(w *world) *cobra.Command {
	var (
		tools                 toolsFlags
		jsonArguments, caller string
		explain, dryRun       bool
	)
	cmd := &cobra.Command{
		Use:   "call NAME [key=value …]",
		Short: "Run one tool",
		Long: `Call runs one tool as a client would and prints its result. Values are read by
the tool's input schema: text as it stands, everything else as JSON; a key that
is given more than once makes a list.

It exits with 1 when the result is a tool error.`,
		Example: `  toolsd call convert_units value=10 from=km to=mi
  toolsd call get_forecast --json '{"latitude": 52.52, "longitude": 13.41}' --explain`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError{errors.New("call needs the name of a tool; toolsd list shows them")}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			env, err := readEnvironment(w, ".")
			if err != nil {
				return err
			}
			client := newClient(env, httpcall.ClientOptions{})
			defer client.Close()
			sources, err := tools.read()
			if err != nil {
				return err
			}
			options := tools.options(env, client)
			level := slog.LevelError
			if explain {
				level = slog.LevelWarn // why an upstream could not be reached is no model's business, but a person's
			}
			options.Logger = slog.New(slog.NewTextHandler(w.stderr, &slog.HandlerOptions{Level: level}))
			e := engine.New(options)
			found := e.Publish(sources).Diagnostics
			t := e.Catalog().Tool(args[0])
			if t == nil {
				return noSuchTool(w, e.Catalog(), args[0], found)
			}
			arguments, err := readArguments(t, args[1:], jsonArguments)
			if err != nil {
				return usageError{err}
			}
			ctx := cmd.Context()
			if ctx, err = withCaller(ctx, caller); err != nil {
				return usageError{err}
			}
			if explain || dryRun {
				x := &explanation{out: w.stderr, mask: e.Catalog().Mask}
				ctx = engine.WithObserver(httpcall.WithObserver(ctx, x), x)
			}
			if dryRun {
				ctx = httpcall.DryRun(ctx)
			}
			result, err := e.Call(ctx, args[0], arguments)
			switch {
			case errors.Is(err, httpcall.ErrDryRun):
				return nil
			case errors.Is(err, engine.ErrUnknownTool):
				return fmt.Errorf("the caller may not use %s; --caller sets scopes, roles and claims", args[0])
			case err != nil:
				return err
			}
			if err := printResult(w.stdout, result); err != nil {
				return err
			}
			if result.IsError {
				return errFindings
			}
			return nil
		},
	}
	tools.add(cmd, w)
	tools.bounds.addCalls(cmd)
	cmd.Flags().StringVar(&jsonArguments, "json", "", "the arguments as one JSON `object`, instead of key=value")
	cmd.Flags().StringVar(&caller, "caller", "", "who calls, as `JSON`: id, name, roles, scopes, claims, token")
	cmd.Flags().BoolVar(&explain, "explain", false, "show the arguments, each step, the request, the answer and the value on standard error, secrets masked")
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "show the first request and send nothing")
	return cmd
}

// noSuchTool says why there is no tool of a name: its definition has a fault,
// or another name was meant.
func noSuchTool(w *world, c *engine.Catalog, name string, found []schema.Diagnostic) error {
	var names []string
	for _, t := range c.Tools() {
		names = append(names, t.Name())
	}
	if schema.HasErrors(found) {
		if err := reportErrors(w, found); err != nil {
			return err
		}
		return fmt.Errorf("there is no tool %q; definitions with errors are left out", name)
	}
	if near, ok := schema.Nearest(name, names); ok {
		return fmt.Errorf("there is no tool %q; did you mean %s?", name, near)
	}
	if len(names) == 0 {
		return fmt.Errorf("there is no tool %q, nor any other; --tools or TOOLSD_TOOLS names their directory", name)
	}
	return fmt.Errorf("there is no tool %q; toolsd list shows those there are", name)
}

// readArguments makes the arguments of a call out of the command line.
func readArguments(t *engine.Tool, pairs []string, text string) (json.RawMessage, error) {
	if text != "" {
		if len(pairs) > 0 {
			return nil, errors.New("the arguments are given twice: as --json and as key=value")
		}
		return json.RawMessage(text), nil
	}
	members := t.InputType().Members
	values := map[string]any{}
	for _, pair := range pairs {
		key, text, ok := strings.Cut(pair, "=")
		if !ok {
			return nil, fmt.Errorf("%q is not key=value", pair)
		}
		kind := members[key].Type
		value := argument(kind, text)
		before, again := values[key]
		switch list, isList := before.([]any); {
		case again && isList:
			values[key] = append(list, value)
		case again:
			values[key] = []any{before, value}
		case kind != nil && kind.Kind == jsonschema.ListKind && !isJSONList(value):
			values[key] = []any{value}
		default:
			values[key] = value
		}
	}
	return json.Marshal(values)
}

// argument reads one value: text where the schema wants text, else JSON where
// it is JSON.
func argument(t *jsonschema.Type, text string) any {
	if t != nil && t.Kind == jsonschema.ListKind && !strings.HasPrefix(strings.TrimSpace(text), "[") {
		t = t.Elem // one of several elements
	}
	if t != nil && t.Kind == jsonschema.StringKind || !json.Valid([]byte(text)) {
		return text
	}
	return json.RawMessage(text)
}

func isJSONList(value any) bool {
	raw, ok := value.(json.RawMessage)
	return ok && bytes.HasPrefix(bytes.TrimSpace(raw), []byte("["))
}

// withCaller puts the caller of --caller into the context; without it the
// caller is local.
func withCaller(ctx context.Context, text string) (context.Context, error) {
	if text == "" {
		return engine.WithCaller(ctx, engine.Local), nil
	}
	caller := engine.Local
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&caller); err != nil {
		return nil, fmt.Errorf("--caller: %w", err)
	}
	return engine.WithCaller(ctx, caller), nil
}

// printResult prints what a tool gave: structured results indented, text as it
// is, binary content as its bytes when it stands alone.
func printResult(out io.Writer, r *engine.Result) error {
	blocks := slices.Clone(r.Content)
	if r.Structured != nil {
		var indented bytes.Buffer
		if err := json.Indent(&indented, r.Structured, "", "  "); err != nil {
			return err
		}
		blocks[0].Text = indented.String()
	}
	for _, b := range blocks {
		if b.Type == engine.Text {
			fmt.Fprintln(out, b.Text)
			continue
		}
		if isTerminal(out) {
			fmt.Fprintf(out, "(%d bytes of %s; send the output to a file to keep them)\n", len(b.Data), b.MIMEType)
		} else if _, err := out.Write(b.Data); err != nil {
			return err
		}
	}
	return nil
}
