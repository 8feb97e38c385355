package schema

import (
	"strings"
	"testing"
)

// TestFieldTable holds that the table says all that the reference needs, and
// that its defaults are values that its types take.
func TestFieldTable(t *testing.T) {
	for kind, o := range Documents() {
		if o.Fields[0].Name != string(kind) || o.Fields[0].Type.Form != NameForm {
			t.Errorf("the first field of %s must be its name", kind)
		}
		checkObject(t, string(kind), o)
	}
}

func checkObject(t *testing.T, path string, o *Object) {
	t.Helper()
	seen := make(map[string]bool)
	for _, f := range o.Fields {
		at := path + "." + f.Name
		if seen[f.Name] || f.Since == "" || !strings.HasSuffix(f.Meaning, ".") || strings.Contains(f.Meaning, "\n") {
			t.Errorf("%s is not well described", at)
		}
		seen[f.Name] = true
		for _, word := range f.Also {
			if seen[word] || o.field(word) != nil {
				t.Errorf("%s is also %q, which is another field's word", at, word)
			}
			seen[word] = true
		}
		if f.With != "" && o.field(f.With) == nil {
			t.Errorf("%s needs %s, which is not a field", at, f.With)
		}
		if f.Default != "" {
			checkDefault(t, at, f)
		}
		switch f.Type.Form {
		case ObjectForm:
			checkObject(t, at, f.Type.Object)
		case ListForm:
			if f.Type.Of.Form == ObjectForm {
				checkObject(t, at, f.Type.Of.Object)
			}
		}
	}
	for _, c := range o.Choices {
		for _, name := range c.Of {
			if o.field(name) == nil {
				t.Errorf("%s chooses %s, which is not a field", path, name)
			}
		}
	}
}

func checkDefault(t *testing.T, at string, f Field) {
	t.Helper()
	kind, odd := resolve(f.Default)
	w := walker{}
	w.value(&Node{Kind: kind, Text: f.Default, inside: inside{odd: odd}}, f.Kind, f.Type, f.Name)
	if len(w.diagnostics) > 0 {
		t.Errorf("the default of %s is not one of its values: %v", at, w.diagnostics)
	}
}
