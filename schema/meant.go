package schema

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

// fieldsByName are the fields of the language by name.
var fieldsByName = sync.OnceValue(func() map[string][]*Field {
	found := make(map[string][]*Field)
	seen := make(map[*Object]bool)
	var look func(o *Object)
	look = func(o *Object) {
		if seen[o] {
			return
		}
		seen[o] = true
		for i := range o.Fields {
			f := &o.Fields[i]
			found[f.Name] = append(found[f.Name], f)
			for t := &f.Type; t != nil; t = t.Of {
				if t.Object != nil {
					look(t.Object)
				}
			}
		}
	}
	for _, o := range Documents() {
		look(o)
	}
	return found
})

// isField reports whether a key is that of a field, wherever it stands.
func isField(key string) bool { return len(fieldsByName()[key]) > 0 }

// takesExpression reports whether a key, wherever it stands, is that of a
// field that holds an expression.
func takesExpression(key string) bool {
	key = bare(key)
	if key == "items" { // mostly that of JSON Schema
		return false
	}
	return slices.ContainsFunc(fieldsByName()[key], func(f *Field) bool { return f.Kind == Expr })
}

// takesText reports whether a key is that of text or of an expression wherever
// it stands, so that a value that looks like a list or a mapping is none.
func takesText(key string) bool {
	key = bare(key)
	if key == "pattern" || key == "format" { // of JSON Schema
		return true
	}
	fields := fieldsByName()[key]
	return len(fields) > 0 && !slices.ContainsFunc(fields, func(f *Field) bool { return f.Kind != Expr && f.Type.Form != TextForm })
}

// bare returns a key without its quotes.
func bare(key string) string { return strings.Trim(key, `"'`) }

// asMapping is a value that could as well be an entry of a mapping on the line
// of its key.
var asMapping = regexp.MustCompile(`^[A-Za-z0-9_-]+:(?:[ \t]|$)`)

// aliasWord is a value that can be nothing but an alias of YAML.
var aliasWord = regexp.MustCompile(`^\*[A-Za-z0-9_-]*$`)

// meantWhole reports whether a value that YAML does not take without quotes
// can only have been meant as the text that it is. code is what YAML took
// offence at.
func meantWhole(code Code, key, value string) bool {
	if strings.Contains(value, " #") || strings.Contains(value, "\t#") {
		return false // a comment, perhaps
	}
	switch code {
	case codePlainColon:
		return takesText(key) || !asMapping.MatchString(value)
	case codeAfterQuote:
		// "say "hi" to me" may be meant with its outer quotes or without them.
		return takesExpression(key) || value[0] != value[len(value)-1] || withoutQuotes(value) != value
	case codeReservedStart:
		return value[0] != '|' && value[0] != '>' // which begin a block in the wrong place
	case codeTag:
		return takesExpression(key)
	case codeAlias:
		return !aliasWord.MatchString(value)
	case codeUnclosedFlow:
		return takesText(key)
	}
	return false
}

// quoting is the change that quotes a value of a line, where it can only have
// been meant whole.
func quoting(code Code, key string, line, from int, value string) []change {
	if value == "" || !meantWhole(code, key, value) {
		return nil
	}
	return []change{{line, from, from + len(value), singleQuoted(withoutQuotes(value))}}
}
