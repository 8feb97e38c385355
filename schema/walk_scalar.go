package schema

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// expression checks a field whose source text is an expression.
func (w *walker) expression(n *Node, label string) {
	switch {
	case !n.IsScalar():
		n.inside.bad = true
		w.report(codeExprNotText, n.Place, fmt.Sprintf("%s is an expression, but YAML reads %s here", label, n.Kind.noun()),
			"use a block: "+label+": | and the expression on the line below")
		w.fix(n.asText(label))
	case strings.TrimSpace(n.Text) == "":
		w.empty(n, label)
	default:
		n.Kind = String
		w.slotInExpression(n, label)
	}
}

func (w *walker) slotInExpression(n *Node, label string) {
	i := strings.Index(n.Text, "${")
	if i < 0 {
		return
	}
	n.inside.bad = true
	hint := "names stand in an expression without ${ }"
	if s := strings.TrimSpace(n.Text); strings.HasPrefix(s, "${") && strings.HasSuffix(s, "}") && strings.Count(s, "${") == 1 && !strings.Contains(s, "\n") {
		hint = "write " + label + ": " + strings.TrimSpace(s[2:len(s)-1])
	} else if strings.Count(n.Text[:i], "`")%2 == 1 {
		hint = `join texts with +, as in "Hello " + input.name`
	}
	w.report(codeSlotInExpr, n.At(i, 2), label+" is an expression already", hint)
	w.fix(n.withoutSlot())
}

func (w *walker) slotInKey(e Entry) {
	w.report(codeSlotInKey, e.KeyPlace, fmt.Sprintf("the key %q holds a slot; keys are fixed", e.Key), "write the key out, and put the slot into its value")
}

// scalar checks a field that is a single value.
func (w *walker) scalar(n *Node, k FieldKind, t Type, label string) {
	if !n.IsScalar() || n.Kind == Null {
		w.wrongType(n, t, label)
		return
	}
	if i := strings.Index(n.Text, "${"); i >= 0 && k == Fixed {
		n.inside.bad = true
		w.report(codeSlotInFixed, n.At(i, 2), label+" is fixed when the file is loaded; ${ means nothing here", "write the value itself")
		return
	}
	switch t.Form {
	case TextForm:
		n.Kind = String
		if t.NonEmpty && strings.TrimSpace(n.Text) == "" {
			w.empty(n, label)
		}
	case NameForm:
		n.Kind = String
		if !t.Name.Allows(n.Text) {
			w.bad(n, codeBadName, fmt.Sprintf("%q cannot be the name of %s %s", n.Text, article(t.Name.Of), t.Name.Of), "names have "+t.Name.String())
		}
	case BooleanForm:
		w.boolean(n, t, label)
	case IntegerForm:
		w.integer(n, t, label)
	case DurationForm:
		if _, ok := parseDuration(n.Text); !ok {
			w.bad(n, codeBadDuration, fmt.Sprintf("%q is not a duration", n.Text), "write a number and ms, s, m or h, such as 250ms, 10s or 1m30s")
		}
	case SizeForm:
		if _, ok := parseSize(n.Text); !ok {
			w.bad(n, codeBadSize, fmt.Sprintf("%q is not a size", n.Text), "write a whole number of bytes, KB, MB, KiB or MiB, such as 256KiB")
		}
	case StatusForm:
		if _, ok := parseStatus(n.Text); !ok {
			w.bad(n, codeBadStatus, fmt.Sprintf("%q is not a status", n.Text), "write a status such as 404, a class such as 2xx, or a range such as 200-299")
		}
	case WordForm:
		w.word(n, t, label)
	}
}

func (w *walker) boolean(n *Node, t Type, label string) {
	if n.Kind == Bool && n.Style == Plain {
		return
	}
	w.wrongType(n, t, label)
}

func (w *walker) integer(n *Node, t Type, label string) {
	if n.Kind != Number || n.inside.odd {
		w.wrongType(n, t, label)
		return
	}
	i, err := strconv.ParseInt(n.Text, 10, 64)
	switch {
	case err != nil && strings.ContainsAny(n.Text, ".eE"):
		w.wrongType(n, t, label)
	case err != nil || i < t.Min || i > t.Max:
		w.bad(n, codeOutOfRange, fmt.Sprintf("%s must be from %d to %d, not %s", label, t.Min, t.Max, n.Text), "")
	}
}

