package engine

import (
	"iter"
	"regexp"
	"slices"

	"github.com/toolsd/toolsd/schema"
)

// writesReadOnly finds tools that say they only read, and write by the method
// of a request (RFC 9110 §9.2.1) or call a tool that does not say so. Clients
// call such a tool without asking.
func (l *lint) writesReadOnly() {
	hint := l.get("annotations", "readOnlyHint")
	if l.def.Tool == nil || hint == nil || !*l.def.Tool.Annotations.ReadOnlyHint {
		return
	}
	for _, call := range l.calls() {
		if method := methodOf(call); writes(method) && !queriesGraphQL(call) {
			l.report(hint.Place, "the tool says that it only reads, and its request is a "+method,
				"write readOnlyHint: false; if the service only reads all the same, keep it and say so: # lint:ignore "+l.code.Name+" and why")
			break
		}
	}
	for call, a := range l.callees() {
		switch {
		case isReadOnly(a):
		case saysWhatItWrites(a):
			l.report(call.Place, "the tool says that it only reads, and calls one that writes",
				"write readOnlyHint: false; if this call only reads all the same, keep it and say so: # lint:ignore "+l.code.Name+" and why")
		default:
			l.report(call.Place, "the tool says that it only reads, and calls one that does not say so",
				"write readOnlyHint: true in the tool "+call.Name+" if it only reads, else readOnlyHint: false in this one")
		}
	}
}

// writesUnmarked finds tools that write, and leave clients to guess what. One
// that calls a tool of which the same can be said is not found: what is to be
// written here depends on what will be written there.
func (l *lint) writesUnmarked() {
	if l.def.Tool == nil || saysWhatItWrites(l.def.Tool.Annotations) {
		return
	}
	writing := slices.DeleteFunc(l.calls(), func(call *schema.Node) bool { return !writes(methodOf(call)) })
	if i := slices.IndexFunc(writing, func(call *schema.Node) bool { return !queriesGraphQL(call) }); i >= 0 {
		l.report(methodPlace(writing[i]), "the request is a "+methodOf(writing[i])+", and nothing says whether the tool changes or deletes anything", markWrite)
		return
	}
	for call, a := range l.callees() {
		if !isReadOnly(a) && saysWhatItWrites(a) {
			l.report(call.Place, "the tool "+call.Name+" writes, and nothing says whether this one changes or deletes anything", markWrite)
			return
		}
	}
	if len(writing) > 0 {
		l.report(methodPlace(writing[0]), "the request is a "+methodOf(writing[0])+", and nothing says whether the tool changes or deletes anything",
			"write annotations: {readOnlyHint: true}")
	}
}

const markWrite = "write annotations: {readOnlyHint: false, destructiveHint: false} if it only adds, destructiveHint: true if it changes or deletes what is there"

// saysWhatItWrites reports whether an author thought of it.
func saysWhatItWrites(a schema.Annotations) bool {
	return a.ReadOnlyHint != nil || a.DestructiveHint != nil
}

// callees are the tools that the steps of a tool call, and what these say of
// themselves.
func (l *lint) callees() iter.Seq2[*schema.ToolCall, schema.Annotations] {
	return func(yield func(*schema.ToolCall, schema.Annotations) bool) {
		for i, call := range l.def.Tool.Calls() {
			if callee := l.called[i]; callee != nil && !yield(call, callee.advertised.Annotations) {
				return
			}
		}
	}
}

// calls are the HTTP calls of a tool, as they were written, those of its steps
// among them.
func (l *lint) calls() []*schema.Node {
	holders := []*schema.Node{l.def.Root}
	if steps := l.get("steps"); steps != nil {
		holders = append(holders, steps.Items...)
	}
	var all []*schema.Node
	for _, holder := range holders {
		if n := holder.Get("http"); n != nil {
			all = append(all, n)
		}
	}
	return all
}

// methodPlace is where a call says its method, or else the call.
func methodPlace(call *schema.Node) schema.Place {
	if n := call.Get("method"); n != nil {
		return n.Place
	}
	return call.Place
}

// methodOf returns the method of a call: what is written, else POST where
// there is a body, else GET.
func methodOf(call *schema.Node) string {
	if n := call.Get("method"); n != nil {
		return n.Text
	}
	if slices.ContainsFunc([]string{"json", "form", "text", "multipart"}, func(key string) bool { return call.Get(key) != nil }) {
		return "POST"
	}
	return "GET"
}

func writes(method string) bool {
	return slices.Contains([]string{"POST", "PUT", "PATCH", "DELETE"}, method)
}

var (
	graphQLQuery    = regexp.MustCompile(`^\s*(query\b|\{|fragment\b)`)
	graphQLMutation = regexp.MustCompile(`\b(mutation|subscription)\b`)
)

// queriesGraphQL reports whether a call sends a GraphQL document of queries,
// which read although they are sent by POST.
func queriesGraphQL(call *schema.Node) bool {
	query := call.Get("json").Get("query")
	return query != nil && query.Kind == schema.String && graphQLQuery.MatchString(query.Text) && !graphQLMutation.MatchString(query.Text)
}
