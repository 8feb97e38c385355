package reference

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/schema"
)

// LanguagePage returns the page of the language as Markdown: each object with
// its fields, names in scope, functions, and the given bounds.
func LanguagePage(bounds []Bound) []byte {
	var b bytes.Buffer
	b.WriteString(`# Reference

The fields of a definition, the names and functions of expressions, and the bounds. A file holds any number of documents, divided by lines of ` + "`---`" + `; each document is one definition, and its first key says of what kind.

Fields are of four kinds:

- **fixed**: known when the file is loaded.
- **expression**: the text is an [expression](#expressions).
- **template**: text with slots ` + "`${ expression }`" + `, or a list or mapping of such texts. A text that is one slot keeps the value's type. ` + "`$${`" + ` is the text ` + "`${`" + `.
- **data**: handed on as it is; ` + "`${`" + ` means nothing.

`)
	documents := schema.Documents()
	p := page{seen: make(map[*schema.Object]string)}
	for _, kind := range []schema.Kind{schema.KindTool, schema.KindUpstream, schema.KindServer} {
		p.add(documents[kind], string(kind), "")
		delete(documents, kind)
	}
	for kind, o := range documents {
		panic(fmt.Sprintf("the page does not know the kind %s of %s", kind, o.Name))
	}
	for i := 0; i < len(p.sections); i++ { // sections are added on the way
		p.write(&b, p.sections[i])
	}
	p.kept(&b)
	writeExpressions(&b)
	writeBounds(&b, bounds)
	return append(bytes.TrimRight(b.Bytes(), "\n"), '\n')
}

// A page has a section for each object, in the order in which they are met.
type page struct {
	seen     map[*schema.Object]string
	sections []section
	later    []string
}

// A section is titled by the path of the field that takes the object, such as
// http.response, without the word tool: its address on the page changes only
// when the field does.
type section struct {
	object *schema.Object
	title  string
}

// add makes a section for an object unless it has one, and returns its title.
// The object is taken by a field of the object with the title above, which is
// "" for a document.
func (p *page) add(o *schema.Object, name, above string) string {
	if have, ok := p.seen[o]; ok {
		return have
	}
	title := name
	if above != "" && above != string(schema.KindTool) {
		title = above + "." + name
	}
	p.seen[o] = title
	p.sections = append(p.sections, section{o, title})
	return title
}

// anchor is where a title is found on a page of Markdown.
func anchor(title string) string {
	return "#" + strings.ReplaceAll(strings.ToLower(title), ".", "")
}

