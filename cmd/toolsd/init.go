package main

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/toolsd/toolsd/schema"
)

// starter is the app that init makes. Names that begin with dot- begin with a
// dot there.
//
//go:embed starter
var starter embed.FS

func initCommand(w *world) *cobra.Command {
	return &cobra.Command{
		Use:   "init DIR",
		Short: "Make a new app folder that runs",
		Long: `Init makes a folder with two tools and their tests, the settings of Azure
Functions, those of VS Code with the editor's schema, and a workflow that checks
the tools. Where one of these files is there already, it writes nothing at all.`,
		Example: "  toolsd init my-tools",
		Args: func(_ *cobra.Command, args []string) error {
			switch len(args) {
			case 0:
				return usageError{errors.New("init needs the folder to make")}
			case 1:
				return nil
			}
			return usageError{fmt.Errorf("init makes one folder, and %s are given: %s", plural(len(args), "name"), strings.Join(args, ", "))}
		},
		RunE: func(_ *cobra.Command, args []string) error { return initApp(w, args[0]) },
	}
}

// initApp writes the files of a new app into a folder, and says what to do
// next. When one of them is there already it writes none.
func initApp(w *world, dir string) error {
	files, err := starterFiles()
	if err != nil {
		return err
	}
	var there []string
	for _, f := range files {
		if _, err := os.Lstat(filepath.Join(dir, filepath.FromSlash(f.name))); err == nil {
			there = append(there, f.name)
		}
	}
	if len(there) > 0 {
		return fmt.Errorf("%s has %s already; nothing was written", dir, strings.Join(there, ", "))
	}
	for _, f := range files {
		if err := writeNew(filepath.Join(dir, filepath.FromSlash(f.name)), f.text); err != nil {
			return fmt.Errorf("writing %s: %w", f.name, err)
		}
		fmt.Fprintf(w.stdout, "  %s\n", f.name)
	}
	next := "toolsd serve"
	if filepath.Clean(dir) != "." {
		next = "cd " + dir + " && " + next
	}
	_, err = fmt.Fprintf(w.stdout, "\n%s is ready. Try it:\n\n  %s\n", dir, next)
	return err
}

// A starterFile is one of a new app; its name has slashes.
type starterFile struct {
	name string
	text []byte
}

// starterFiles returns the files of a new app, sorted by name.
func starterFiles() ([]starterFile, error) {
	files := []starterFile{{".vscode/toolsd.schema.json", schema.EditorSchema()}}
	err := fs.WalkDir(starter, "starter", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := starter.ReadFile(name)
		name = strings.TrimPrefix(name, "starter")
		files = append(files, starterFile{path.Clean(strings.ReplaceAll(name, "/dot-", "/."))[1:], text})
		return err
	})
	slices.SortFunc(files, func(a, b starterFile) int { return strings.Compare(a.name, b.name) })
	return files, err
}

// writeNew writes a file that is not there yet, and the folders above it.
func writeNew(name string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Close())
}
