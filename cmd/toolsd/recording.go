package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

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

// rewrite replaces the file of a source, unless it has changed since the
// sources were read. A reader sees the old file or the new one.
func (f *toolsFlags) rewrite(next schema.Source, read []schema.Source) error {
	name, _ := strings.CutPrefix(next.Name, f.name()+"/")
	path, err := filepath.EvalSymlinks(filepath.Join(f.dir, filepath.FromSlash(name)))
	if err != nil {
		return fmt.Errorf("writing %s: %w", next.Name, err)
	}
	now, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("writing %s: %w", next.Name, err)
	}
	for _, src := range read {
		if src.Name == next.Name && !bytes.Equal(src.Bytes, now) {
			return fmt.Errorf("%s was changed while its tests were recorded; nothing was written to it", next.Name)
		}
	}
	if err := replaceFile(path, next.Bytes); err != nil {
		return fmt.Errorf("writing %s: %w", next.Name, err)
	}
	return nil
}

// replaceFile puts a file with the same permissions in the place of another.
func replaceFile(path string, data []byte) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), ".toolsd-*")
	if err != nil {
		return err
	}
	_, err = temporary.Write(data)
	err = errors.Join(err, temporary.Chmod(info.Mode().Perm()), temporary.Close())
	if err == nil {
		err = os.Rename(temporary.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temporary.Name()))
	}
	return nil
}
