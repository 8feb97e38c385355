package schema

var basicObject = Object{
	Name: "basic",
	Fields: []Field{
		{Name: "username", Kind: Templ, Type: textType, Required: true, Since: "0.1", Meaning: "The user's name."},
		{Name: "password", Kind: Templ, Type: textType, Required: true, Since: "0.1", Meaning: "The user's password."},
	},
}

var credentialObject = Object{
	Name: "this",
	Fields: []Field{
		{Name: "name", Type: proseType, Required: true, Since: "0.1", Meaning: "The name of the header or parameter."},
		{Name: "value", Kind: Templ, Type: textType, Required: true, Since: "0.1", Meaning: "Its value."},
	},
}

var authObject = Object{
	Name: "auth",
	Fields: []Field{
		{Name: "bearer", Kind: Templ, Type: proseType, Since: "0.1", Also: []string{"token", "accessToken"}, Meaning: "A bearer token (RFC 6750)."},
		{Name: "basic", Kind: Templ, Type: object(&basicObject), Since: "0.1", Meaning: "A user's name and password (RFC 7617)."},
		{Name: "header", Kind: Templ, Type: object(&credentialObject), Since: "0.1", Also: []string{"apiKey"}, Meaning: "A key in a header."},
		{Name: "query", Kind: Templ, Type: object(&credentialObject), Since: "0.1", Meaning: "A key in the query."},
		{Name: "oauth2", Kind: Templ, Type: object(&oauth2Object), Since: "0.2", Meaning: "A token by client credentials (RFC 6749)."},
		{Name: "onBehalfOf", Kind: Templ, Type: object(&onBehalfOfObject), Since: "0.2", Meaning: "A token in the caller's name, for which the caller's own is exchanged."},
		{Name: "managedIdentity", Kind: Templ, Type: object(&managedIdentityObject), Since: "0.2", Meaning: "A token of the Azure identity that this server runs under."},
		{Name: "awsSigV4", Kind: Templ, Type: object(&sigV4Object), Since: "0.2", Meaning: "A signature as AWS wants it (Signature Version 4)."},
	},
	Choices: []Choice{{Of: []string{"bearer", "basic", "header", "query", "oauth2", "managedIdentity", "onBehalfOf", "awsSigV4"}, Required: true}},
}

var retryObject = Object{
	Name:    "retry",
	Example: "{attempts: 3}",
	Fields: []Field{
		{Name: "attempts", Type: Type{Form: IntegerForm, Min: 1, Max: 10}, Default: "3", Since: "0.1", Meaning: "All tries of a call that may be repeated, the first one among them; other calls are tried once."},
		{Name: "minWait", Type: durationType, Default: "250ms", Since: "0.1", Meaning: "The wait before the second try; it doubles with each."},
		{Name: "maxWait", Type: durationType, Default: "10s", Since: "0.1", Meaning: "The longest wait, one that Retry-After asks for among them."},
	},
}

var responseObject = Object{
	Name:    "response",
	Example: "{as: json}",
	Fields: []Field{
		{Name: "as", Type: words("json", "text", "bytes", "xml", "csv", "events", "ndjson").orWords(map[string]string{"sse": "events", "event-stream": "events", "stream": "events", "jsonl": "ndjson", "binary": "bytes", "string": "text", "html": "text"}), Since: "0.1", Meaning: "How the body is read; without it by its content type."},
		{Name: "schema", Kind: Data, Type: schemaType, Since: "0.1", Meaning: "A JSON Schema that the body must follow."},
		{Name: "maxBytes", Type: sizeType, Default: "4MiB", Since: "0.1", Meaning: "The most bytes of a body, after decompression."},
		{Name: "maxItems", Type: Type{Form: IntegerForm, Min: 1, Max: 10_000}, Default: "1000", Since: "0.2", Meaning: "The most events or lines that are read of a stream."},
		{Name: "separator", Type: words("comma", "semicolon", "tab", "pipe").orWords(map[string]string{",": "comma", ";": "semicolon", "\t": "tab", `\t`: "tab", "|": "pipe"}), Default: "comma", Since: "0.2", Meaning: "What stands between the values of a row, with as: csv."},
		{Name: "expect", Type: Type{Form: ListForm, Of: &Type{Form: StatusForm}, NonEmpty: true, Single: true}, Default: "2xx", Since: "0.1", Meaning: "The statuses that are no error."},
	},
}

var errorObject = Object{
	Name: "an error rule",
	Fields: []Field{
		{Name: "when", Kind: Expr, Type: textType, Required: true, Since: "0.1", Meaning: "An expression over the response that says whether the rule applies."},
		{Name: "message", Kind: Templ, Type: proseType, Required: true, Since: "0.1", Meaning: "What the model is told."},
	},
}

var errorsField = Field{
	Name: "errors", Type: someOf(object(&errorObject)), Since: "0.1",
	Meaning: "Rules that turn an answer into a tool error; the first that applies wins.",
}

