package schema

// The diagnostics of reading: of files, of YAML, and of keys and values that
// the field table does not know.
var (
	codeUnreadable       = Code{"unreadable-file", Error, "A file is there but cannot be read."}
	codeFileTooLarge     = Code{"file-too-large", Error, "A file is larger than what is read."}
	codeTooManyDocuments = Code{"too-many-documents", Error, "A file holds more documents than are read."}
	codeSeparatorText    = Code{"separator-text", Error, "A line that divides documents holds text besides ---."}

	codeBadUTF8       = Code{"bad-utf8", Error, "The text is not UTF-8."}
	codeControl       = Code{"control-character", Error, "The text holds a character that nobody can see."}
	codeDirective     = Code{"yaml-directive", Error, "A line that begins with % is a directive of YAML."}
	codeDocumentEnd   = Code{"document-end", Error, "A line that is ... ends a document of YAML."}
	codeTooManyFaults = Code{"too-many-faults", Error, "A document has more faults than are listed."}
	codeTooDeep       = Code{"too-deep", Error, "Lists and mappings are nested too deeply."}

	codeSyntax        = Code{"yaml-syntax", Error, "A line is not YAML."}
	codeIndent        = Code{"bad-indent", Error, "A line is not indented like its neighbours."}
	codeTab           = Code{"tab-indent", Error, "A line is indented with a tab."}
	codePlainColon    = Code{"plain-colon", Error, "A value without quotes holds a colon and a space."}
	codeAfterQuote    = Code{"text-after-quote", Error, "A value begins with a quote and goes on after the closing one."}
	codeUnclosedQuote = Code{"unclosed-quote", Error, "A quote is not closed."}
	codeUnclosedFlow  = Code{"unclosed-bracket", Error, "A list or mapping in brackets is not well formed."}
	codeBadEscape     = Code{"bad-escape", Error, "A backslash in double quotes is followed by something that YAML does not know."}
	codeReservedStart = Code{"reserved-start", Error, "A value without quotes begins with a character that YAML reserves."}
	codeSlotInFlow    = Code{"slot-in-flow", Error, "A slot stands without quotes between the brackets of a list or mapping."}
	codeTag           = Code{"yaml-tag", Error, "A value begins with !, which is a tag in YAML."}
	codeAnchor        = Code{"yaml-anchor", Error, "A value begins with &, which is an anchor in YAML."}
	codeAlias         = Code{"yaml-alias", Error, "A value begins with *, which is an alias in YAML."}
	codeMergeKey      = Code{"merge-key", Error, "A key is <<, which merges mappings in some versions of YAML."}
	codeDuplicateKey  = Code{"duplicate-key", Error, "A mapping has the same key twice."}
	codeNonStringKey  = Code{"non-string-key", Error, "A key is not text."}
	codeNumberForm    = Code{"number-form", Error, "A number is written in a form that programs read differently."}
	codeCommentCut    = Code{"comment-cut", Error, "A comment cuts a value short."}
	codeMissingValue  = Code{"missing-value", Error, "A key inside { } has no value."}
	codeUnknownKey    = Code{"unknown-key", Error, "A key is not part of the language."}
	codeNotServedYet  = Code{"not-served-yet", Error, "A key is part of the language, but this version does not serve it yet."}
	codeMissingField  = Code{"missing-field", Error, "A key that is needed is missing."}
	codeConflict      = Code{"conflict", Error, "Two keys exclude each other."}
	codeNeedsField    = Code{"needs-field", Error, "A key means nothing without another one."}
	codeNoKind        = Code{"no-kind", Error, "A document does not say what it defines."}
	codeTwoKinds      = Code{"two-kinds", Error, "A document defines two things."}
	codeKindFirst     = Code{"kind-first", Warning, "The key that says what a document defines is not its first."}
	codeWrongType     = Code{"wrong-type", Error, "A value is not of the type that its key takes."}
	codeUnknownWord   = Code{"unknown-word", Error, "A value is not one of the words that its key takes."}
	codeBadName       = Code{"bad-name", Error, "A name has characters or a length that it must not have."}
	codeBadDuration   = Code{"bad-duration", Error, "A value is not a duration."}
	codeBadSize       = Code{"bad-size", Error, "A value is not a size."}
	codeBadStatus     = Code{"bad-status", Error, "A value is not a status or a range of them."}
	codeOutOfRange    = Code{"out-of-range", Error, "A number is too small or too large."}
	codeEmpty         = Code{"empty-value", Error, "A value that must say something is empty."}
	codeSlotInFixed   = Code{"slot-in-fixed", Error, "A slot stands where a value is fixed when the file is loaded."}
	codeSlotInExpr    = Code{"slot-in-expression", Error, "A slot stands in a field that is an expression already."}
	codeSlotInKey     = Code{"slot-in-key", Error, "A slot stands in a key."}
	codeExprNotText   = Code{"expression-not-text", Error, "YAML reads an expression as a list or mapping."}
	codeJSONAsText    = Code{"json-as-text", Warning, "A text that looks like JSON is sent as a string of JSON."}
)

// Codes are the codes of the diagnostics that this package makes.
var Codes = []Code{
	codeUnreadable, codeFileTooLarge, codeTooManyDocuments, codeSeparatorText,
	codeBadUTF8, codeControl, codeDirective, codeDocumentEnd, codeTooDeep, codeTooManyFaults,
	codeSyntax, codeIndent, codeTab, codePlainColon, codeAfterQuote, codeUnclosedQuote, codeUnclosedFlow,
	codeBadEscape, codeReservedStart, codeSlotInFlow, codeTag, codeAnchor, codeAlias,
	codeMergeKey, codeDuplicateKey, codeNonStringKey, codeNumberForm, codeCommentCut, codeMissingValue,
	codeUnknownKey, codeNotServedYet, codeMissingField, codeConflict, codeNeedsField,
	codeNoKind, codeTwoKinds, codeKindFirst,
	codeWrongType, codeUnknownWord, codeBadName, codeBadDuration, codeBadSize, codeBadStatus, codeOutOfRange, codeEmpty,
	codeSlotInFixed, codeSlotInExpr, codeSlotInKey, codeExprNotText, codeJSONAsText,
}
