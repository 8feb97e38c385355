package schema

// grantFields stand in oauth2 and in onBehalfOf.
var grantFields = []Field{
	{Name: "tokenUrl", Kind: Templ, Type: proseType, Required: true, Since: "0.2", Also: []string{"tokenEndpoint", "token_url", "accessTokenUrl"}, Meaning: "Where tokens are given out, with https; its slots use env alone, as do all others here."},
	{Name: "clientId", Kind: Templ, Type: proseType, Required: true, Since: "0.2", Also: []string{"client_id"}, Meaning: "The name by which this server is known there."},
	{Name: "clientSecret", Kind: Templ, Type: proseType, Required: true, Since: "0.2", Also: []string{"client_secret"}, Meaning: "The secret that goes with it."},
	{Name: "clientAuth", Type: words("basic", "body").orWords(map[string]string{"client_secret_basic": "basic", "header": "basic", "client_secret_post": "body", "post": "body"}), Default: "basic", Since: "0.2", Meaning: "Where name and secret stand in the token request: in its Authorization header or in its body."},
	{Name: "scopes", Kind: Templ, Type: Type{Form: ListForm, Of: &proseType, NonEmpty: true}, Since: "0.2", Also: []string{"scope"}, Meaning: "The scopes that are asked for."},
	{Name: "parameters", Kind: Templ, Type: leavesType, Since: "0.2", Also: []string{"params", "endpointParams"}, Meaning: "Further parameters of the token request, such as audience."},
}

var oauth2Object = Object{Name: "oauth2", Fields: grantFields}

var onBehalfOfObject = Object{
	Name: "onBehalfOf",
	Fields: append([]Field{
		{Name: "flow", Type: words("exchange", "entra").orWords(map[string]string{"azure": "entra", "azuread": "entra", "microsoft": "entra", "rfc8693": "exchange"}), Default: "exchange", Since: "0.2", Meaning: "How the caller's token is exchanged: by RFC 8693, or as Microsoft Entra has it."},
	}, grantFields...),
}

var managedIdentityObject = Object{
	Name:    "managedIdentity",
	Example: "{resource: https://vault.azure.net}",
	Fields: []Field{
		{Name: "resource", Kind: Templ, Type: proseType, Required: true, Since: "0.2", Also: []string{"scope", "audience"}, Meaning: "What the token is for, such as https://vault.azure.net."},
		{Name: "clientId", Kind: Templ, Type: proseType, Since: "0.2", Also: []string{"client_id"}, Meaning: "Which identity; without it the one of the system."},
	},
}

var sigV4Object = Object{
	Name: "awsSigV4",
	Fields: []Field{
		{Name: "region", Kind: Templ, Type: proseType, Required: true, Since: "0.2", Meaning: "The region, such as eu-central-1."},
		{Name: "service", Kind: Templ, Type: proseType, Required: true, Since: "0.2", Meaning: "The service as AWS signs it, such as s3 or execute-api."},
		{Name: "accessKeyId", Kind: Templ, Type: proseType, Required: true, Since: "0.2", Also: []string{"accessKey"}, Meaning: "The id of the access key."},
		{Name: "secretAccessKey", Kind: Templ, Type: proseType, Required: true, Since: "0.2", Also: []string{"secretKey"}, Meaning: "The access key."},
		{Name: "sessionToken", Kind: Templ, Type: textType, Since: "0.2", Meaning: "The token of a session, where the key is of one; an empty one is none."},
	},
}

var mtlsObject = Object{
	Name: "mtls",
	Fields: []Field{
		{Name: "certificate", Kind: Templ, Type: proseType, With: "key", Since: "0.2", Also: []string{"cert"}, Meaning: "The certificate that is shown, with its chain, as PEM text."},
		{Name: "key", Kind: Templ, Type: proseType, With: "certificate", Since: "0.2", Meaning: "Its private key, as PEM text."},
		{Name: "ca", Kind: Templ, Type: proseType, Since: "0.2", Also: []string{"cacert"}, Meaning: "The certificates of the authorities that the upstream is trusted by, in the place of those of the system, as PEM text."},
	},
	Choices: []Choice{{Of: []string{"certificate", "ca"}, Required: true, Any: true}},
}
