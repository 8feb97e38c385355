package engine

import (
	"maps"
	"slices"
	"strings"

	"github.com/toolsd/toolsd/schema"
)

// A toolCall is a step of a tool that calls another one.
type toolCall struct {
	name  string
	place schema.Place // of the name, in the text as it was parsed
}

// callsOf returns the calls of a tool, in the order of its steps.
func callsOf(t *schema.Tool) []toolCall {
	var calls []toolCall
	for _, c := range t.Calls() {
		calls = append(calls, toolCall{c.Name, c.Place})
	}
	return calls
}

// reportCycles gives each step by which tools call each other in a circle a
// diagnostic that shows the others.
func (c *compiler) reportCycles() {
	graph := map[string][]string{}
	for _, u := range c.units {
		for _, call := range u.calls {
			graph[u.key.name] = append(graph[u.key.name], call.name)
		}
	}
	rings := ringsOf(graph)
	type site struct {
		unit  *unit
		place schema.Place
	}
	sites := map[string][]site{} // by the first name of the ring
	for _, u := range c.units {
		for _, call := range u.calls {
			if ring := rings[u.key.name]; ring != nil && slices.Contains(ring, call.name) {
				c.circular[u] = true
				sites[ring[0]] = append(sites[ring[0]], site{u, u.moved(call.place)})
			}
		}
	}
	for _, first := range slices.Sorted(maps.Keys(sites)) {
		message := "the tool calls itself"
		if ring := rings[first]; len(ring) > 1 {
			message = "tools call each other in a circle: " + strings.Join(ring, ", ")
		}
		for i, s := range sites[first] {
			d := toolCycle.At(s.place, message, "take one of the calls out, or move what both need into a tool of its own")
			for j, other := range sites[first] {
				if i != j && len(d.Related) < 3 {
					d.Related = append(d.Related, schema.Related{Place: other.place, Message: "and this step"})
				}
			}
			c.found = append(c.found, d)
		}
	}
}

// ringsOf returns for each name that can be reached from itself all names of
// its circle, sorted: the strongly connected components of the graph.
func ringsOf(graph map[string][]string) map[string][]string {
	f := ringFinder{graph: graph, index: map[string]int{}, low: map[string]int{}, rings: map[string][]string{}}
	for _, name := range slices.Sorted(maps.Keys(graph)) {
		if f.index[name] == 0 {
			f.visit(name)
		}
	}
	return f.rings
}

// A ringFinder is Tarjan's search for strongly connected components.
type ringFinder struct {
	graph      map[string][]string
	index, low map[string]int // index counts from 1; 0 is not visited
	path       []string
	rings      map[string][]string
}

func (f *ringFinder) visit(name string) {
	f.index[name] = len(f.index) + 1
	f.low[name] = f.index[name]
	f.path = append(f.path, name)
	for _, next := range f.graph[name] {
		if f.index[next] == 0 {
			f.visit(next)
			f.low[name] = min(f.low[name], f.low[next])
		} else if slices.Contains(f.path, next) {
			f.low[name] = min(f.low[name], f.index[next])
		}
	}
	if f.low[name] < f.index[name] {
		return
	}
	at := slices.Index(f.path, name)
	ring := slices.Sorted(slices.Values(f.path[at:]))
	f.path = f.path[:at]
	if len(ring) > 1 || slices.Contains(f.graph[name], name) {
		for _, member := range ring {
			f.rings[member] = ring
		}
	}
}
