package expression

import "github.com/toolsd/toolsd/schema"

// The kinds of diagnostic about expressions and templates.
var (
	BadSlot           = schema.Code{Name: "bad-slot", Meaning: "A slot has no closing brace, nothing between its braces, or a value where XML takes none."}
	SlotExpected      = schema.Code{Name: "slot-expected", Severity: schema.Warning, Meaning: "A text reads like an expression but has no slot, so it is sent as these words."}
	DoubledDollar     = schema.Code{Name: "doubled-dollar", Severity: schema.Warning, Meaning: "A doubled dollar sign turns what looks like a slot into plain text."}
	Syntax            = schema.Code{Name: "bad-expression", Meaning: "An expression cannot be read."}
	TooLarge          = schema.Code{Name: "expression-too-large", Meaning: "An expression is longer, deeper or has more parts than is allowed."}
	UnknownName       = schema.Code{Name: "unknown-name", Meaning: "An expression uses a name that is not available in its place."}
	UnknownProperty   = schema.Code{Name: "unknown-property", Meaning: "An expression uses a property that the schema does not declare."}
	UnknownFunction   = schema.Code{Name: "unknown-function", Meaning: "An expression calls a function that does not exist."}
	BadCall           = schema.Code{Name: "bad-call", Meaning: "A function is called with too few, too many or unsuitable arguments."}
	WrongType         = schema.Code{Name: "type-mismatch", Meaning: "An operator or property is used on a kind of value that does not have it."}
	TextSliced        = schema.Code{Name: "text-sliced", Meaning: "A text is cut by bytes, which can cut a character in half."}
	StepOrder         = schema.Code{Name: "step-order", Meaning: "A step uses itself, or a step below it."}
	ReservedName      = schema.Code{Name: "reserved-name", Meaning: "A let declares a name that is already taken."}
	EnvMisuse         = schema.Code{Name: "env-misuse", Meaning: "The environment is used other than as env.NAME."}
	EnvNotExposed     = schema.Code{Name: "env-not-exposed", Meaning: "An environment variable stands in a place where only exposed ones may."}
	EnvMissing        = schema.Code{Name: "env-missing", Meaning: "An environment variable is missing or empty and has no default."}
	MayBeAbsent       = schema.Code{Name: "may-be-absent", Meaning: "A value that may be absent or null is used as if it were always there."}
	NotInEnum         = schema.Code{Name: "not-in-enum", Meaning: "A value is compared with one that it can never be."}
	ConstantCondition = schema.Code{Name: "constant-condition", Severity: schema.Warning, Meaning: "A condition is always true, or always false."}
	OutputMismatch    = schema.Code{Name: "output-mismatch", Meaning: "A result is of another type than outputSchema says."}
	InputMismatch     = schema.Code{Name: "input-mismatch", Meaning: "A step calls a tool with arguments that its inputSchema does not allow."}
	ValueInQuotes     = schema.Code{Name: "value-in-quotes", Meaning: "A value in a request touches a literal quote, so that it could end the quotation."}
)

// Codes are the codes that this package reports.
var Codes = []schema.Code{
	BadSlot, SlotExpected, DoubledDollar, Syntax, TooLarge,
	UnknownName, UnknownProperty, UnknownFunction, BadCall, WrongType, TextSliced, ReservedName, StepOrder,
	EnvMisuse, EnvNotExposed, EnvMissing, ValueInQuotes,
	MayBeAbsent, NotInEnum, ConstantCondition, OutputMismatch, InputMismatch,
}
