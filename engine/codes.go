package engine

import (
	"cmp"
	"slices"

	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/engine/httpcall"
	"github.com/toolsd/toolsd/engine/jsonschema"
	"github.com/toolsd/toolsd/schema"
)

var (
	tooManyDefinitions = schema.Code{
		Name: "too-many-definitions", Severity: schema.Error,
		Meaning: "There are more definitions than the bound allows.",
	}
	duplicateName = schema.Code{
		Name: "duplicate-name", Severity: schema.Error,
		Meaning: "Several definitions of one kind, or several steps of a tool, have the same name.",
	}
	unusedValue = schema.Code{
		Name: "unused-value", Severity: schema.Warning,
		Meaning: "A tool computes a value with expr and then replaces it with result.",
	}
	unusedInput = schema.Code{
		Name: "unused-input", Severity: schema.Warning,
		Meaning: "A tool asks for an input that nothing in it uses.",
	}
	unknownTool = schema.Code{
		Name: "unknown-tool", Severity: schema.Error,
		Meaning: "A step calls a tool that is nowhere defined.",
	}
	toolCycle = schema.Code{
		Name: "tool-cycle", Severity: schema.Error,
		Meaning: "Tools call each other in a circle.",
	}
	internalFault = schema.Code{
		Name: "internal-fault", Severity: schema.Error,
		Meaning: "This program failed while it checked or built a definition.",
	}
)

// The diagnostics of tests.
var (
	testFailed = schema.Code{
		Name: "test-failed", Severity: schema.Error,
		Meaning: "A test of a tool fails, and only tools whose tests pass are to be served.",
	}
	badTime = schema.Code{
		Name: "bad-time", Severity: schema.Error,
		Meaning: "A value is not a time as RFC 3339 writes it.",
	}
	badBase64 = schema.Code{
		Name: "bad-base64", Severity: schema.Error,
		Meaning: "A value is not base64.",
	}
	duplicateTest = schema.Code{
		Name: "duplicate-test", Severity: schema.Warning,
		Meaning: "Two tests of a tool have the same name.",
	}
	slotInTest = schema.Code{
		Name: "slot-in-test", Severity: schema.Warning,
		Meaning: "A test holds a slot, which means nothing there: what a test sends and expects is compared as it stands.",
	}
)

// codes are the kinds of diagnostic that this package itself reports.
var codes = []schema.Code{
	tooManyDefinitions, duplicateName, unusedValue, unusedInput, unknownTool, toolCycle, internalFault,
	testFailed, badTime, badBase64, duplicateTest, slotInTest,
}

// Codes returns every kind of diagnostic there is, sorted by name.
func Codes() []schema.Code {
	all := slices.Concat(schema.Codes, jsonschema.Codes, expression.Codes, httpcall.Codes, codes, lintCodes)
	slices.SortFunc(all, func(a, b schema.Code) int { return cmp.Compare(a.Name, b.Name) })
	return all
}
