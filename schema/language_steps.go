package schema

// stepName is the rule of step ids, which are names in expressions.
var stepName = NameRule{Of: "step", First: "_", Rest: "0_", Max: 64}

var logObject = Object{
	Name:    "log",
	Example: "{message: …}",
	Fields: []Field{
		{Name: "level", Type: words("debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"), Default: "info", Since: "0.2", Meaning: "How much it matters, in the words of RFC 5424."},
		{Name: "message", Kind: Templ, Type: proseType, Required: true, Since: "0.2", Meaning: "What is written."},
	},
}

var progressObject = Object{
	Name:    "progress",
	Example: "{message: …}",
	Fields: []Field{
		{Name: "message", Kind: Templ, Type: proseType, Since: "0.2", Meaning: "What is being done, for people."},
		{Name: "done", Kind: Templ, Type: anyType, Since: "0.2", Meaning: "How far the call is, as a number that grows; without it the steps are counted."},
		{Name: "total", Kind: Templ, Type: anyType, With: "done", Since: "0.2", Meaning: "What done comes to in the end, if that is known."},
	},
	Choices: []Choice{{Of: []string{"message", "done", "total"}, Required: true, Any: true}},
}

var stepObject = Object{
	Name: "a step",
	Fields: []Field{
		{Name: "id", Type: name(&stepName), Since: "0.2", Also: []string{"name"}, Meaning: "The name by which what follows uses it: steps.ID."},
		{Name: "when", Kind: Expr, Type: textType, Since: "0.2", Also: []string{"if"}, Meaning: "A condition; where it does not hold, the step is left out and its value is null."},
		{Name: "forEach", Kind: Expr, Type: textType, Since: "0.2", Also: []string{"foreach", "for", "loop"}, Meaning: "A list of at most 100 elements; the step is run for each, which is called each, and its value is the list of values, in order."},
		{Name: "concurrency", Type: Type{Form: IntegerForm, Min: 1, Max: 16}, Default: "4", With: "forEach", Since: "0.2", Meaning: "For how many elements it runs at the same time."},
		{Name: "optional", Type: booleanType, Default: "false", Since: "0.2", Also: []string{"continueOnError"}, Meaning: "Whether the call goes on when the step fails: its value is null then, and failed.ID the message."},
		{Name: "http", Type: object(&httpObject), Since: "0.2", Also: []string{"request", "fetch"}, Meaning: "An HTTP call; its value is the response."},
		withHTTP(errorsField),
		{Name: "expr", Kind: Expr, Type: textType, Since: "0.2", Also: []string{"expression", "value"}, Meaning: "An expression; its value is the step's."},
		{Name: "tool", Type: name(&toolName), Since: "0.2", Also: []string{"call"}, Meaning: "Another tool, called for the same caller; its value is that of its result."},
		{Name: "input", Kind: Templ, Type: mappingType, With: "tool", Since: "0.2", Also: []string{"with", "args", "arguments"}, Meaning: "The arguments of the tool."},
		{Name: "ask", Since: "0.2", Instead: "take what you would ask for as an input", Meaning: "A question to the client."},
		{Name: "log", Type: object(&logObject), Since: "0.2", Meaning: "A line in the log of the server, and of a client that asked for it."},
		{Name: "sleep", Type: durationType, Since: "0.2", Also: []string{"wait"}, Meaning: "A time to wait, within that of the call."},
		{Name: "progress", Type: object(&progressObject), Since: "0.2", Meaning: "How far the call is, for a client that asked to be told."},
		{Name: "notify", Type: words("tools"), Since: "0.2", Meaning: "Which list clients are told to read again."},
	},
	Choices: []Choice{{Of: []string{"http", "expr", "tool", "ask", "log", "sleep", "progress", "notify"}, Required: true}},
}

var stepsField = Field{
	Name: "steps", Type: Type{Form: ListForm, Of: &Type{Form: ObjectForm, Object: &stepObject}, NonEmpty: true}, Since: "0.2",
	Meaning: "Several calls and calculations that use one another's values.",
}