func (w *walker) word(n *Node, t Type, label string) {
	n.Kind = String
	for _, word := range t.Words {
		if n.Text == word {
			return
		}
	}
	hint := ""
	if near, ok := t.nearest(n.Text); ok {
		hint = "did you mean " + near + "?"
	}
	w.bad(n, codeUnknownWord, fmt.Sprintf("%s must be one of %s, not %q", label, strings.Join(t.Words, ", "), n.Text), hint)
}

// nearest returns the word that was most likely meant.
func (t Type) nearest(text string) (string, bool) {
	if word, ok := t.Also[strings.ToLower(text)]; ok {
		return word, true
	}
	return Nearest(text, t.Words)
}

// looksLikeJSON warns of JSON that was pasted as text.
func (w *walker) looksLikeJSON(n *Node) {
	text := strings.TrimLeft(n.Text, " \t\n")
	if n.Kind != String || n.inside.bad || text == "" || text[0] != '{' && text[0] != '[' {
		return
	}
	w.report(codeJSONAsText, n.Place, "this text is sent as a string of JSON, in quotes", "write it as YAML, without | or quotes around the whole, or use text: to send it as it is")
}

func (w *walker) bad(n *Node, c Code, message, hint string) {
	n.inside.bad = true
	w.report(c, n.Place, message, hint)
}

func (w *walker) empty(n *Node, label string) {
	n.inside.bad = true
	if !w.partial {
		w.report(codeEmpty, n.Place, label+" is empty", "")
	}
}

func (w *walker) wrongType(n *Node, t Type, label string) {
	got, hint := n.Kind.noun(), ""
	var fix []Edit
	if n.IsScalar() && n.Text != "" {
		got = fmt.Sprintf("%q", n.Text)
	}
	switch {
	case n.Kind == Map && t.Form == ListForm:
		hint = "write a list: - before its first key, the others below that key"
	case n.Kind == List && (t.Form == MappingForm || t.Form == LeavesForm || t.Form == ObjectForm):
		hint = "write key: value without the -"
	case n.Kind == List || n.Kind == Map:
	case t.Form == BooleanForm:
		hint, fix = n.MeantBoolean()
	case t.Form == ListForm && n.Kind != Null:
		hint = "write a list: [" + n.Text + "]"
		if n.Style == Plain && oneWord.MatchString(n.Text) {
			fix = n.replaced("[" + n.Text + "]")
		}
	case t.Form == ObjectForm && t.Object.Example != "":
		hint = "write it as " + label + ": " + t.Object.Example
	}
	w.bad(n, codeWrongType, label+" must be "+t.wanted()+", not "+got, hint)
	w.fix(fix)
}

// oneWord is a text that is one element of a list, not several.
var oneWord = regexp.MustCompile(`^[A-Za-z0-9_.-]+$`)

// MeantBoolean says how to write a word that other programs take for true or
// false. Both are empty for other texts.
func (n *Node) MeantBoolean() (hint string, fix []Edit) {
	switch word := strings.ToLower(n.Text); word {
	case "true", "false":
		return "take the quotes off", n.replaced(word)
	case "yes", "on", "y", "1":
		return "write true", n.replaced("true")
	case "no", "off", "n", "0":
		return "write false", n.replaced("false")
	}
	return "", nil
}

// wanted says in words what a type takes.
func (t Type) wanted() string {
	switch t.Form {
	case BooleanForm:
		return "true or false"
	case IntegerForm:
		return "a whole number"
	case DurationForm:
		return "a duration such as 10s"
	case SizeForm:
		return "a size such as 256KiB"
	case StatusForm:
		return "a status such as 404 or 2xx"
	case WordForm:
		return "one of " + strings.Join(t.Words, ", ")
	case NameForm:
		return "the name of " + article(t.Name.Of) + " " + t.Name.Of
	case ListForm:
		return "a list"
	case MappingForm:
		return "a mapping"
	case ObjectForm:
		s := "a mapping with " + strings.Join(t.Object.served(), ", ")
		if len(t.Words) > 0 {
			s += ", or " + strings.Join(t.Words, ", ")
		}
		return s
	}
	return "text"
}

func article(noun string) string {
	if strings.IndexByte("aeiou", noun[0]) >= 0 {
		return "an"
	}
	return "a"
}