func (p *page) write(b *bytes.Buffer, s section) {
	fmt.Fprintf(b, "## %s\n\n| field | kind | takes | default | meaning | since |\n|---|---|---|---|---|---|\n", s.title)
	for _, f := range s.object.Fields {
		if f.Instead != "" {
			p.later = append(p.later, fmt.Sprintf("| `%s` | %s | %s | %s |", f.Name, s.title, f.Meaning, f.Instead))
			continue
		}
		name := "`" + f.Name + "`"
		if f.Required {
			name += " (required)"
		}
		fallback := ""
		if f.Default != "" {
			fallback = "`" + f.Default + "`"
		}
		meaning := f.Meaning
		if f.With != "" {
			meaning += " Stands beside `" + f.With + "`."
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s |\n", name, kindNames[f.Kind], p.takes(f.Type, f, s.title), fallback, cell(meaning), f.Since)
	}
	b.WriteByte('\n')
	for _, c := range s.object.Choices {
		if text := choice(s.object, c); text != "" {
			b.WriteString(text + "\n\n")
		}
	}
}

var kindNames = map[schema.FieldKind]string{
	schema.Fixed: "fixed", schema.Expr: "expression", schema.Templ: "template", schema.Data: "data",
}

// takes says what a field takes that stands under a title.
func (p *page) takes(t schema.Type, f schema.Field, title string) string {
	switch t.Form {
	case schema.AnyForm:
		return "any value"
	case schema.TextForm:
		return "text"
	case schema.LeavesForm:
		return "text, or lists and mappings of it"
	case schema.NameForm:
		return "name: " + cell(t.Name.String())
	case schema.BooleanForm:
		return "`true` or `false`"
	case schema.IntegerForm:
		return fmt.Sprintf("whole number, %d to %d", t.Min, t.Max)
	case schema.DurationForm:
		return "duration, such as `10s` or `1m30s`"
	case schema.SizeForm:
		return "size, such as `256KiB`"
	case schema.StatusForm:
		return "`404`, `2xx` or `200-299`"
	case schema.WordForm:
		return ticked(t.Words)
	case schema.ListForm:
		list := "list of " + p.takes(*t.Of, f, title)
		if t.Of.Form == schema.NameForm {
			list = "list of names: " + cell(t.Of.Name.String())
		}
		if t.Single {
			list += ", or one alone"
		}
		return list
	case schema.MappingForm:
		if f.Kind == schema.Data && strings.HasSuffix(strings.ToLower(f.Name), "schema") {
			return "JSON Schema"
		}
		return "mapping of names to " + p.takes(*t.Of, f, title)
	}
	of := p.add(t.Object, f.Name, title)
	text := "[" + of + "](" + anchor(of) + ")"
	if len(t.Words) > 0 {
		text += " or " + ticked(t.Words)
	}
	return text
}

// choice says which fields need or exclude one another.
func choice(o *schema.Object, c schema.Choice) string {
	var served []string
	for _, f := range o.Fields {
		if f.Instead == "" && slices.Contains(c.Of, f.Name) {
			served = append(served, f.Name)
		}
	}
	switch {
	case len(served) < 2:
		return ""
	case c.Any && c.Required:
		return "At least one of " + ticked(served) + "."
	case c.Required:
		return "Exactly one of " + ticked(served) + "."
	case !c.Any:
		return "At most one of " + ticked(served) + "."
	}
	return ""
}

// kept lists the words that are known and not served yet.
func (p *page) kept(b *bytes.Buffer) {
	b.WriteString("## Not served yet\n\nThese words are kept; a definition that uses one gets `not-served-yet`.\n\n| field | of | meaning | until then |\n|---|---|---|---|\n")
	for i, line := range p.later {
		if !slices.Contains(p.later[:i], line) {
			b.WriteString(line + "\n")
		}
	}
	b.WriteByte('\n')
}

func writeExpressions(b *bytes.Buffer) {
	b.WriteString(`## Expressions

Expressions are those of [expr-lang](https://expr-lang.org/docs/language-definition), with the functions below. Names in scope:

| name | where | holds |
|---|---|---|
| ` + "`input`" + ` | in a tool | the arguments, defaults applied |
| ` + "`response`" + ` | in ` + "`result`, `isError` and `errors`" + ` of a tool with ` + "`http`, and in `errors`" + ` of an upstream | ` + "`status`, `headers` (names in lower case), `type`, `body`; with `as: bytes`, `bytes` instead of `body`; with `paginate`, `items` and `more`" + ` |
| ` + "`page`" + ` | in ` + "`next`" + ` of ` + "`paginate`" + ` | the number of the page just read, from 1 |
| ` + "`caller`" + ` | in ` + "`access.when`" + ` and in a tool | who calls: ` + "`id`, `name`, `roles`, `scopes`, `claims`" + ` |
| ` + "`env.NAME`" + ` | in an upstream, in ` + "`http`" + ` and in ` + "`access.when`" + `; elsewhere if the server's ` + "`expose`" + ` names it | an environment variable |

Each function with what it gives:

| function | gives |
|---|---|
`)
	for _, f := range expression.Functions() {
		fmt.Fprintf(b, "| `%s` | %s |\n", strings.ReplaceAll(f.Signature, "|", `\|`), cell(f.Doc))
	}
	b.WriteByte('\n')
}

func ticked(words []string) string { return "`" + strings.Join(words, "`, `") + "`" }

// cell makes a sentence fit for a table.
func cell(s string) string { return strings.ReplaceAll(prose(s), "|", `\|`) }

// A Bound is a limit that an operator can move.
type Bound struct {
	Flag    string // as it is written on the command line
	Default string
	Of      string // what is limited
}

func writeBounds(b *bytes.Buffer, bounds []Bound) {
	b.WriteString("## Bounds\n\nEach is a flag of `toolsd serve`; those of reading and checking are flags of the other commands too.\n\n| bound | default | of |\n|---|---|---|\n")
	for _, bound := range bounds {
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", bound.Flag, bound.Default, cell(bound.Of))
	}
}
