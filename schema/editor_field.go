package schema

import (
	"strconv"
	"strings"
)

// noSlot is a pattern of texts without ${.
const noSlot = `^([^$]|\$+[^${])*\$*$`

// scalars are the JSON types of what is text once it is written: a plain 12
// is as good as '12'.
var scalars = []string{"string", "number", "boolean"}

// templateSchema is that of a template: a value of any shape, keys without
// slots.
var templateSchema = ordered{}.
	with("description", "Text with slots ${…}, or a list or mapping of such texts.").
	with("items", ordered{}.with("$ref", "#/$defs/template")).
	with("additionalProperties", ordered{}.with("$ref", "#/$defs/template")).
	with("propertyNames", fixedKey)

var fixedKey = ordered{}.with("pattern", noSlot).with("patternErrorMessage", "keys are fixed: write the key out, and put the slot into its value")

// field returns the schema of a field of an object with what there is to say
// about it.
func (e *editor) field(o *Object, f *Field) ordered {
	s := ordered{}.with("description", fieldKindNote(f))
	if examples := examplesOf(o, f); len(examples) > 0 {
		s = s.with("examples", examples)
	}
	if f.Default != "" {
		s = s.with("default", defaultOf(f))
	}
	if f.Kind == Data && strings.HasSuffix(strings.ToLower(f.Name), "schema") {
		if f.Type.OrBoolean {
			return s.with("type", []string{"object", "boolean"}).with("$ref", "#/$defs/jsonSchema")
		}
		return s.with("type", "object").with("$ref", "#/$defs/jsonSchema")
	}
	return append(s, e.value(f.Kind, f.Type)...)
}

// fieldKindNote is the meaning of a field, with what its text is where that is
// not just a value.
func fieldKindNote(f *Field) string {
	switch f.Kind {
	case Expr:
		if strings.Contains(f.Meaning, "xpression") {
			return f.Meaning
		}
		return f.Meaning + " An expression."
	case Templ:
		return f.Meaning + " May hold slots ${…}."
	}
	return f.Meaning
}

// defaultOf returns the default of a field as the value that it is.
func defaultOf(f *Field) any {
	switch f.Type.Form {
	case BooleanForm:
		return f.Default == "true"
	case IntegerForm:
		if i, err := strconv.Atoi(f.Default); err == nil {
			return i
		}
	}
	return f.Default
}

// value returns the schema of a type of value.
func (e *editor) value(k FieldKind, t Type) ordered {
	if k == Expr {
		// null is among the types since the word alone is an expression.
		return ordered{}.with("type", append(scalars[:len(scalars):len(scalars)], "null")).
			with("allOf", []any{said, slotless("this is an expression already: names stand in it without ${ }")})
	}
	switch t.Form {
	case AnyForm, LeavesForm:
		if k == Data {
			return ordered{}
		}
		return ordered{}.with("$ref", "#/$defs/template")
	case ListForm:
		return e.list(k, t)
	case MappingForm:
		return e.mapping(k, t)
	case ObjectForm:
		if len(t.Words) == 0 {
			return e.object(t.Object)
		}
		return ordered{}.with("anyOf", []any{e.object(t.Object), ordered{}.with("enum", t.Words)})
	}
	s := scalar(t)
	if k == Fixed && t.Form == TextForm {
		s = s.with("pattern", noSlot).with("patternErrorMessage", "this is fixed when the file is loaded; ${ means nothing here")
	}
	return s
}

func (e *editor) list(k FieldKind, t Type) ordered {
	s := ordered{}.with("type", "array").with("items", e.value(k, *t.Of))
	if t.NonEmpty {
		s = s.with("minItems", 1)
	}
	if t.Single {
		return ordered{}.with("anyOf", []any{e.value(k, *t.Of), s})
	}
	return s
}

func (e *editor) mapping(k FieldKind, t Type) ordered {
	s := ordered{}.with("type", "object")
	if t.OrBoolean {
		s = ordered{}.with("type", []string{"object", "boolean"})
	}
	if k != Data {
		s = s.with("propertyNames", fixedKey)
	}
	if of := e.value(k, *t.Of); len(of) > 0 {
		s = s.with("additionalProperties", of)
	}
	return s
}

// said asks for more than blanks.
var said = ordered{}.with("pattern", `\S`).with("patternErrorMessage", "this is empty")

func slotless(message string) ordered {
	return ordered{}.with("pattern", noSlot).with("patternErrorMessage", message)
}

// scalar returns the schema of a form that is a single value.
func scalar(t Type) ordered {
	switch t.Form {
	case NameForm:
		return nameSchema(t.Name)
	case BooleanForm:
		return ordered{}.with("type", "boolean")
	case IntegerForm:
		return ordered{}.with("type", "integer").with("minimum", t.Min).with("maximum", t.Max)
	case DurationForm:
		return ordered{}.with("type", "string").with("pattern", durationPattern).
			with("patternErrorMessage", "write a number and ms, s, m or h, such as 250ms, 10s or 1m30s")
	case SizeForm:
		return ordered{}.with("type", []string{"string", "integer"}).with("minimum", 1).with("exclusiveMaximum", int64(1)<<40).
			with("pattern", sizePattern).
			with("patternErrorMessage", "write a whole number of bytes, KB, MB, KiB or MiB, such as 256KiB")
	case StatusForm:
		return ordered{}.with("type", []string{"string", "integer"}).with("minimum", 100).with("maximum", 599).
			with("pattern", statusPattern).
			with("patternErrorMessage", "write a status such as 404, a class such as 2xx, or a range such as 200-299")
	case WordForm:
		return ordered{}.with("enum", t.Words)
	}
	s := ordered{}.with("type", scalars)
	if t.NonEmpty {
		s = s.with("allOf", []any{said})
	}
	return s
}

// The patterns follow the readers of units.go as closely as a pattern can.
const (
	durationPattern = `^(0+(ms|[hms]))*0*[1-9][0-9]*(ms|[hms])([0-9]+(ms|[hms]))*$`
	sizePattern     = `^0*([1-9][0-9]{0,12} ?B?|[1-9][0-9]{0,9} ?(KiB|KB)|[1-9][0-9]{0,6} ?(MiB|MB)|([1-9][0-9]{0,2}|10[01][0-9]|102[0-3]) ?GiB|([1-9][0-9]{0,2}|10[0-8][0-9]|109[0-8]) ?GB)$`
	statusPattern   = `^([1-5][xX]{2}|[1-5][0-9]{2}(-[1-5][0-9]{2})?)$`
)

// nameSchema returns the schema of names that follow a rule. Where they may
// begin with a digit, a number is a name.
func nameSchema(r *NameRule) ordered {
	types := []string{"string", "boolean"}
	if strings.Contains(r.First, "0") {
		types = scalars
	}
	length := "*"
	if r.Max > 0 {
		length = "{0," + strconv.Itoa(r.Max-1) + "}"
	}
	return ordered{}.with("type", types).
		with("pattern", "^["+characters(r.First)+"]["+characters(r.Rest)+"]"+length+"$").
		with("patternErrorMessage", "names have "+r.String())
}

// characters are letters and more, between the brackets of a pattern.
func characters(more string) string {
	s := "A-Za-z"
	for _, c := range more {
		switch c {
		case '0':
			s += "0-9"
		case '-':
			s += `\-`
		default:
			s += string(c)
		}
	}
	return s
}
