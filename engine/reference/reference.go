// Package reference holds what there is to say about the language to those
// who write it: each diagnostic explained with an example, and the pages that
// are made of the field table, the functions and the codes.
package reference

import (
	"embed"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/engine/httpcall"
	"github.com/toolsd/toolsd/schema"
)

// codes holds an archive for each code: why it matters, before.yaml, which
// gives it, and after.yaml, which does not. Where no short file can show it,
// the text stands alone.
//
//go:embed codes/*.txtar
var codes embed.FS

// An Explanation says what a code means and how to mend what it finds.
type Explanation struct {
	Code schema.Code
	// Why says why it matters; empty where that is plain.
	Why string
	// Before gives the code, After is the same without it; both are empty
	// where no short file can show it.
	Before, After string
	// Shown is what the check says of Before.
	Shown []schema.Diagnostic
	// Mended says that Before can be mended without its author.
	Mended bool
}

// exampleFile is the name of the file in examples.
const exampleFile = "tools.d/example.yaml"

// Explain returns what there is to say about a code; false when there is no
// such code.
func Explain(name string) (Explanation, bool) {
	for _, c := range engine.Codes() {
		if c.Name == name {
			return explain(c), true
		}
	}
	return Explanation{}, false
}

func explain(c schema.Code) Explanation {
	e := Explanation{Code: c}
	text, err := codes.ReadFile("codes/" + c.Name + ".txtar")
	if err != nil {
		return e
	}
	archive := txtar.Parse(text)
	e.Why = strings.Join(strings.Fields(string(archive.Comment)), " ")
	for _, f := range archive.Files {
		switch f.Name {
		case "before.yaml":
			e.Before = string(f.Data)
		case "after.yaml":
			e.After = string(f.Data)
		}
	}
	if e.Before != "" {
		options := world(engine.NeedsLint(c.Name))
		e.Shown = check(e.Before, options)
		for _, f := range engine.Fix(example(e.Before), options).Files {
			e.Mended = slices.ContainsFunc(f.Fixed, func(d schema.Diagnostic) bool { return d.Code == c.Name })
		}
	}
	return e
}

// world is one where TOKEN is the only variable.
func world(lint bool) engine.Options {
	return engine.Options{
		Lint: lint,
		Env: func(name string) (string, bool) {
			if name != "TOKEN" {
				return "", false
			}
			return "a token", true
		},
		Identities: &httpcall.IdentityFence{},
	}
}

func example(text string) []schema.Source {
	return []schema.Source{{Name: exampleFile, Bytes: []byte(text)}}
}

// check checks an example.
func check(text string, o engine.Options) []schema.Diagnostic {
	_, found := engine.Check(example(text), o)
	return found
}
