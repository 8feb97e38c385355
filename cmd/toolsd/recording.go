package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/engine/httpcall"
	"github.com/toolsd/toolsd/schema"
)

// recordTests calls the tools of the wanted tests for real and writes what was
// exchanged into their files.
func recordTests(ctx context.Context, w *world, tools *toolsFlags, wanted *regexp.Regexp) error {
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
	recording, err := engine.Record(ctx, sources, tools.options(env, client), func(tool, test string) bool {
		return wanted.MatchString(tool + "/" + test)
	})
	if errors.Is(err, context.Canceled) {
		return errors.New("interrupted; nothing was written")
	}
	if err != nil {
		return err
	}
	if err := reportErrors(w, recording.Diagnostics); err != nil {
		return err
	}
	for _, src := range recording.Sources {
		if err := tools.rewrite(src, sources); err != nil {
			return err
		}
	}
	recorded := 0
	for i := range recording.Tests {
		t := &recording.Tests[i]
		if t.Passed() {
			recorded++
			continue
		}
		fmt.Fprintf(w.stderr, "%s: %s: %s\n%s", point(t.Place), t.Tool, t.Name, failureText(t))
	}
	fmt.Fprintf(w.stderr, "recorded %s in %s\n", plural(recorded, "test"), plural(len(recording.Sources), "file"))
	switch {
	case recorded < len(recording.Tests):
		return fmt.Errorf("%s of those chosen could not be recorded", plural(len(recording.Tests)-recorded, "test"))
	case recorded == 0 && schema.HasErrors(recording.Diagnostics):
		return errFindings
	case recorded == 0:
		return errors.New("--run chooses no test of a tool that makes requests: it is looked for in TOOL/TEST")
	}
	return nil
}
