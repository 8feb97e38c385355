package httpcall

import "github.com/toolsd/toolsd/schema"

var (
	badBaseURL = schema.Code{Name: "bad-base-url", Severity: schema.Error,
		Meaning: "A baseUrl is an http or https URL without query, fragment, user or password."}
	badURL = schema.Code{Name: "bad-url", Severity: schema.Error,
		Meaning: "The url of a call begins with scheme and host, in which only env may stand, and stays on the origin of its upstream."}
	badPath = schema.Code{Name: "bad-path", Severity: schema.Error,
		Meaning: "A path begins with a slash, holds no query or fragment, and has no . or .. as a step."}
	unknownUpstream = schema.Code{Name: "unknown-upstream", Severity: schema.Error,
		Meaning: "A call names an upstream that no file defines."}
	badHeader = schema.Code{Name: "bad-header", Severity: schema.Error,
		Meaning: "The name of a header is a token, each header is written once, and its value is text or a list."}
	forbiddenHeader = schema.Code{Name: "forbidden-header", Severity: schema.Error,
		Meaning: "A header that the connection itself needs, or that auth sets, cannot be written."}
	duplicateCredential = schema.Code{Name: "duplicate-credential", Severity: schema.Error,
		Meaning: "What auth sends is written again under headers or query."}
	badAuthName = schema.Code{Name: "bad-auth-name", Severity: schema.Error,
		Meaning: "The name under auth is the literal name of a header or of a query parameter."}
	unexpectedBody = schema.Code{Name: "unexpected-body", Severity: schema.Error,
		Meaning: "A GET or HEAD call has no body."}
	unquotedSlot = schema.Code{Name: "unquoted-slot", Severity: schema.Error,
		Meaning: "In text of a language of its own, each slot is a call of json, xml or odata."}
	badPaginate = schema.Code{Name: "bad-paginate", Severity: schema.Error,
		Meaning: "Under paginate, next is link, one slot or a mapping with a slot, and the items of a page are a list."}
	unsafePaginate = schema.Code{Name: "unsafe-paginate", Severity: schema.Error,
		Meaning: "Further pages are fetched only of calls that change nothing: GET, or of a tool that says readOnlyHint."}
	badPart = schema.Code{Name: "bad-part", Severity: schema.Error,
		Meaning: "A part of a multipart body is a value, or a mapping with data or base64, and perhaps filename and contentType."}
	unusedSeparator = schema.Code{Name: "unused-separator", Severity: schema.Error,
		Meaning: "A separator stands beside another way to read the answer than as: csv."}
	badTokenRequest = schema.Code{Name: "bad-token-request", Severity: schema.Error,
		Meaning: "A tokenUrl is an https URL, and what a token request has places of its own for does not stand under parameters."}
	identityNotAllowed = schema.Code{Name: "identity-not-allowed", Severity: schema.Error,
		Meaning: "A token of the managed identity goes only to hosts that belong to its resource, or that the operator allows."}
	badCertificate = schema.Code{Name: "bad-certificate", Severity: schema.Error,
		Meaning: "A certificate, its key or the authorities under mtls cannot be read, do not belong together, or are out of date."}
	uselessRetry = schema.Code{Name: "useless-retry", Severity: schema.Error,
		Meaning: "A call that may not be repeated says how often it is to be tried."}
	uselessCache = schema.Code{Name: "useless-cache", Severity: schema.Error,
		Meaning: "Answers are to be kept of a call that changes something, or for no time."}
)

// Codes are the kinds of diagnostics that this package reports.
var Codes = []schema.Code{
	badBaseURL, badURL, badPath, unknownUpstream, badHeader, forbiddenHeader,
	duplicateCredential, badAuthName, unexpectedBody, unquotedSlot, uselessRetry, uselessCache,
	badTokenRequest, identityNotAllowed, badCertificate,
	badPaginate, unsafePaginate, badPart, unusedSeparator,
}
