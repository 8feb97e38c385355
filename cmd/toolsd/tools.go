package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/engine/httpcall"
	"github.com/toolsd/toolsd/engine/secretfile"
	"github.com/toolsd/toolsd/engine/toolsdir"
	"github.com/toolsd/toolsd/schema"
)

// toolsFlags are the flags of every command that reads tools.
type toolsFlags struct {
	dir             string
	allowMissingEnv bool
	verify          bool
	bounds          boundsFlags
}

func (f *toolsFlags) add(cmd *cobra.Command, w *world) {
	fallback := "tools.d"
	if dir, ok := w.getenv("TOOLSD_TOOLS"); ok && dir != "" {
		fallback = dir
	}
	cmd.Flags().StringVar(&f.dir, "tools", fallback, "`directory` of the tools (or TOOLSD_TOOLS)")
	f.bounds.add(cmd)
}

// name is how the files of the directory are called in diagnostics.
func (f *toolsFlags) name() string { return filepath.ToSlash(filepath.Clean(f.dir)) }

// read reads the directory once.
func (f *toolsFlags) read() ([]schema.Source, error) {
	if info, err := os.Stat(f.dir); err != nil {
		return nil, fmt.Errorf("there is no directory %s; --tools or TOOLSD_TOOLS names the one to read", f.dir)
	} else if !info.IsDir() {
		return nil, fmt.Errorf("%s is not a directory; --tools or TOOLSD_TOOLS names the one to read", f.dir)
	}
	sources, err := toolsdir.Read(f.dir, f.name(), f.bounds.engine().Source)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", f.dir, err)
	}
	return sources, nil
}

// options are those of an engine for these tools.
func (f *toolsFlags) options(env environment, client *httpcall.Client) engine.Options {
	return engine.Options{
		Bounds:          f.bounds.engine(),
		Env:             engine.Fence(env.lookup, env.list("TOOLSD_ENV_ALLOW")),
		AllowMissingEnv: f.allowMissingEnv,
		Verify:          f.verify,
		Client:          client,
		Identities:      &env.identities,
	}
}

// An environment looks variables up, those of the process before those of
// local.settings.json, and both before those that stand in files.
type environment struct {
	getenv func(string) (string, bool)
	local  map[string]string
	files  *secretfile.Files // nil is none

	identities httpcall.IdentityFence
}

func (e environment) lookup(name string) (string, bool) {
	if v, ok := e.getenv(name); ok {
		return v, true
	}
	if v, ok := e.local[name]; ok || e.files == nil {
		return v, ok
	}
	return e.files.Lookup(name)
}

// get returns the value of a variable, or "".
func (e environment) get(name string) string {
	v, _ := e.lookup(name)
	return v
}

// isSet reports whether somebody gives a variable a value, be it by a file that
// cannot be read.
func (e environment) isSet(name string) bool {
	_, ok := e.lookup(name)
	return ok || e.get(name+"_FILE") != ""
}

// list returns the comma-separated words of a variable; nil when it is not
// set. A file that cannot be read lists nothing.
func (e environment) list(name string) []string {
	if !e.isSet(name) {
		return nil
	}
	text := e.get(name)
	words := []string{}
	for word := range strings.SplitSeq(text, ",") {
		if word = strings.TrimSpace(word); word != "" {
			words = append(words, word)
		}
	}
	return words
}
