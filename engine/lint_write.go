package engine

import (
	"regexp"
	"slices"

	"github.com/toolsd/toolsd/schema"
)

// writesReadOnly finds tools that say they only read, and write by the method
// of a request (RFC 9110 §9.2.1). Clients call such a tool without asking.
func (l *lint) writesReadOnly() {
	hint := l.get("annotations", "readOnlyHint")
	if l.def.Tool == nil || hint == nil || !*l.def.Tool.Annotations.ReadOnlyHint {
		return
	}
	for _, call := range l.calls() {
		if method := methodOf(call); writes(method) && !queriesGraphQL(call) {
			l.report(hint.Place, "the tool says that it only reads, and its request is a "+method,
				"write readOnlyHint: false; if the service only reads all the same, keep it and say so: # lint:ignore "+l.code.Name+" and why")
			return
		}
	}
}

// writesUnmarked finds tools that write, and leave clients to guess what.
func (l *lint) writesUnmarked() {
	if l.def.Tool == nil || l.def.Tool.Annotations.ReadOnlyHint != nil || l.def.Tool.Annotations.DestructiveHint != nil {
		return
	}
	for _, call := range l.calls() {
		method := methodOf(call)
		if !writes(method) {
			continue
		}
		at := call.Place
		if n := call.Get("method"); n != nil {
			at = n.Place
		}
		hint := "write annotations: {readOnlyHint: false, destructiveHint: false} if it only adds, destructiveHint: true if it changes or deletes what is there"
		if queriesGraphQL(call) {
			hint = "write annotations: {readOnlyHint: true}"
		}
		l.report(at, "the request is a "+method+", and nothing says whether the tool changes or deletes anything", hint)
		return
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
