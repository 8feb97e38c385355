package httpcall

import (
	"maps"

	"github.com/toolsd/toolsd/engine/jsonschema"
)

var (
	anyType     = &jsonschema.Type{Kind: jsonschema.Any}
	intType     = &jsonschema.Type{Kind: jsonschema.IntKind}
	boolType    = &jsonschema.Type{Kind: jsonschema.BoolKind}
	textType    = &jsonschema.Type{Kind: jsonschema.StringKind}
	maybeText   = &jsonschema.Type{Kind: jsonschema.StringKind, Nullable: true}
	maybeBytes  = &jsonschema.Type{Kind: jsonschema.BytesKind, Nullable: true}
	textList    = &jsonschema.Type{Kind: jsonschema.ListKind, Elem: textType}
	textMap     = &jsonschema.Type{Kind: jsonschema.ObjectKind, Rest: textType}
	openObject  = &jsonschema.Type{Kind: jsonschema.ObjectKind, Rest: anyType}
	callerType  = object(types{"id": maybeText, "name": maybeText, "roles": textList, "scopes": textList, "claims": openObject})
	eventType   = object(types{"event": textType, "data": anyType, "id": maybeText})
	anyResponse = responseOf(anyType)
)

// CallerType is what is known of `caller` in expressions.
func CallerType() *jsonschema.Type { return callerType }

// bodyType is what is known of `response.body`.
func (r *reading) bodyType() *jsonschema.Type {
	switch {
	case r.schema != nil:
		return r.schema.Type()
	case r.as == asText:
		return &jsonschema.Type{Kind: jsonschema.StringKind, Unsure: true} // null when empty
	case r.as == asXML:
		return &jsonschema.Type{Kind: jsonschema.ObjectKind, Rest: anyType, Unsure: true}
	case r.as == asCSV:
		return &jsonschema.Type{Kind: jsonschema.ListKind, Elem: textMap}
	case r.as == asLines:
		return &jsonschema.Type{Kind: jsonschema.ListKind, Elem: anyType}
	case r.as == asEvents:
		return &jsonschema.Type{Kind: jsonschema.ListKind, Elem: eventType}
	}
	return anyType
}

// pageType is what is known of `response` in expressions about one page.
func (c *Call) pageType() *jsonschema.Type {
	t := responseType(c.settings.response.bodyType())
	if as := c.settings.response.as; as == asEvents || as == asLines {
		return with(t, types{"more": boolType})
	}
	return t
}

// ResponseType is what is known of `response` in expressions that follow the
// call. It has a member items when the call fetches pages, which are then the
// value of the call.
func (c *Call) ResponseType() *jsonschema.Type {
	if c.paging == nil {
		return c.pageType()
	}
	return with(c.pageType(), types{"items": c.paging.all, "more": boolType})
}

// with returns the type of an object with more members.
func with(t *jsonschema.Type, more types) *jsonschema.Type {
	wider := object(more)
	maps.Copy(wider.Members, t.Members)
	return wider
}

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
