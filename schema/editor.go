package schema

import (
	"bytes"
	"encoding/json"
	"strings"
)

// EditorSchema returns the JSON Schema (2020-12) by which editors complete,
// explain and check a document, made of the field table. It accepts every
// document without errors, and refuses what Parse finds wanting in the tree
// of keys and values. What shows in the text alone (a comment that cuts a
// value short), and what needs more than the document (the type of an
// expression), is left to the check.
func EditorSchema() []byte {
	e := editor{names: make(map[string]*Object)}
	root := ordered{}.
		with("$schema", "https://json-schema.org/draft/2020-12/schema").
		with("title", "toolsd").
		with("description", "A document of toolsd: a tool, an upstream or a server.").
		with("type", "object")
	root = append(root, e.kinds()...)
	defs := ordered{}.with("template", templateSchema).with("jsonSchema", keywordSchema())
	root = root.with("$defs", append(defs, e.defs...))
	var b bytes.Buffer
	w := json.NewEncoder(&b)
	w.SetEscapeHTML(false)
	w.SetIndent("", "  ")
	if err := w.Encode(root); err != nil {
		panic(err) // strings, numbers and booleans alone
	}
	return b.Bytes()
}

// editor collects the definitions of a schema under construction.
type editor struct {
	names map[string]*Object
	defs  ordered
}

// kinds holds a document against the object of its kind; one that has none
// yet is offered the keys that begin one.
func (e *editor) kinds() ordered {
	first, some := ordered{}, []any{}
	branch := ordered{}
	var served []string
	for _, word := range kindWords {
		if o := document(Kind(word)); o != nil {
			served = append(served, word)
			first = first.with(word, e.field(o, o.field(word)))
		}
	}
	for _, word := range served {
		some = append(some, ordered{}.with("required", []string{word}).with("errorMessage", "the document does not say what it defines: begin it with "+orList(served)+" and a name"))
	}
	branch = branch.with("properties", first).with("anyOf", some)
	for i := len(served) - 1; i >= 0; i-- {
		word := served[i]
		branch = ordered{}.
			with("if", ordered{}.with("required", []string{word})).
			with("then", e.object(document(Kind(word)))).
			with("else", branch)
	}
	return branch
}

// object returns a reference to the definition of an object. One whose name
// does not tell it from others is written where it stands.
func (e *editor) object(o *Object) ordered {
	name := definitionName(o.Name)
	other, taken := e.names[name]
	if name == "" || taken && other != o {
		return e.members(o)
	}
	if !taken {
		e.names[name] = o
		at := len(e.defs)
		e.defs = e.defs.with(name, nil)
		e.defs[at].value = e.members(o)
	}
	return ordered{}.with("$ref", "#/$defs/"+name)
}

// definitionName is what messages call an object, as one word without its
// article.
func definitionName(name string) string {
	if name == "this" {
		return ""
	}
	words := strings.Fields(name)
	if len(words) > 1 && (words[0] == "a" || words[0] == "an") {
		words = words[1:]
	}
	for i := range words[1:] {
		words[i+1] = strings.ToUpper(words[i+1][:1]) + words[i+1][1:]
	}
	return strings.Join(words, "")
}

// members returns the schema of a mapping with known keys.
func (e *editor) members(o *Object) ordered {
	properties := ordered{}
	required := []string{}
	needs := ordered{}
	for i := range o.Fields {
		f := &o.Fields[i]
		if f.Instead != "" {
			properties = properties.with(f.Name, refused(f.Name+" is not served yet: "+f.Instead))
			continue
		}
		properties = properties.with(f.Name, e.field(o, f))
		if f.Required {
			required = append(required, f.Name)
		}
		if f.With != "" {
			needs = needs.with(f.Name, []string{f.With})
		}
	}
	s := ordered{}.with("type", "object").with("properties", properties).with("additionalProperties", false)
	if len(required) > 0 {
		s = s.with("required", required)
	}
	if len(needs) > 0 {
		s = s.with("dependentRequired", needs)
	}
	if rules := choices(o); len(rules) > 0 {
		s = s.with("allOf", rules)
	}
	return s
}

// choices returns a rule for each set of fields that need or exclude one
// another.
func choices(o *Object) []any {
	var rules []any
	for _, c := range o.Choices {
		served := o.among(c.Of)
		if c.Required {
			var some []any
			for _, name := range served {
				some = append(some, ordered{}.with("required", []string{name}).with("errorMessage", o.Name+" needs one of "+strings.Join(served, ", ")))
			}
			rules = append(rules, ordered{}.with("anyOf", some))
		}
		if c.Any {
			continue
		}
		for i, name := range served[:len(served)-1] {
			others := ordered{}
			for _, other := range served[i+1:] {
				others = others.with(other, refused(name+" and "+other+" exclude each other: keep one of them"))
			}
			rules = append(rules, ordered{}.
				with("if", ordered{}.with("required", []string{name})).
				with("then", ordered{}.with("properties", others)))
		}
	}
	return rules
}

// among returns those of some fields that this version serves.
func (o *Object) among(names []string) []string {
	var served []string
	for _, name := range names {
		if o.field(name).Instead == "" {
			served = append(served, name)
		}
	}
	return served
}

// refused is the schema of a key that must not be written.
func refused(why string) ordered {
	return ordered{}.with("enum", []any{}).with("errorMessage", why).with("doNotSuggest", true)
}

// orList writes words as people do: a, b or c.
func orList(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}