// elsewhere are keys with where they stand.
func elsewhere(where string, names ...string) map[string]string {
	m := make(map[string]string, len(names))
	for _, name := range names {
		m[name] = where
	}
	return m
}

// settingsFields stand in an upstream and in a call.
var settingsFields = []Field{
	{Name: "headers", Kind: Templ, Type: leavesType, Since: "0.1", Meaning: "Headers of the request; null takes one of the upstream's away."},
	{Name: "query", Kind: Templ, Type: leavesType, Since: "0.1", Also: []string{"params", "parameters", "queryString"}, Meaning: "Parameters of the query; null takes one of the upstream's away."},
	{Name: "auth", Kind: Templ, Type: Type{Form: ObjectForm, Object: &authObject, Words: []string{"none"}}, Since: "0.1", Meaning: "How the call shows who it comes from; none switches the upstream's off."},
	{Name: "timeout", Type: durationType, Default: "30s", Since: "0.1", Meaning: "How long the whole call may take, retries included."},
	{Name: "attemptTimeout", Type: durationType, Since: "0.1", Meaning: "How long one try may take; without it as long as the call."},
	{Name: "retry", Type: object(&retryObject), Since: "0.1", Also: []string{"retries"}, Meaning: "How often, and after which waits, a call that may be repeated is tried."},
	{Name: "redirects", Type: words("same-origin", "none", "any"), Default: "same-origin", Since: "0.1", Meaning: "Which redirects of a GET or HEAD are followed."},
	{Name: "response", Type: object(&responseObject), Since: "0.1", Meaning: "How the answer is read."},
	{Name: "cache", Type: Type{Form: ObjectForm, Object: &cacheObject, Words: []string{"none"}}, Since: "0.2", Meaning: "How long the answer to a call that only reads is kept; none switches the upstream's off."},
}

var httpObject = Object{
	Name:      "http",
	Elsewhere: elsewhere("in the upstream", "baseUrl", "allowPrivate", "rateLimit", "concurrency", "circuitBreaker", "mtls"),
	Fields: append([]Field{
		{Name: "upstream", Type: name(&upstreamName), Since: "0.1", Meaning: "The upstream that the call goes to."},
		{Name: "method", Type: words("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"), Since: "0.1", Also: []string{"verb"}, Meaning: "The method; without it POST where there is a body, else GET."},
		{Name: "url", Kind: Templ, Type: proseType, Since: "0.1", Also: []string{"uri", "endpoint"}, Meaning: "The whole address."},
		{Name: "path", Kind: Templ, Type: proseType, With: "upstream", Since: "0.1", Meaning: "The path after the upstream's base URL, which is called as written where there is none."},
		{Name: "json", Kind: Templ, Type: anyType, WarnJSON: true, Since: "0.1", Also: []string{"body", "data", "payload"}, Meaning: "A body of JSON, written as YAML."},
		{Name: "form", Kind: Templ, Type: leavesType, Since: "0.1", Meaning: "A body as forms send it."},
		{Name: "text", Kind: Templ, Type: textType, Since: "0.1", Meaning: "A body of text."},
		{Name: "multipart", Kind: Templ, Type: mappingType, Since: "0.2", Also: []string{"files"}, Meaning: "A body of several parts, each a value, or a mapping with data or base64, and perhaps filename and contentType."},
		{Name: "paginate", Type: object(&paginateObject), Since: "0.2", Also: []string{"pagination", "paging"}, Meaning: "How further pages are fetched."},
	}, settingsFields...),
	Choices: []Choice{
		{Of: []string{"url", "path"}},
		{Of: []string{"url", "upstream", "path"}, Required: true, Any: true},
		{Of: []string{"json", "form", "text", "multipart"}},
	},
}

var upstreamObject = Object{
	Name:      "upstream",
	Elsewhere: elsewhere("under http, in a tool", "path", "method", "json", "form", "text", "multipart", "paginate"),
	Fields: append([]Field{
		{Name: "upstream", Type: name(&upstreamName), Required: true, Since: "0.1", Meaning: "The name by which tools call it."},
		{Name: "baseUrl", Kind: Templ, Type: proseType, Required: true, Since: "0.1", Also: []string{"url", "base", "host", "server", "endpoint"}, Meaning: "What all paths begin with; its slots use env alone."},
		{Name: "allowPrivate", Type: booleanType, Default: "false", Since: "0.1", Meaning: "Whether addresses of private networks may be called."},
		errorsField,
		{Name: "rateLimit", Type: object(&rateLimitObject), Since: "0.2", Meaning: "How many requests go out in a time, repeated ones and redirected ones among them; others wait."},
		{Name: "concurrency", Type: object(&concurrencyObject), Since: "0.2", Meaning: "How many calls are under way at once; others wait."},
		{Name: "circuitBreaker", Type: object(&circuitBreakerObject), Since: "0.2", Meaning: "When calls are not tried any more, since the upstream fails."},
		{Name: "mtls", Kind: Templ, Type: object(&mtlsObject), Since: "0.2", Meaning: "The certificate that is shown to the upstream, and the authorities that it is trusted by."},
	}, settingsFields...),
}
