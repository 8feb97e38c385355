package main

import (
	"github.com/spf13/cobra"

	"github.com/toolsd/toolsd/schema"
)

func schemaCommand(w *world) *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema for editors",
		Long: `Schema prints the JSON Schema of definitions, by which editors complete keys,
explain them and underline faults as you type. An editor with the YAML language
server takes it from a settings file, or from a comment at the top of a file:

  # yaml-language-server: $schema=toolsd.schema.json`,
		Example: "  toolsd schema > toolsd.schema.json",
		Args:    noArguments,
		RunE: func(*cobra.Command, []string) error {
			_, err := w.stdout.Write(schema.EditorSchema())
			return err
		},
	}
}
