package expression

import (
	"fmt"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"

	"github.com/toolsd/toolsd/schema"
)

// A reader goes through a syntax tree once. It resolves names, null and the
// environment, and reports what it finds. Where it reports a fault it puts a
// hole, about which nothing more is said, so that one mistake is one
// diagnostic. The tree that it leaves holds no name that is not in scope.
type reader struct {
	scope    *Scope
	source   source
	lets     []string        // names declared by let, innermost last
	used     map[string]bool // names of the scope
	visits   int             // of nodes; a node may be shared by two comparisons
	tooLarge bool
	found    []schema.Diagnostic
}

// A position is what a part of an expression knows of where it stands.
type position struct {
	defaulted bool // left of ??, so that nothing is as good as a value
}

// report notes a fault about a part and takes the part out of the tree.
func (r *reader) report(slot *ast.Node, code schema.Code, at file.Location, message, hint string) {
	r.found = append(r.found, code.At(r.source.place(at), message, hint))
	replace(slot, &ast.IdentifierNode{Value: holeName})
}

func (r *reader) read(slot *ast.Node, in position) {
	if r.visits++; r.visits > maxNodes {
		if !r.tooLarge {
			r.tooLarge = true
			r.found = append(r.found, TooLarge.At(r.source.all(), "the expression has too many parts", ""))
		}
		return
	}
	switch n := (*slot).(type) {
	case *ast.IdentifierNode:
		r.name(slot, n)
	case *ast.MemberNode:
		r.member(slot, n, in)
	case *ast.CallNode:
		r.call(slot, n)
	case *ast.BinaryNode:
		r.binary(slot, n, in)
	case *ast.VariableDeclaratorNode:
		r.let(slot, n)
	case *ast.MapNode:
		r.sameKeys(n)
		r.children(n)
	default:
		r.children(n)
	}
}

func (r *reader) children(n ast.Node) {
	for _, child := range children(n) {
		r.read(child, position{})
	}
}

// name resolves a name that stands alone.
func (r *reader) name(slot *ast.Node, n *ast.IdentifierNode) {
	name := n.Value
	switch {
	case name == holeName, slices.Contains(r.lets, name):
	case name == "null":
		replace(slot, &ast.NilNode{})
	case name == "$env", name == "env" && r.scope.Env != nil:
		r.report(slot, EnvMisuse, n.Location(), "the environment is used only as env.NAME", "write the variable's name: env.NAME")
	case r.scope.has(name):
		r.uses(name, "")
	case isFunction(name):
		r.report(slot, UnknownName, n.Location(), fmt.Sprintf("%q is a function and not a value", name), "call it: "+signature(name))
	default:
		r.report(slot, UnknownName, n.Location(), fmt.Sprintf("unknown name %q", name), r.nameHint(name))
		if word, ok := constantHabits[name]; ok {
			r.found[len(r.found)-1].Fix = r.source.fix(change{r.source.offset(n.Location().From), len(name), word})
		}
	}
}

// member resolves env.NAME; other members are the type check's.
func (r *reader) member(slot *ast.Node, n *ast.MemberNode, in position) {
	if id, ok := n.Node.(*ast.IdentifierNode); ok && id.Value == "env" && r.scope.Env != nil && !slices.Contains(r.lets, "env") {
		r.variable(slot, n, in)
		return
	}
	name, ok := property(n)
	if id, plain := n.Node.(*ast.IdentifierNode); plain && ok && r.scope.has(id.Value) {
		switch id.Value {
		case "steps", "failed":
			if slices.Contains(r.scope.Later, name.Value) {
				r.laterStep(slot, id, name)
				return
			}
			fallthrough
		case "input":
			r.uses(id.Value, name.Value)
			return
		}
	}
	r.read(&n.Node, position{})
	if !ok {
		r.read(&n.Property, position{})
	}
}

// uses notes that a name of the scope is used, and of input and steps which
// member; "" is the whole.
func (r *reader) uses(name, member string) {
	r.used[name] = true
	switch {
	case name == "input" && r.scope.Inputs != nil:
		r.scope.Inputs[member] = true
	case (name == "steps" || name == "failed") && r.scope.Steps != nil:
		r.scope.Steps[member] = true
	}
}

// laterStep reports the use of a step where it has not run.
func (r *reader) laterStep(slot *ast.Node, of *ast.IdentifierNode, id *ast.StringNode) {
	at := file.Location{From: of.Location().From, To: id.Location().To}
	if id.Value == r.scope.Own {
		r.report(slot, StepOrder, at, "the step "+id.Value+" uses its own value", "a step uses only those above it")
		return
	}
	r.report(slot, StepOrder, at, fmt.Sprintf("the step %s has not run in this place", id.Value),
		"a step uses only those above it: move "+id.Value+" up")
}

