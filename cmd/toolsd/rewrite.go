package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/toolsd/toolsd/schema"
)

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
			return fmt.Errorf("%s was changed in the meantime; nothing was written to it", next.Name)
		}
	}
	if err := replaceFile(path, next.Bytes); err != nil {
		return fmt.Errorf("writing %s: %w", next.Name, err)
	}
	return nil
}

// replaceFile puts a file with the same permissions in the place of another,
// which must not be read-only.
func replaceFile(path string, data []byte) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.Mode().Perm()&0o222 == 0 {
		return errors.New("the file is read-only")
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
