package expression

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/checker"
	"github.com/expr-lang/expr/checker/nature"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"

	"github.com/toolsd/toolsd/engine/jsonschema"
	"github.com/toolsd/toolsd/schema"
)

// maxFaults is how many faults of types are reported of one expression.
const maxFaults = 20

// types checks operators, properties and arguments. The library's checker
// ends at its first fault; the faulty part is then taken out and the rest
// checked again, so that independent faults are all found.
func (r *reader) types(tree *parser.Tree) {
	for range maxFaults {
		forget(tree.Node)
		_, err := checker.Check(tree, r.scope.config())
		if err == nil {
			break
		}
		var fault *file.Error
		if !errors.As(err, &fault) {
			r.found = append(r.found, WrongType.At(r.source.all(), plainWords(err.Error()), ""))
			return
		}
		slot := locate(&tree.Node, fault.Location)
		if slot == nil {
			r.found = append(r.found, WrongType.At(r.source.place(fault.Location), plainWords(fault.Message), ""))
			return
		}
		r.explain(tree.Node, slot, fault)
		replace(slot, &ast.IdentifierNode{Value: holeName})
	}
	r.textSlices(tree.Node)
	r.literals(tree.Node)
	r.interpolated(tree.Node)
	if r.scope.Request {
		r.quotes(tree.Node)
	}
}

// forget removes what an earlier check noted in the tree: the checker takes
// the noted type of a call for granted.
func forget(n ast.Node) {
	n.SetNature(unknown())
	for _, child := range children(n) {
		forget(*child)
	}
}

// locate finds the outermost part at a location that a hole can stand for.
func locate(slot *ast.Node, at file.Location) *ast.Node {
	switch n := (*slot).(type) {
	case *ast.PredicateNode:
		return locate(&n.Node, at)
	case *ast.PairNode:
	default:
		if n.Location() == at {
			return slot
		}
	}
	for _, child := range children(*slot) {
		if found := locate(child, at); found != nil {
			return found
		}
	}
	return nil
}

// explain reports a fault of types in the words of this language.
func (r *reader) explain(tree ast.Node, slot *ast.Node, fault *file.Error) {
	code, message, hint := WrongType, plainWords(fault.Message), ""
	at := fault.Location
	n := *slot
	if chain, ok := n.(*ast.ChainNode); ok {
		n = chain.Node
	}
	if pattern, ok := strings.CutPrefix(fault.Message, "error parsing regexp: "); ok {
		code, message, hint = jsonschema.BadPattern, "the pattern cannot be read: "+pattern, "patterns are those of RE2, without look-around and back-references"
		if matches, ok := n.(*ast.BinaryNode); ok {
			at = matches.Right.Location()
		}
	} else if callee, given, ok := badArgument(fault.Message); ok {
		code, message, hint = BadCall, fmt.Sprintf("%s does not take %s", callee, given), "write "+signature(callee)
	} else if name, ok := loopOver(fault.Message); ok {
		code, message, hint = BadCall, fmt.Sprintf("%s does not take %s", name, kindOf(n)), "write "+signature(name)
	} else if got, ok := strings.CutPrefix(fault.Message, "predicate should return boolean (got "); ok {
		message = fmt.Sprintf("the predicate is true or false, this is %s", plainWords(strings.TrimSuffix(got, ")")))
	} else if strings.HasPrefix(fault.Message, "non-bool expression") {
		message = fmt.Sprintf("a condition is true or false, this is %s", kindOf(n))
	} else if name, ok := n.(*ast.StringNode); ok && strings.HasPrefix(fault.Message, "unknown field ") {
		if member := memberOf(tree, name); member != nil {
			code, message, hint = unknownMember(member, name)
		}
	} else {
		code, message, hint = explainNode(n, code, message)
	}
	r.found = append(r.found, code.At(r.source.place(at), message, hint))
}

// memberOf returns the member that is chosen by a name in brackets.
func memberOf(n ast.Node, name *ast.StringNode) *ast.MemberNode {
	if m, ok := n.(*ast.MemberNode); ok && m.Property == ast.Node(name) {
		return m
	}
	for _, child := range children(n) {
		if m := memberOf(*child, name); m != nil {
			return m
		}
	}
	return nil
}

// explainNode explains a fault by the part at which the checker found it.
func explainNode(n ast.Node, code schema.Code, message string) (schema.Code, string, string) {
	switch n := n.(type) {
	case *ast.MemberNode:
		if name, ok := property(n); ok {
			return unknownMember(n, name)
		}
		if isText(n.Node.Nature()) {
			return TextSliced, slicedMessage, slicedHint
		}
	case *ast.PointerNode:
		return code, fmt.Sprintf("#%s means nothing here", n.Name), "#index stands in map and reduce, #acc in reduce; to filter by position, map first"
	case *ast.BinaryNode:
		message, hint := operands(n.Operator, kindOf(n.Left), kindOf(n.Right))
		return code, message, hint
	case *ast.UnaryNode:
		return code, fmt.Sprintf("%q cannot be used on %s", n.Operator, kindOf(n.Node)), ""
	case *ast.CallNode:
		if id, ok := n.Callee.(*ast.IdentifierNode); ok {
			if hint, ok := callHabits[id.Value]; ok {
				return BadCall, message, hint
			}
			return BadCall, message, "write " + signature(id.Value)
		}
	case *ast.BuiltinNode:
		return explainCall(n, message)
	}
	return code, message, ""
}

