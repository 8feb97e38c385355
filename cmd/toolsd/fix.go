package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/schema"
)

// mend writes what can be mended into the files and then checks all of them.
// A file that cannot be written is told of and stays; it ends the command with
// errFindings, as an error that is left does.
func (c *checker) mend(sources []schema.Source) error {
	env, err := readEnvironment(c.world, ".")
	if err != nil {
		return err
	}
	mending := engine.Fix(sources, c.options(env))
	written := slices.Clone(sources)
	failed := false
	for _, f := range mending.Files {
		if err := c.tools.rewrite(f.Source, sources); err != nil {
			fmt.Fprintf(c.world.stderr, "toolsd: %v\n", err)
			failed = true
			continue
		}
		fmt.Fprintln(c.world.stderr, fixedLine(f))
		i := slices.IndexFunc(written, func(s schema.Source) bool { return s.Name == f.Source.Name })
		written[i] = f.Source
	}
	if err := c.check(written); err != nil {
		return err
	}
	if failed {
		return errFindings
	}
	return nil
}

// fixedLine says what was mended in a file.
func fixedLine(f engine.MendedFile) string {
	var codes []string
	for _, d := range f.Fixed {
		if !slices.Contains(codes, d.Code) {
			codes = append(codes, d.Code)
		}
	}
	return fmt.Sprintf("fixed %d in %s: %s", len(f.Fixed), f.Source.Name, strings.Join(codes, ", "))
}

// offer says how much of what was found --fix would mend; nothing when it has
// been.
func (c *checker) offer(sources []schema.Source, found []schema.Diagnostic, o engine.Options) string {
	if c.fix || !slices.ContainsFunc(found, func(d schema.Diagnostic) bool { return d.Fix != nil }) {
		return ""
	}
	gone := engine.Fix(sources, o).Gone
	if gone == 0 {
		return ""
	}
	return fmt.Sprintf("; %d of the faults can be fixed: toolsd check --fix", gone)
}
