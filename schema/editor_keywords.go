package schema

// keywordSchema returns the schema by which editors help with a JSON Schema
// within a definition. It names the keywords that authors use and holds them
// to the values they can have; others pass.
func keywordSchema() ordered {
	sub := ordered{}.with("type", []string{"object", "boolean"}).with("$ref", "#/$defs/jsonSchema")
	some := ordered{}.with("type", "array").with("items", sub).with("minItems", 1)
	named := ordered{}.with("type", "object").with("additionalProperties", sub)
	text := ordered{}.with("type", "string")
	names := ordered{}.with("type", "array").with("items", text).with("uniqueItems", true)
	count := ordered{}.with("type", "integer").with("minimum", 0)
	number := ordered{}.with("type", "number")
	flag := ordered{}.with("type", "boolean")
	types := []string{"string", "number", "integer", "boolean", "object", "array", "null"}

	properties := ordered{}
	for _, k := range []struct {
		name    string
		takes   ordered
		meaning string
	}{
		{"type", ordered{}.with("anyOf", []any{
			ordered{}.with("enum", types),
			ordered{}.with("type", "array").with("items", ordered{}.with("enum", types)).with("uniqueItems", true).with("minItems", 1),
		}), "What kind of value it is, or a list of kinds."},
		{"title", text, "A short name for people."},
		{"description", text, "What the value means. A model reads it to know what to give."},
		{"properties", named, "The members of an object by their names."},
		{"required", names, "The members that must be there."},
		{"additionalProperties", sub, "false refuses members that properties does not name; a schema says what they are."},
		{"patternProperties", named, "Members whose names match a pattern."},
		{"propertyNames", sub, "What the names of members must be."},
		{"minProperties", count, "The least number of members."},
		{"maxProperties", count, "The greatest number of members."},
		{"items", sub, "What each element of a list is."},
		{"prefixItems", some, "What the first elements are, one by one."},
		{"contains", sub, "What at least one element is."},
		{"minItems", count, "The least number of elements."},
		{"maxItems", count, "The greatest number of elements."},
		{"uniqueItems", flag, "Whether no two elements may be equal."},
		{"enum", ordered{}.with("type", "array"), "The values that are allowed, all of them."},
		{"const", ordered{}, "The one value that is allowed."},
		{"default", ordered{}, "The value that an expression sees when the caller gives none."},
		{"examples", ordered{}.with("type", "array"), "Values that show what is meant."},
		{"minLength", count, "The least number of characters."},
		{"maxLength", count, "The greatest number of characters."},
		{"pattern", text, "A regular expression that the text must match somewhere; ^ and $ bind it to the ends."},
		{"format", text, "A form of text that is checked, such as date, date-time, email, uri or uuid."},
		{"minimum", number, "The least value."},
		{"maximum", number, "The greatest value."},
		{"exclusiveMinimum", number, "The value must be greater than this."},
		{"exclusiveMaximum", number, "The value must be less than this."},
		{"multipleOf", ordered{}.with("type", "number").with("exclusiveMinimum", 0), "The value is a whole multiple of this."},
		{"allOf", some, "All of these schemas hold."},
		{"anyOf", some, "At least one of these schemas holds."},
		{"oneOf", some, "Exactly one of these schemas holds."},
		{"not", sub, "This schema does not hold."},
		{"if", sub, "Where this schema holds, then must hold, and else where it does not."},
		{"then", sub, "What must hold where if holds."},
		{"else", sub, "What must hold where if does not."},
		{"$ref", text, "A schema elsewhere in this one, such as #/$defs/address."},
		{"$defs", named, "Schemas to refer to by name."},
	} {
		properties = properties.with(k.name, append(ordered{}.with("description", k.meaning), k.takes...))
	}
	return ordered{}.with("description", "A JSON Schema (2020-12).").with("properties", properties)
}
