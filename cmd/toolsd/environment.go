package main

import (
	"io"
	"log/slog"

	"github.com/toolsd/toolsd/engine/functions"
)

// readEnvironment returns the environment of the process with the values of
// local.settings.json behind it, as under `func start`. Under the host, whose
// environment has them already, the file is left alone.
func readEnvironment(w *world, root string) (environment, error) {
	env := environment{getenv: w.getenv}
	if host, err := functions.Detect(env.get); err == nil && host.Started {
		return env, nil
	}
	settings, err := functions.ReadLocalSettings(root)
	if err != nil {
		return env, err
	}
	env.local = settings.Values
	return env, nil
}

// newLogger writes logs as the reader expects them: for a person at a
// terminal, as lines of key=value; under the host, where its own log takes
// them in, as JSON, errors to one stream and the rest to the other.
func newLogger(host functions.Host, stdout, stderr io.Writer) *slog.Logger {
	if !host.Started {
		return slog.New(slog.NewTextHandler(stderr, nil))
	}
	return slog.New(byLevel{
		below: slog.NewJSONHandler(stdout, nil),
		above: slog.NewJSONHandler(stderr, nil),
	})
}
