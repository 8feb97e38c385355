package schema

var testObject = Object{
	Name: "a test",
	Fields: []Field{
		{Name: "name", Kind: Data, Type: proseType, Since: "0.1", Meaning: "What the test shows."},
		{Name: "input", Kind: Data, Type: mappingType, Since: "0.1", Meaning: "The arguments of the call; none when left out."},
		{Name: "http", Kind: Data, Type: listOf(object(&exchangeObject)), Since: "0.1", Meaning: "The requests that the call must make, in this order, and their answers."},
		{Name: "caller", Kind: Data, Type: object(&callerObject), Since: "0.1", Meaning: "Who calls; without it the caller of the command line, local, signed in with a token."},
		{Name: "env", Kind: Data, Type: Type{Form: MappingForm, Of: &textType}, Since: "0.1", Meaning: "Environment variables; one that is not given is test-NAME, one that is empty is missing."},
		{Name: "now", Kind: Data, Type: proseType, Default: "2026-01-01T00:00:00Z", Since: "0.1", Meaning: "The time at which the test runs, as RFC 3339 writes it."},
		{Name: "expect", Kind: Data, Type: object(&expectObject), Since: "0.1", Meaning: "What the result must be; without it, anything but an error."},
		{Name: "answers", Kind: Data, Since: "0.2", Instead: "leave it out: no tool asks its caller yet", Meaning: "The answers to questions."},
	},
}

var exchangeObject = Object{
	Name: "an exchange",
	Fields: []Field{
		{Name: "request", Kind: Data, Type: object(&expectedRequestObject), Required: true, Since: "0.1", Meaning: "The request that is expected; what is not named may be anything."},
		{Name: "response", Kind: Data, Type: object(&givenResponseObject), Required: true, Since: "0.1", Meaning: "The answer that it is given."},
	},
}

var expectedRequestObject = Object{
	Name: "request",
	Fields: []Field{
		{Name: "method", Kind: Data, Type: words("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"), Since: "0.1", Meaning: "The method."},
		{Name: "path", Kind: Data, Type: proseType, Since: "0.1", Meaning: "The path as it is sent, after the upstream's baseUrl."},
		{Name: "url", Kind: Data, Type: proseType, Since: "0.1", Meaning: "The whole address as it is sent; its query only where it holds one."},
		{Name: "query", Kind: Data, Type: leavesType, Since: "0.1", Meaning: "All parameters of the query but the one that auth sends."},
		{Name: "headers", Kind: Data, Type: leavesType, Since: "0.1", Meaning: "Some of the headers; null says that one is not sent."},
		{Name: "json", Kind: Data, Type: anyType, Since: "0.1", Meaning: "The whole body, as JSON."},
		{Name: "form", Kind: Data, Type: leavesType, Since: "0.1", Meaning: "The whole body, as a form."},
		{Name: "text", Kind: Data, Type: textType, Since: "0.1", Meaning: "The whole body, as text."},
		{Name: "multipart", Kind: Data, Type: mappingType, Since: "0.2", Meaning: "All parts of the body: a text, or a mapping of what is compared of filename, contentType, text, json and base64."},
	},
	Choices: []Choice{
		{Of: []string{"path", "url"}},
		{Of: []string{"json", "form", "text", "multipart"}},
	},
}

var givenResponseObject = Object{
	Name: "response",
	Fields: []Field{
		{Name: "status", Kind: Data, Type: Type{Form: IntegerForm, Min: 100, Max: 599}, Default: "200", Since: "0.1", Meaning: "The status."},
		{Name: "headers", Kind: Data, Type: leavesType, Since: "0.1", Meaning: "The headers; Content-Type follows the body where it is not said."},
		{Name: "json", Kind: Data, Type: anyType, Since: "0.1", Meaning: "A body of JSON, written as YAML."},
		{Name: "text", Kind: Data, Type: textType, Since: "0.1", Meaning: "A body of text."},
		{Name: "base64", Kind: Data, Type: textType, Since: "0.1", Meaning: "A body of bytes, in base64."},
		{Name: "timeout", Kind: Data, Type: booleanType, Default: "false", Since: "0.1", Meaning: "Whether no answer comes in time."},
		{Name: "file", Kind: Data, Since: "0.2", Instead: "write the body out as json, text or base64", Meaning: "A file that holds the body."},
	},
	Choices: []Choice{
		{Of: []string{"json", "text", "base64", "timeout"}},
		{Of: []string{"status", "timeout"}},
		{Of: []string{"headers", "timeout"}},
	},
}

var callerObject = Object{
	Name: "caller",
	Fields: []Field{
		{Name: "id", Kind: Data, Type: proseType, Since: "0.1", Meaning: "The caller's id."},
		{Name: "name", Kind: Data, Type: proseType, Since: "0.1", Meaning: "The caller's name."},
		{Name: "roles", Kind: Data, Type: listOf(proseType), Since: "0.1", Meaning: "The caller's roles."},
		{Name: "scopes", Kind: Data, Type: listOf(proseType), Since: "0.1", Meaning: "The caller's scopes."},
		{Name: "claims", Kind: Data, Type: mappingType, Since: "0.1", Meaning: "What else is known of the caller."},
		{Name: "token", Kind: Data, Type: proseType, Since: "0.2", Meaning: "The token that the caller signed in with, made up; without it the caller has none."},
	},
}

var expectObject = Object{
	Name: "expect",
	Fields: []Field{
		{Name: "structuredContent", Kind: Data, Type: anyType, Since: "0.1", Meaning: "The structured result: objects by the keys that are named here, lists wholly, numbers by value."},
		{Name: "text", Kind: Data, Type: textType, Since: "0.1", Meaning: "The text of the result, exactly; that of the error where isError is true."},
		{Name: "isError", Kind: Data, Type: booleanType, Default: "false", Since: "0.1", Meaning: "Whether the call must end in a tool error."},
		{Name: "when", Kind: Expr, Type: textType, Since: "0.1", Meaning: "An expression over input and result that must be true."},
	},
}