// loopOver takes apart the checker's "builtin F takes only array (got A)".
func loopOver(message string) (function string, ok bool) {
	before, _, ok := strings.Cut(message, " takes only array ")
	return strings.TrimPrefix(before, "builtin "), ok
}

// explainCall explains a fault that the checker found in a function.
func explainCall(n *ast.BuiltinNode, message string) (schema.Code, string, string) {
	hint := "write " + signature(n.Name)
	if len(n.Arguments) > 0 && strings.HasPrefix(message, "invalid argument for ") {
		message = fmt.Sprintf("%s does not take %s", n.Name, kindOf(n.Arguments[0]))
	}
	return BadCall, message, hint
}

// badArgument takes apart the checker's "cannot use A as argument (type B) to
// call F".
func badArgument(message string) (callee, given string, ok bool) {
	before, after, ok := strings.Cut(message, " as argument (type ")
	if !ok {
		return "", "", false
	}
	_, callee, _ = strings.Cut(after, "to call ")
	return strings.TrimSpace(callee), plainWords(strings.TrimPrefix(before, "cannot use ")), true
}

// unknownMember says that a value has no such property.
func unknownMember(n *ast.MemberNode, name *ast.StringNode) (schema.Code, string, string) {
	base := n.Node.Nature()
	if base.Kind != reflect.Map || base.TypeData == nil {
		hint := propertyHabits[name.Value]
		if base.IsArray() && hint == "" {
			hint = fmt.Sprintf("for each element: map(list, .%s); for the first: first(list)?.%s", name.Value, name.Value)
		}
		return WrongType, fmt.Sprintf("%s has no property %q", kindOf(n.Node), name.Value), hint
	}
	message, hint := missingMember(pathOf(n.Node), name.Value, slices.Sorted(maps.Keys(base.Fields)))
	return UnknownProperty, message, hint
}

// operands says that an operator cannot be used on two kinds of values.
func operands(operator, left, right string) (message, hint string) {
	switch operator {
	case "==", "!=":
		return fmt.Sprintf("%s is never equal to %s", left, right), ""
	case "+":
		if left == "text" || right == "text" {
			hint = "make both text: string(x)"
		}
	case "%", "..":
		if left == "number" || right == "number" {
			hint = "make both integers: int(x)"
		}
	case "*":
		if left == "text" || right == "text" {
			hint = "write " + signature("repeat")
		}
	case "in":
		if right == "text" {
			hint = "in a text write x contains y"
		}
	case "contains":
		if left == "list" {
			hint = "in a list write y in x"
		}
	case "or", "||":
		hint = insteadHint
	}
	return fmt.Sprintf("%q cannot be used on %s and %s", operator, left, right), hint
}

// kindOf names the kind of values that the checker saw a part to have.
func kindOf(n ast.Node) string {
	if _, ok := n.(*ast.NilNode); ok {
		return "null"
	}
	nt := n.Nature()
	switch {
	case nt.Nil:
		return "null"
	case nt.Type == nil:
		return "value"
	case nt.IsMap():
		return "object"
	case nt.IsByteSlice():
		return "bytes"
	case nt.IsArray():
		return "list"
	}
	return plainWords(nt.String())
}

// pathOf quotes a part for a message: its path where it is one.
func pathOf(n ast.Node) string {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		if n.Value != holeName {
			return n.Value
		}
	case *ast.ChainNode:
		return pathOf(n.Node)
	case *ast.PointerNode:
		return "the element"
	case *ast.MemberNode:
		if name, ok := property(n); ok {
			return pathOf(n.Node) + "." + name.Value
		}
	}
	return "the value"
}

const slicedMessage = "text is not cut by position, which counts bytes"

var slicedHint = "write " + signature("truncate") + ", or split(text, \"\") for a list of its characters"

// textSlices reports what is known to be text and is cut by bytes.
func (r *reader) textSlices(n ast.Node) {
	if s, ok := n.(*ast.SliceNode); ok && isText(s.Node.Nature()) {
		r.found = append(r.found, TextSliced.At(r.source.place(s.Location()), slicedMessage, slicedHint))
	}
	for _, child := range children(n) {
		r.textSlices(*child)
	}
}

func isText(nt *nature.Nature) bool { return nt.Kind == reflect.String }
