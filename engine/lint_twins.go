package engine

import (
	"fmt"
	"strings"

	"github.com/toolsd/toolsd/schema"
)

// twinNames finds tools, and upstreams, whose names differ by case alone.
// Models and people take them for each other.
func (c *compiler) twinNames() []schema.Diagnostic {
	twins := map[key][]*unit{}
	for _, u := range c.units {
		if claims := c.claims[u.key]; len(claims) > 0 && claims[0] == u {
			folded := key{u.key.kind, strings.ToLower(u.key.name)}
			twins[folded] = append(twins[folded], u)
		}
	}
	var found []schema.Diagnostic
	for _, units := range twins {
		if len(units) < 2 {
			continue
		}
		for i, u := range units {
			d := caseTwins.At(u.place(), fmt.Sprintf("the name of another %s differs only by upper and lower case", u.key.kind), "give one of them another name")
			d.Related = others(units, i, "the other one")
			found = append(found, d)
		}
	}
	return found
}
