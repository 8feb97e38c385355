package httpcall

import "github.com/toolsd/toolsd/engine/jsonschema"

var (
	anyType     = &jsonschema.Type{Kind: jsonschema.Any}
	intType     = &jsonschema.Type{Kind: jsonschema.IntKind}
	textType    = &jsonschema.Type{Kind: jsonschema.StringKind}
	maybeText   = &jsonschema.Type{Kind: jsonschema.StringKind, Nullable: true}
	maybeBytes  = &jsonschema.Type{Kind: jsonschema.BytesKind, Nullable: true}
	textList    = &jsonschema.Type{Kind: jsonschema.ListKind, Elem: textType}
	textMap     = &jsonschema.Type{Kind: jsonschema.ObjectKind, Rest: textType}
	openObject  = &jsonschema.Type{Kind: jsonschema.ObjectKind, Rest: anyType}
	callerType  = object(types{"id": maybeText, "name": maybeText, "roles": textList, "scopes": textList, "claims": openObject})
	anyResponse = responseOf(anyType)
)

// CallerType is what is known of `caller` in expressions.
func CallerType() *jsonschema.Type { return callerType }

// responseType is what is known of `response`; body is the type of its body,
// nil when nothing is known of it.
func responseType(body *jsonschema.Type) *jsonschema.Type {
	if body == nil {
		return anyResponse
	}
	return responseOf(body)
}

func responseOf(body *jsonschema.Type) *jsonschema.Type {
	return object(types{"status": intType, "headers": textMap, "type": textType, "body": body, "bytes": maybeBytes})
}

type types map[string]*jsonschema.Type

// object is the type of an object whose members are always there.
func object(members types) *jsonschema.Type {
	t := &jsonschema.Type{Kind: jsonschema.ObjectKind, Members: make(map[string]jsonschema.Member, len(members))}
	for name, known := range members {
		t.Members[name] = jsonschema.Member{Type: known, Required: true}
	}
	return t
}
