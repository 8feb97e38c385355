package engine

import "github.com/toolsd/toolsd/schema"

// A lint looks at one definition for what is allowed and serves models or
// authors badly. Its rules look at what was written, as Definition.Root has
// it, and at what came of it.
type lint struct {
	def  *schema.Definition
	tool *checkedTool // nil unless it is a tool without errors
	// called are the tools that its steps call, in their order.
	called []*checkedTool

	code    schema.Code // of the rule at work
	found   []schema.Diagnostic
	secrets []plainSecret
}

// A lintRule finds one kind of thing in a definition.
type lintRule struct {
	code schema.Code
	find func(*lint)
	// always says that it looks at definitions with errors too. Of those the
	// author hears the errors first.
	always bool
}

var lintRules = []lintRule{
	{code: shortDescription, find: (*lint).shortDescription},
	{code: longDescription, find: (*lint).longDescription},
	{code: undescribedParameter, find: (*lint).undescribedParameters},
	{code: openSchema, find: (*lint).openSchemas},
	{code: caseTwins, find: (*lint).twinParameters},
	{code: writeReadOnly, find: (*lint).writesReadOnly},
	{code: writeUnmarked, find: (*lint).writesUnmarked},
	{code: secretInClear, find: (*lint).secretsInClear, always: true},
	{code: largeSchema, find: (*lint).largeSchemas},
	{code: costlyTool, find: (*lint).costly}, // after largeSchema, which says it better
}

// A catalogLintRule finds one kind of thing in all definitions together.
type catalogLintRule struct {
	code schema.Code
	find func(*compiler) []schema.Diagnostic
}

var catalogLintRules = []catalogLintRule{
	{caseTwins, (*compiler).twinNames},
	{costlyList, (*compiler).costlyList},
}

// lintDefinition applies the rules to a definition that has been checked.
func lintDefinition(def *schema.Definition, c *checked) *lint {
	l := &lint{def: def, tool: c.tool, called: c.against.tools}
	right := def.Complete && !schema.HasErrors(c.found)
	for _, rule := range lintRules {
		if right || rule.always {
			l.code = rule.code
			rule.find(l)
		}
	}
	return l
}

// lintAll applies the rules about all definitions.
func (c *compiler) lintAll() []schema.Diagnostic {
	var found []schema.Diagnostic
	for _, rule := range catalogLintRules {
		found = append(found, rule.find(c)...)
	}
	return found
}

func (l *lint) report(at schema.Place, message, hint string) {
	l.found = append(l.found, l.code.At(at, message, hint))
}

// get returns what stands in the document under keys that lie within each
// other, or nil.
func (l *lint) get(keys ...string) *schema.Node {
	n := l.def.Root
	for _, key := range keys {
		n = n.Get(key)
	}
	return n
}
