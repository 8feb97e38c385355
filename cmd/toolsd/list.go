package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/schema"
)

func listCommand(w *world) *cobra.Command {
	var tools toolsFlags
	var asJSON, cost bool
	var tag, caller string
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the tools",
		Long: `List shows the tools that would be served, with their arguments, optional ones
in brackets. With --caller it shows only those that this caller would see. With
--cost it shows about how many tokens of a model's context each takes up in
tools/list, the costliest first.`,
		Example: `  toolsd list
  toolsd list --tag weather
  toolsd list --caller '{"roles": ["clerk"]}'
  toolsd list --json
  toolsd list --cost`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, err := withCaller(cmd.Context(), caller)
			if err != nil {
				return usageError{err}
			}
			catalog, err := tools.compile(w)
			if err != nil {
				return err
			}
			listed := catalog.Tools()
			if caller != "" {
				listed = catalog.Visible(ctx)
			}
			listed = slices.DeleteFunc(slices.Clone(listed), func(t *engine.Tool) bool {
				return tag != "" && !slices.Contains(t.Tags(), tag)
			})
			switch {
			case cost && asJSON:
				return costJSON(w.stdout, listed)
			case cost:
				return costText(w.stdout, listed)
			case asJSON:
				return listJSON(w.stdout, listed)
			}
			return listText(w.stdout, listed)
		},
	}
	tools.add(cmd, w)
	cmd.Flags().StringVar(&tag, "tag", "", "list only the tools under this `tag`")
	cmd.Flags().StringVar(&caller, "caller", "", "list only what this caller would see, as `JSON`: id, name, roles, scopes, claims")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print what clients are told, as JSON")
	cmd.Flags().BoolVar(&cost, "cost", false, "show what each tool costs in tokens")
	return cmd
}

// compile reads and checks the tools for a command that uses them, and shows
// what is wrong with those that are left out.
func (f *toolsFlags) compile(w *world) (*engine.Catalog, error) {
	env, err := readEnvironment(w, ".")
	if err != nil {
		return nil, err
	}
	sources, err := f.read()
	if err != nil {
		return nil, err
	}
	catalog, found := engine.Check(sources, f.options(env, nil))
	return catalog, reportErrors(w, found)
}

// reportErrors shows the errors among diagnostics on standard error.
func reportErrors(w *world, found []schema.Diagnostic) error {
	errors := slices.DeleteFunc(slices.Clone(found), func(d schema.Diagnostic) bool { return d.Severity != schema.Error })
	return schema.WriteText(w.stderr, errors, schema.TextOptions{Color: isTerminal(w.stderr)})
}

func listText(out io.Writer, tools []*engine.Tool) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, t := range tools {
		fmt.Fprintf(table, "%s\t%s\t%s\n", t.Name(), signature(t), firstSentence(t.Advertised().Description))
	}
	return table.Flush()
}

// firstSentence shortens a description to what a table has room for.
func firstSentence(text string) string {
	const most = 80
	text, _, _ = strings.Cut(strings.Join(strings.Fields(text), " "), ". ")
	text = strings.TrimSuffix(text, ".")
	if short := []rune(text); len(short) > most {
		text = string(short[:most])
		if i := strings.LastIndexByte(text, ' '); i > 0 {
			text = text[:i]
		}
		text += " …"
	}
	return text
}

// signature lists a tool's arguments, those first that a call must give.
func signature(t *engine.Tool) string {
	var input struct {
		Properties map[string]json.RawMessage
		Required   []string
	}
	if err := json.Unmarshal(t.Advertised().InputSchema, &input); err != nil {
		return ""
	}
	words := slices.Sorted(slices.Values(input.Required))
	for _, name := range slices.Sorted(maps.Keys(input.Properties)) {
		if !slices.Contains(input.Required, name) {
			words = append(words, "["+name+"]")
		}
	}
	return strings.Join(words, " ")
}

func listJSON(out io.Writer, tools []*engine.Tool) error {
	type listed struct {
		Name         string          `json:"name"`
		Title        string          `json:"title,omitempty"`
		Description  string          `json:"description"`
		InputSchema  json.RawMessage `json:"inputSchema"`
		OutputSchema json.RawMessage `json:"outputSchema,omitempty"`
	}
	all := []listed{}
	for _, t := range tools {
		a := t.Advertised()
		all = append(all, listed{a.Name, a.Title, a.Description, a.InputSchema, a.OutputSchema})
	}
	return writeJSON(out, all)
}

// writeJSON prints a value for people and programs alike.
func writeJSON(out io.Writer, value any) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(value)
}
