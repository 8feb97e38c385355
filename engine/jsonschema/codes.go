package jsonschema

import "github.com/toolsd/toolsd/schema"

var (
	BadKeyword = schema.Code{Name: "bad-schema", Severity: schema.Error,
		Meaning: "A keyword of a JSON Schema has a value it cannot have."}
	UnknownType = schema.Code{Name: "unknown-type", Severity: schema.Error,
		Meaning: "`type` names something that is none of JSON Schema's seven types."}
	NotObject = schema.Code{Name: "schema-not-object", Severity: schema.Error,
		Meaning: "The schema of a tool's input or output does not say `type: object` at its top."}
	BadDialect = schema.Code{Name: "unsupported-dialect", Severity: schema.Error,
		Meaning: "`$schema` names a version of JSON Schema other than 2020-12."}
	Unsupported = schema.Code{Name: "unsupported-keyword", Severity: schema.Error,
		Meaning: "A keyword of an older version of JSON Schema, or one that has no meaning in a schema that stands alone."}
	BadRef = schema.Code{Name: "bad-ref", Severity: schema.Error,
		Meaning: "A reference inside the schema leads to no subschema."}
	RemoteRef = schema.Code{Name: "remote-ref", Severity: schema.Error,
		Meaning: "A reference leads out of the schema; nothing is loaded from elsewhere."}
	EndlessRef = schema.Code{Name: "endless-ref", Severity: schema.Error,
		Meaning: "A schema refers to itself for the same value, so that checking it would never end."}
	BadPattern = schema.Code{Name: "bad-pattern", Severity: schema.Error,
		Meaning: "A regular expression is faulty, or needs a construct that RE2 does not have."}
	BadDefault = schema.Code{Name: "bad-default", Severity: schema.Error,
		Meaning: "A `default` does not fit the schema it stands in."}
	BadEnum = schema.Code{Name: "enum-type", Severity: schema.Error,
		Meaning: "A value of `enum` or `const` is not of the type the schema asks for."}
	BadParamHeader = schema.Code{Name: "bad-param-header", Severity: schema.Error,
		Meaning: "An `x-mcp-header` stands where MCP does not allow it, or is no header name of its own."}
	TooLarge = schema.Code{Name: "schema-too-large", Severity: schema.Error,
		Meaning: "A schema is longer than the limit, or holds a number that is."}
	TooDeep = schema.Code{Name: "schema-too-deep", Severity: schema.Error,
		Meaning: "Subschemas or values are nested deeper than the limit."}
	TooManyBranches = schema.Code{Name: "too-many-branches", Severity: schema.Error,
		Meaning: "Combinators nest so that one value would be checked too many times."}
	UnknownKeyword = schema.Code{Name: "unknown-keyword", Severity: schema.Warning,
		Meaning: "A key is nearly, but not quite, a keyword of JSON Schema; it has no effect."}
	UndeclaredRequired = schema.Code{Name: "undeclared-required", Severity: schema.Warning,
		Meaning: "`required` names a property that `properties` does not declare."}
	DuplicateEnum = schema.Code{Name: "duplicate-enum", Severity: schema.Warning,
		Meaning: "`enum` lists a value twice."}
	UnknownFormat = schema.Code{Name: "unknown-format", Severity: schema.Warning,
		Meaning: "`format` names a format that is not checked."}
)

// Codes are the diagnostics that Check reports.
var Codes = []schema.Code{
	BadKeyword, UnknownType, NotObject, BadDialect, Unsupported, BadRef, RemoteRef, EndlessRef,
	BadPattern, BadDefault, BadEnum, BadParamHeader, TooLarge, TooDeep, TooManyBranches,
	UnknownKeyword, UndeclaredRequired, DuplicateEnum, UnknownFormat,
}
