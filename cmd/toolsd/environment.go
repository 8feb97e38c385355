package main

import (
	"fmt"
	"io"
	"log/slog"

	"github.com/toolsd/toolsd/engine/functions"
	"github.com/toolsd/toolsd/engine/httpcall"
	"github.com/toolsd/toolsd/engine/secretfile"
)

// readEnvironment returns the environment of the process with the values of
// local.settings.json behind it, as under `func start`, and files of secrets
// behind these. Under the host, whose environment has them already,
// local.settings.json is left alone. With an error the environment is usable,
// and what could not be read keeps its doors shut.
func readEnvironment(w *world, root string) (environment, error) {
	env := environment{getenv: w.getenv}
	host, err := functions.Detect(env.get)
	if err != nil || !host.Started {
		settings, err := functions.ReadLocalSettings(root)
		if err != nil {
			return env, err
		}
		env.local = settings.Values
	}
	env.files = secretfile.New(env.lookup, secretfile.Options{
		Dir: env.get("TOOLSD_SECRETS"), Log: newLogger(host, w.stdout, w.stderr),
	})
	if name := "TOOLSD_IDENTITY_ALLOW"; env.isSet(name) {
		if env.identities, err = httpcall.ParseIdentityFence(env.get(name)); err != nil {
			return env, fmt.Errorf("TOOLSD_IDENTITY_ALLOW: %w", err)
		}
	}
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
