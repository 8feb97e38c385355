package engine

import "github.com/toolsd/toolsd/schema"

// What lint finds.
var (
	shortDescription = schema.Code{
		Name: "short-description", Severity: schema.Warning,
		Meaning: "The description of a tool says too little to choose it by.",
	}
	longDescription = schema.Code{
		Name: "long-description", Severity: schema.Warning,
		Meaning: "The description of a tool has more than 1,000 characters.",
	}
	undescribedParameter = schema.Code{
		Name: "undescribed-parameter", Severity: schema.Warning,
		Meaning: "A tool asks for an argument without saying what it is for.",
	}
	openSchema = schema.Code{
		Name: "open-schema", Severity: schema.Warning,
		Meaning: "An inputSchema does not say whether other properties may be sent.",
	}
	largeSchema = schema.Code{
		Name: "large-schema", Severity: schema.Warning,
		Meaning: "A schema that clients are told of has more than 8 KiB.",
	}
	writeReadOnly = schema.Code{
		Name: "write-read-only", Severity: schema.Warning,
		Meaning: "A tool says that it only reads, and sends a request that writes.",
	}
	writeUnmarked = schema.Code{
		Name: "write-unmarked", Severity: schema.Warning,
		Meaning: "A tool sends a request that writes, and does not say what that does.",
	}
	secretInClear = schema.Code{
		Name: "secret-in-clear", Severity: schema.Warning,
		Meaning: "A credential stands in the file itself.",
	}
	caseTwins = schema.Code{
		Name: "case-twins", Severity: schema.Warning,
		Meaning: "Two names differ only by upper and lower case.",
	}
	costlyTool = schema.Code{
		Name: "costly-tool", Severity: schema.Warning,
		Meaning: "A tool takes up more than about 1,000 tokens in tools/list.",
	}
	costlyList = schema.Code{
		Name: "costly-list", Severity: schema.Warning,
		Meaning: "All of tools/list takes up more than about 10,000 tokens.",
	}
)

// What is wrong with comments that silence warnings.
var (
	badIgnore = schema.Code{
		Name: "bad-ignore", Severity: schema.Warning,
		Meaning: "A comment that is to silence a warning does not name one that can be silenced, or gives no reason.",
	}
	unusedIgnore = schema.Code{
		Name: "unused-ignore", Severity: schema.Warning,
		Meaning: "A comment is to silence a warning that is not there.",
	}
)

// lintCodes are the kinds of diagnostic that lint reports, and those about
// silencing them.
var lintCodes = []schema.Code{
	shortDescription, longDescription, undescribedParameter, openSchema, largeSchema,
	writeReadOnly, writeUnmarked, secretInClear, caseTwins, costlyTool, costlyList,
	badIgnore, unusedIgnore,
}

// NeedsLint reports whether a code is reported only where Options.Lint asks
// for it.
func NeedsLint(code string) bool {
	for _, c := range lintCodes {
		if c.Name == code {
			return code != badIgnore.Name
		}
	}
	return false
}
