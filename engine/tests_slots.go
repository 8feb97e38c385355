package engine

import (
	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/schema"
)

// slotsInTests warns of what would be slots over names of the scope, were
// tests templates. Doubled dollars are left alone, and so are braces around
// anything else, which a test may well send.
func slotsInTests(scope *expression.Scope, tests []schema.Test) []schema.Diagnostic {
	var found []schema.Diagnostic
	for i := range tests {
		for _, n := range dataOf(&tests[i]) {
			eachText(n, func(text *schema.Node) {
				for _, at := range scope.WouldBeSlots(text.Text) {
					found = append(found, slotInTest.At(text.At(at[0], at[1]-at[0]), "a test has no slots: this is taken as text", "write the value itself"))
				}
			})
		}
	}
	return found
}

// dataOf returns what a test sends, is answered and expects; nodes that were
// not written are nil.
func dataOf(t *schema.Test) []*schema.Node {
	data := []*schema.Node{t.Input, t.Expect.Structured, t.Expect.Text}
	for i := range t.HTTP {
		q, a := &t.HTTP[i].Request, &t.HTTP[i].Response
		data = append(data, q.Path, q.URL, q.Query, q.Headers, q.JSON, q.Form, q.Text, a.Headers, a.JSON, a.Text)
	}
	return data
}

// eachText calls f with each text in a node, keys left out.
func eachText(n *schema.Node, f func(*schema.Node)) {
	if n == nil {
		return
	}
	if n.Kind == schema.String {
		f(n)
	}
	for _, item := range n.Items {
		eachText(item, f)
	}
	for _, e := range n.Entries {
		eachText(e.Value, f)
	}
}
