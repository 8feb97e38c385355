package schema

var annotationsObject = Object{
	Name: "annotations",
	Fields: []Field{
		{Name: "title", Type: proseType, Since: "0.1", Meaning: "The name that people are shown."},
		{Name: "readOnlyHint", Type: booleanType, Default: "false", Since: "0.1", Meaning: "The tool changes nothing."},
		{Name: "destructiveHint", Type: booleanType, Default: "true", Since: "0.1", Meaning: "The tool may destroy something."},
		{Name: "idempotentHint", Type: booleanType, Default: "false", Since: "0.1", Meaning: "To call it again with the same arguments changes nothing more."},
		{Name: "openWorldHint", Type: booleanType, Default: "true", Since: "0.1", Meaning: "The tool deals with things outside the server."},
	},
}

var iconObject = Object{
	Name: "an icon",
	Fields: []Field{
		{Name: "src", Kind: Data, Type: proseType, Required: true, Since: "0.1", Meaning: "The address of the picture, or a data: URI."},
		{Name: "mimeType", Kind: Data, Type: proseType, Since: "0.1", Meaning: "The media type of the picture."},
		{Name: "sizes", Kind: Data, Type: listOf(proseType), Since: "0.1", Meaning: "The sizes it suits, such as 48x48 or any."},
		{Name: "theme", Kind: Data, Type: words("light", "dark"), Since: "0.1", Meaning: "The theme it suits."},
	},
}

var toolObject = Object{
	Name: "tool",
	Fields: []Field{
		{Name: "tool", Type: name(&toolName), Required: true, Since: "0.1", Meaning: "The name by which models call it."},
		{Name: "title", Type: proseType, Since: "0.1", Meaning: "The name that people are shown."},
		{Name: "description", Type: proseType, Required: true, Since: "0.1", Also: []string{"summary"}, Meaning: "What the tool does and when to use it; this is all that a model knows."},
		{Name: "annotations", Type: object(&annotationsObject), Since: "0.1", Meaning: "Hints about what the tool does to the world."},
		{Name: "icons", Kind: Data, Type: listOf(object(&iconObject)), Since: "0.1", Meaning: "Pictures that people are shown."},
		{Name: "meta", Kind: Data, Type: mappingType, Since: "0.1", Meaning: "What clients find under _meta."},
		{Name: "tags", Type: listOf(name(&tagName)), Since: "0.1", Meaning: "Words to group tools by, as toolsd list --tag does."},
		{Name: "inputSchema", Kind: Data, Type: mappingType, Required: true, Since: "0.1", Also: []string{"parameters", "params", "args", "arguments", "inputs"}, Meaning: "A JSON Schema (2020-12) of the arguments."},
		{Name: "outputSchema", Kind: Data, Type: mappingType, Since: "0.1", Also: []string{"returns", "outputs"}, Meaning: "A JSON Schema (2020-12) that each result follows."},
		{Name: "access", Type: object(&accessObject), Since: "0.1", Meaning: "Who may see and call the tool."},
		{Name: "timeout", Type: durationType, Default: "30s", Since: "0.1", Meaning: "How long a call may take."},
		{Name: "limit", Type: object(&limitObject), Since: "0.1", Meaning: "The size at which results are cut."},
		{Name: "expr", Kind: Expr, Type: textType, Since: "0.1", Also: []string{"expression", "return", "run", "code", "value"}, Meaning: "An expression whose value is the result."},
		{Name: "http", Type: object(&httpObject), Since: "0.1", Also: []string{"request", "fetch"}, Meaning: "An HTTP call whose answer is the result."},
		stepsField,
		withHTTP(errorsField),
		{Name: "result", Kind: Templ, Type: anyType, Since: "0.1", Meaning: "The shape of the result."},
		{Name: "isError", Kind: Expr, Type: textType, Since: "0.1", Meaning: "An expression that marks a result as an error."},
		{Name: "tests", Kind: Data, Type: listOf(object(&testObject)), Since: "0.1", Meaning: "Examples that must hold."},
		{Name: "content", Since: "0.2", Instead: "use result", Meaning: "The blocks of the result."},
		{Name: "confirm", Since: "0.2", Instead: "leave it out, and say destructiveHint: true under annotations, so that clients ask", Meaning: "A question before the call."},
		{Name: "task", Since: "0.2", Instead: "leave it out: calls are answered directly", Meaning: "Whether the call may run as a task."},
		{Name: "requires", Since: "0.2", Instead: "leave it out: no tool needs anything of its client", Meaning: "What the client must be able to do."},
		{Name: "complete", Since: "0.2", Instead: "leave it out, and list the values as enum in inputSchema", Meaning: "Completions of arguments."},
	},
	Choices: []Choice{{Of: []string{"expr", "http", "steps"}, Required: true}},
}

func withHTTP(f Field) Field {
	f.With = "http"
	return f
}
