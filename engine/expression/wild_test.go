package expression

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// A writer makes up expressions over testScope, most of which mean nothing.
type writer struct {
	r    *rand.Rand
	lets int
	deep int // predicates around
}

func (w *writer) pick(from ...string) string { return from[w.r.IntN(len(from))] }

func (w *writer) leaf() string {
	paths := []string{
		"input.qty", "input.price", "input.name", "input.on", "input.tags", "input.items", "input.remark", "input.rank", "input.flag",
		"input.state", "input.box", "input.box?.k", "input.box?.remark", "input.boxes", "input.sizes", "input.sizes.s", "1", "2.5", `"a"`, `"open"`, "true", "null", "[]", "[1, 2]",
		`{a: 1, b: "x"}`, "input.box.k", "env.TOKEN", `"k"`, "0", "-1",
	}
	if w.deep > 0 {
		paths = append(paths, "#", "#", ".k", ".remark", ".size", ".name", "#?.remark", "#index")
	}
	if w.lets > 0 {
		paths = append(paths, fmt.Sprintf("v%d", w.r.IntN(w.lets)), fmt.Sprintf("v%d?.a", w.r.IntN(w.lets)))
	}
	return w.pick(paths...)
}

func (w *writer) expr(depth int) string {
	if depth <= 0 {
		return w.leaf()
	}
	e := func() string { return w.expr(depth - 1 - w.r.IntN(2)) }
	p := func() string {
		w.deep++
		defer func() { w.deep-- }()
		return e()
	}
	switch w.r.IntN(15) {
	case 0:
		return "(" + e() + " " + w.pick("+", "-", "*", "/", "%", "**", "..") + " " + e() + ")"
	case 1, 2:
		return "(" + e() + " " + w.pick("==", "!=", "<", ">=", "in", "not in", "contains", "startsWith") + " " + e() + ")"
	case 3:
		return "(" + e() + " " + w.pick("== null", "!= null", `== "open"`, "!= 1", `in ["open", "a"]`, "== true") + ")"
	case 4, 5:
		return "(" + e() + " " + w.pick("and", "or") + " " + e() + ")"
	case 6:
		return "(" + e() + " ?? " + e() + ")"
	case 7, 8:
		return "(" + e() + " ? " + e() + " : " + e() + ")"
	case 9:
		return w.pick("not ", "-") + e()
	case 10:
		name := fmt.Sprintf("v%d", w.lets)
		value := e()
		w.lets++
		defer func() { w.lets-- }()
		return "(let " + name + " = " + value + "; " + e() + ")"
	case 11:
		return w.pick("map", "filter", "find", "all", "any", "count", "sortBy", "groupBy", "sum", "findIndex", "findLast", "none") + "(" + w.pick("input.items", "input.boxes", "input.tags", "[1, 2.5]", e()) + ", " + p() + ")"
	case 12:
		return w.pick("len", "upper", "string", "first", "last", "keys", "values", "abs", "round", "int", "float", "reverse", "uniq", "flatten", "toPairs", "sort", "max", "min", "mean", "json", "type", "trim", "join", "concat", "merge", "sum", "toJSON", "fromPairs", "median", "floor", "lower") + "(" + e() + ")"
	case 13:
		return w.pick("take(%s, %s)", "merge(%s, %s)", "concat(%s, %s)", "get(%s, %s)", "join(%s, %s)", "split(%s, %s)", "truncate(%s, %s)", "fixed(%s, %s)", "max(%s, %s)", "repeat(%s, %s)", "[%s, %s]", "{a: %s, b: %s}", "%s[%s]", "trim(%s, %s)", "indexOf(%s, %s)",
			"%.0s%.0spick(input.box ?? {}, [\"k\"])", "%.0s%.0somit({a: 1, b: input.on}, [\"a\"])", "reduce(%s, #acc, %s)", "%s[%s:]")
	}
	return e() + w.pick(".a", ".k", "?.k", ".remark", "[0]", "?.a", ".name", "[1:]")
}

func (w *writer) text() string {
	text := w.expr(1 + w.r.IntN(4))
	for strings.Contains(text, "%") && strings.Contains(text, "%s") {
		text = strings.Replace(strings.Replace(text, "%.0s", "", 2), "%s", w.expr(1), 1)
	}
	return text
}

// The type pass is right about expressions that nobody would write, too.
func TestMadeUpExpressions(t *testing.T) {
	w := &writer{r: rand.New(rand.NewPCG(4, 5))}
	accepted, sure := 0, 0
	for range madeUp {
		s := testScope()
		e, _ := s.Check(textNode(w.text()))
		if e == nil {
			continue
		}
		accepted++
		if s.types[e].sure {
			sure++
			runsWell(t, s, e, w.r, 20)
		}
	}
	if sure < accepted/3 || accepted < madeUp/20 {
		t.Errorf("of %d expressions %d were accepted and %d decided: too few to mean anything", madeUp, accepted, sure)
	}
}

const madeUp = 10_000
