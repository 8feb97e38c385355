package schema

// Documents returns the field table: one object for each kind of document
// that this version serves. The caller must not write to it.
func Documents() map[Kind]*Object {
	all := make(map[Kind]*Object)
	for _, w := range kindWords {
		if o := document(Kind(w)); o != nil {
			all[Kind(w)] = o
		}
	}
	return all
}

// document returns the object of a kind, or nil when there is none.
func document(k Kind) *Object {
	switch k {
	case KindTool:
		return &toolObject
	case KindUpstream:
		return &upstreamObject
	case KindServer:
		return &serverObject
	}
	return nil
}

// kindWords are the keys that say what a document defines, the ones that are
// not served yet among them.
var kindWords = []string{"tool", "upstream", "server", "resource", "prompt"}

// Types that several fields share.
var (
	textType     = Type{Form: TextForm}
	proseType    = Type{Form: TextForm, NonEmpty: true}
	anyType      = Type{Form: AnyForm}
	mappingType  = Type{Form: MappingForm, Of: &anyType}
	leavesType   = Type{Form: MappingForm, Of: &Type{Form: LeavesForm}}
	booleanType  = Type{Form: BooleanForm}
	durationType = Type{Form: DurationForm}
	sizeType     = Type{Form: SizeForm}
	schemaType   = Type{Form: MappingForm, Of: &anyType, OrBoolean: true}
)

func listOf(t Type) Type { return Type{Form: ListForm, Of: &t} }

func someOf(t Type) Type { return Type{Form: ListForm, Of: &t, NonEmpty: true} }

func words(w ...string) Type { return Type{Form: WordForm, Words: w} }

// orWords adds words of other programs, in lower case, to those of a type.
func (t Type) orWords(also map[string]string) Type {
	t.Also = also
	return t
}

func object(o *Object) Type { return Type{Form: ObjectForm, Object: o} }

func name(r *NameRule) Type { return Type{Form: NameForm, Name: r} }

var accessObject = Object{
	Name: "access",
	Fields: []Field{
		{Name: "scopes", Type: someOf(proseType), Since: "0.1", Meaning: "The caller must have all of these scopes."},
		{Name: "roles", Type: someOf(proseType), Since: "0.1", Meaning: "The caller must have one of these roles."},
		{Name: "when", Kind: Expr, Type: textType, Since: "0.1", Meaning: "An expression that must be true for the caller."},
	},
	Choices: []Choice{{Of: []string{"scopes", "roles", "when"}, Required: true, Any: true}},
}

var limitObject = Object{
	Name: "limit",
	Fields: []Field{
		{Name: "bytes", Type: sizeType, Default: "256KiB", Since: "0.1", Meaning: "The most bytes of text and JSON in a result; more is cut, and said so."},
		{Name: "items", Type: Type{Form: IntegerForm, Min: 1, Max: 1_000_000}, Default: "1000", Since: "0.1", Meaning: "The most elements of a list in a result."},
	},
}

var serverObject = Object{
	Name: "server",
	Fields: []Field{
		{Name: "server", Type: name(&serverName), Required: true, Since: "0.1", Meaning: "The name by which clients know the server."},
		{Name: "title", Type: proseType, Since: "0.1", Meaning: "The name that people are shown."},
		{Name: "version", Type: proseType, Since: "0.1", Meaning: "The version that clients are told."},
		{Name: "instructions", Type: proseType, Since: "0.1", Meaning: "What a model should know of the tools as a whole."},
		{Name: "expose", Type: listOf(name(&envName)), Since: "0.1", Meaning: "The environment variables that may be used outside requests, where a caller could see them."},
		{Name: "access", Type: object(&accessObject), Since: "0.1", Meaning: "Who may use the server; the access of each tool holds besides."},
		{Name: "limit", Type: object(&limitObject), Since: "0.1", Meaning: "The size at which results are cut where a tool does not say."},
		{Name: "timeout", Type: durationType, Default: "30s", Since: "0.1", Meaning: "How long a call may take where a tool does not say."},
		{Name: "onBroken", Type: words("keep", "withdraw"), Default: "keep", Since: "0.1", Meaning: "Whether a definition that breaks keeps its last good version or is withdrawn."},
		{Name: "disclosure", Instead: "leave it out: all tools are listed", Since: "0.2", Meaning: "Whether all tools are listed or found by a search."},
	},
}