// variable puts the value of an environment variable where it is named.
func (r *reader) variable(slot *ast.Node, n *ast.MemberNode, in position) {
	env := r.scope.Env
	name, ok := property(n)
	if !ok || n.Optional || r.source.word(name.Location()) != name.Value {
		r.report(slot, EnvMisuse, n.Node.Location(), "the environment is used only as env.NAME", "write the variable's name: env.NAME")
		return
	}
	at := file.Location{From: n.Node.Location().From, To: name.Location().To}
	if env.Exposed != nil && !env.Exposed(name.Value) {
		r.report(slot, EnvNotExposed, at, fmt.Sprintf("env.%s may not be used in this place", name.Value),
			fmt.Sprintf("expose it in the server's definition: expose: [%s]", name.Value))
		return
	}
	if env.Used != nil {
		env.Used[name.Value] = true
	}
	value, _ := env.Lookup(name.Value)
	if value != "" {
		replace(slot, &ast.ConstantNode{Value: value})
		return
	}
	if !in.defaulted && !env.AllowMissing {
		r.report(slot, EnvMissing, at, fmt.Sprintf("the environment variable %s is missing or empty", name.Value),
			fmt.Sprintf(`set it, or give a default: env.%s ?? "…"`, name.Value))
		return
	}
	replace(slot, &ast.ConstantNode{})
}

// call resolves what is called: a function of the language, or a method of a
// time or duration.
func (r *reader) call(slot *ast.Node, n *ast.CallNode) {
	method, foreign := foreignMethod(n.Callee)
	before := len(r.found)
	for i := range n.Arguments {
		if id, ok := n.Arguments[i].(*ast.IdentifierNode); ok && foreign && isFunction(id.Value) {
			continue // what a method of other languages is called with
		}
		r.read(&n.Arguments[i], position{})
	}
	if foreign { // it is its method that would bring the names
		rest := slices.DeleteFunc(r.found[before:], func(d schema.Diagnostic) bool { return d.Code == UnknownName.Name })
		r.found = r.found[:before+len(rest)]
	}
	switch callee := n.Callee.(type) {
	case *ast.IdentifierNode:
		if isFunction(callee.Value) && !slices.Contains(r.lets, callee.Value) {
			return
		}
		r.report(slot, UnknownFunction, callee.Location(), fmt.Sprintf("unknown function %q", callee.Value), functionHint(callee.Value))
	case *ast.MemberNode:
		if foreign {
			r.report(slot, UnknownFunction, callee.Location(), "values have no functions of their own", functionHint(method))
			return
		}
		r.read(&n.Callee, position{})
	default:
		r.report(slot, UnknownFunction, n.Location(), "only functions can be called", "")
	}
}

// foreignMethod returns the name of what is called on a value, as in
// list.map(f), unless it is a method that values have; it may be "".
func foreignMethod(callee ast.Node) (name string, foreign bool) {
	member, ok := callee.(*ast.MemberNode)
	if !ok {
		return "", false
	}
	if named, ok := property(member); ok {
		return named.Value, !isMethod(named.Value)
	}
	return "", true
}

func (r *reader) binary(slot *ast.Node, n *ast.BinaryNode, in position) {
	if n.Operator == "-" && r.hyphened(slot, n) {
		return
	}
	fallback := n.Operator == "??"
	r.read(&n.Left, position{defaulted: fallback})
	r.read(&n.Right, position{defaulted: fallback && in.defaulted})
}

// hyphened finds a key such as content-type that was written after a dot,
// where the hyphen is a minus.
func (r *reader) hyphened(slot *ast.Node, n *ast.BinaryNode) bool {
	left, ok := n.Left.(*ast.MemberNode)
	if !ok {
		return false
	}
	name, ok := property(left)
	right, isName := n.Right.(*ast.IdentifierNode)
	if !ok || !isName || slices.Contains(r.lets, right.Value) {
		return false
	}
	if r.scope.has(right.Value) {
		return false
	}
	if name.Location().To != n.Location().From || n.Location().To != right.Location().From {
		return false
	}
	of := pathOf(left.Node)
	if strings.Contains(of, " ") { // it is no path
		of = ""
	}
	r.report(slot, UnknownName, right.Location(), fmt.Sprintf("unknown name %q", right.Value),
		fmt.Sprintf(`a key with a hyphen stands in brackets: %s["%s-%s"]`, of, name.Value, right.Value))
	return true
}

func (r *reader) let(slot *ast.Node, n *ast.VariableDeclaratorNode) {
	r.read(&n.Value, position{})
	if r.scope.has(n.Name) || isFunction(n.Name) || slices.Contains(r.lets, n.Name) || slices.Contains([]string{"env", "$env", "null"}, n.Name) {
		r.found = append(r.found, ReservedName.At(r.source.place(n.Location()), fmt.Sprintf("the name %q is taken", n.Name), "choose another name"))
		// What follows is read with the name as it was meant, as a hole.
		n.Name += holeName
		shadow(&n.Expr, strings.TrimSuffix(n.Name, holeName), maxNodes)
		r.read(&n.Expr, position{})
		return
	}
	r.lets = append(r.lets, n.Name)
	r.read(&n.Expr, position{})
	r.lets = r.lets[:len(r.lets)-1]
}

// shadow puts holes for a name, at most in budget nodes.
func shadow(slot *ast.Node, name string, budget int) int {
	if budget--; budget <= 0 {
		return 0
	}
	if id, ok := (*slot).(*ast.IdentifierNode); ok && id.Value == name {
		replace(slot, &ast.IdentifierNode{Value: holeName})
		return budget
	}
	for _, child := range children(*slot) {
		if call, ok := (*slot).(*ast.CallNode); ok && child == &call.Callee {
			continue
		}
		budget = shadow(child, name, budget)
	}
	return budget
}
