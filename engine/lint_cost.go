package engine

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/toolsd/toolsd/schema"
)

// What a model's context has room for beside the work itself, in tokens.
const (
	mostForTool = 1000
	mostForList = 10_000
)

// costly finds tools that take up much of a model's context. Where that is
// their schema, the schema was named.
func (l *lint) costly() {
	if l.tool == nil || slices.ContainsFunc(l.found, func(d schema.Diagnostic) bool { return d.Code == largeSchema.Name }) {
		return
	}
	if tokens := l.tool.advertised.tokens(); tokens > mostForTool {
		l.report(l.def.Place, fmt.Sprintf("the tool costs about %v tokens in tools/list, which a model reads with every request", tokens),
			"shorten descriptions and schemas, or divide the tool")
	}
}

// costlyList finds that all tools together take up much of a model's context.
func (c *compiler) costlyList() []schema.Diagnostic {
	type cost struct {
		name   string
		tokens Tokens
	}
	costs := make([]cost, len(c.next.toolNames))
	parallel(len(costs), func(i int) {
		name := c.next.toolNames[i]
		costs[i] = cost{name, c.next.tools[name].outcome.advertised.tokens()}
	})
	total := Tokens(0)
	for _, t := range costs {
		total += t.tokens
	}
	if total <= mostForList {
		return nil
	}
	at := c.next.tools[costs[0].name].unit.place()
	if c.next.server != nil {
		at = c.next.server.unit.place()
	}
	slices.SortStableFunc(costs, func(a, b cost) int { return cmp.Compare(b.tokens, a.tokens) })
	var most []string
	for _, t := range costs[:min(3, len(costs))] {
		most = append(most, t.name)
	}
	return []schema.Diagnostic{costlyList.At(at, fmt.Sprintf("tools/list costs about %v tokens, which a model reads with every request", total),
		"serve fewer tools, or shorten those that cost most: "+strings.Join(most, ", ")+"; toolsd list --cost shows all")}
}
