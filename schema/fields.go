package schema

// A FieldKind says what the text of a field is to toolsd.
type FieldKind uint8

const (
	// Fixed: a value that is known when the file is loaded; ${ is a diagnostic.
	Fixed FieldKind = iota
	// Expr: a scalar whose source text is an expression; ${ is a diagnostic.
	Expr
	// Templ: text, or a tree of text, with slots ${…}.
	Templ
	// Data: handed on as it is; ${ means nothing.
	Data
)

// A Form is the shape of a field's value.
type Form uint8

const (
	// AnyForm is any value.
	AnyForm Form = iota
	// TextForm is a scalar, taken as its source text where it is plain.
	TextForm
	// LeavesForm is a value whose scalars are text, null apart.
	LeavesForm
	// NameForm is a text that Type.Name allows.
	NameForm
	BooleanForm
	// IntegerForm is a whole number from Type.Min to Type.Max.
	IntegerForm
	// DurationForm is a duration such as 250ms, 10s or 1m30s, more than zero.
	DurationForm
	// SizeForm is a number of bytes, or of KB, MB, KiB or MiB such as 256KiB.
	SizeForm
	// StatusForm is a status such as 404, a class 2xx or a range 200-299.
	StatusForm
	// WordForm is one of Type.Words.
	WordForm
	// ListForm is a list of Type.Of.
	ListForm
	// MappingForm is a mapping of free keys to Type.Of.
	MappingForm
	// ObjectForm is a mapping with the keys of Type.Object.
	ObjectForm
)

// A Type is what a field takes.
type Type struct {
	Form  Form
	Name  *NameRule
	Words []string // of WordForm; of ObjectForm, words that may stand for the object
	// Also gives the words of WordForm for those that other programs have.
	Also     map[string]string
	Of       *Type
	Object   *Object
	Min, Max int64
	// NonEmpty refuses an empty text, list or mapping.
	NonEmpty bool
	// Single lets one element stand for a list of it.
	Single bool
	// OrBoolean lets true and false stand for a mapping, as in JSON Schema.
	OrBoolean bool
}

// A Field is one key of the language.
type Field struct {
	Name     string
	Kind     FieldKind
	Type     Type
	Required bool
	// Default is the value that holds when the field is not written, as it
	// would be written; empty when there is none.
	Default string
	// Meaning is one sentence for the reference.
	Meaning string
	// Since is the version that served the field first.
	Since string
	// With names the field without which this one means nothing.
	With string
	// Instead is set for a field that is not served yet; it says what to do.
	Instead string
	// Also are keys that other programs have for the same, for whoever writes
	// one of them here.
	Also []string
	// WarnJSON asks for a warning when a text looks like JSON.
	WarnJSON bool
}

// An Object is a mapping with known keys.
type Object struct {
	// Name is what messages call it.
	Name    string
	Fields  []Field
	Choices []Choice
	// Example is a short way to write it, on one line, for whoever wrote
	// something that is no mapping; empty where there is none.
	Example string
	// Elsewhere are keys of other objects that are looked for in this one, with
	// where they stand.
	Elsewhere map[string]string
}

// A Choice is a set of fields of which only one may be written.
type Choice struct {
	Of []string
	// Required asks for one of them.
	Required bool
	// Any lets several of them stand together.
	Any bool
}

// field returns the field of a name, or nil.
func (o *Object) field(name string) *Field {
	for i := range o.Fields {
		if o.Fields[i].Name == name {
			return &o.Fields[i]
		}
	}
	return nil
}

// served returns the names of the fields that this version serves.
func (o *Object) served() []string {
	var names []string
	for _, f := range o.Fields {
		if f.Instead == "" {
			names = append(names, f.Name)
		}
	}
	return names
}
