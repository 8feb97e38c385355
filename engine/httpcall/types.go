package httpcall

import "github.com/toolsd/toolsd/engine/jsonschema"

// CallerType is what is known of `caller` in expressions.
func CallerType() *jsonschema.Type {
	text := &jsonschema.Type{Kind: jsonschema.StringKind}
	maybe := &jsonschema.Type{Kind: jsonschema.StringKind, Nullable: true}
	texts := &jsonschema.Type{Kind: jsonschema.ListKind, Elem: text}
	claims := &jsonschema.Type{Kind: jsonschema.ObjectKind, Rest: &jsonschema.Type{Kind: jsonschema.Any}}
	return &jsonschema.Type{Kind: jsonschema.ObjectKind, Members: map[string]jsonschema.Member{
		"id":     {Type: maybe, Required: true},
		"name":   {Type: maybe, Required: true},
		"roles":  {Type: texts, Required: true},
		"scopes": {Type: texts, Required: true},
		"claims": {Type: claims, Required: true},
	}}
}

// responseType is what is known of `response`; body is the type of its body,
// nil when nothing is known of it.
func responseType(body *jsonschema.Type) *jsonschema.Type {
	if body == nil {
		body = &jsonschema.Type{Kind: jsonschema.Any}
	}
	text := &jsonschema.Type{Kind: jsonschema.StringKind}
	return &jsonschema.Type{Kind: jsonschema.ObjectKind, Members: map[string]jsonschema.Member{
		"status":  {Type: &jsonschema.Type{Kind: jsonschema.IntKind}, Required: true},
		"headers": {Type: &jsonschema.Type{Kind: jsonschema.ObjectKind, Rest: text}, Required: true},
		"type":    {Type: text, Required: true},
		"body":    {Type: body, Required: true},
		"bytes":   {Type: &jsonschema.Type{Kind: jsonschema.BytesKind, Nullable: true}, Required: true},
	}}
}
