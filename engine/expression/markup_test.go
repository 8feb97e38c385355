package expression

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"
)

// document is what a template with calls of xml comes to for a name; ok is
// false when the template is refused.
func document(t testing.TB, text, name string) (got string, ok bool) {
	t.Helper()
	s := testScope()
	s.Request = true
	template, _ := s.CheckTemplate(textNode(text))
	if template == nil {
		return "", false
	}
	r, err := BuildTemplate(template, s, Bounds{})
	if err != nil {
		t.Fatal(err)
	}
	value, err := Render(context.Background(), r, Vars{"input": map[string]any{"name": name}}, InRequest)
	if err != nil {
		return "", false
	}
	got, _ = value.(string)
	return got, true
}

// What xml writes is right between tags, in quotes and where quotes are
// missing, and is refused wherever else it may stand.
func TestWhereXMLTakesValues(t *testing.T) {
	const x, e = "${xml(input.name)}", "&lt;&#34; &amp; &#39;&gt;"
	for text, want := range map[string]string{
		"<a>" + x + "</a>":                                           "<a>" + e + "</a>",
		x + " and " + x:                                              e + " and " + e,
		"a < b " + x:                                                 "a < b " + e,
		"<a>1 = " + x + "</a>":                                       "<a>1 = " + e + "</a>",
		`<a b="` + x + `"/>`:                                         `<a b="` + e + `"/>`,
		`<a b='` + x + `'/>`:                                         `<a b='` + e + `'/>`,
		`<a b="/x?y=` + x + `&amp;z=` + x + `">`:                     `<a b="/x?y=` + e + `&amp;z=` + e + `">`,
		"<a b=" + x + " c = " + x + "/>":                             `<a b="` + e + `" c = "` + e + `"/>`,
		"<a b=" + x + ">" + x + "</a>":                               `<a b="` + e + `">` + e + `</a>`,
		"<a b=" + x:                                                  `<a b="` + e + `"`,
		"<a b='>'>" + x + "</a>":                                     "<a b='>'>" + e + "</a>",
		"<?xml version='1.0'?><!-- > -->" + x:                        "<?xml version='1.0'?><!-- > -->" + e,
		"<!DOCTYPE a [<!ENTITY b '>'>]><a>" + x:                      "<!DOCTYPE a [<!ENTITY b '>'>]><a>" + e,
		"<![CDATA[<]]>" + x:                                          "<![CDATA[<]]>" + e,
		"<script>" + x + "</script>":                                 "<script>" + e + "</script>",
		"<html><style>a</style><p>" + x:                              "<html><style>a</style><p>" + e,
		`${"<a b='" + xml(input.name) + "'/>"} `:                     "<a b='" + e + "'/> ",
		`${"<a>" + xml(input.name) + "</a>"} `:                       "<a>" + e + "</a> ",
		"<a b=${1} c='" + x + "'/>":                                  "<a b=1 c='" + e + "'/>",
		`${"<a b=" + string(1) + " c='" + xml(input.name) + "'/>"} `: "<a b=1 c='" + e + "'/> ",
		"<" + x + "/>":                                               "",
		"</" + x + ">":                                               "",
		"<a " + x + "/>":                                             "",
		"<a b" + x + "='c'/>":                                        "",
		"<a b=c" + x + "/>":                                          "",
		"<a b=" + x + "c/>":                                          "",
		"<a b=" + x + x + "/>":                                       "",
		"<!-- " + x + " -->":                                         "",
		"<![CDATA[" + x + "]]>":                                      "",
		"<?a " + x + "?>":                                            "",
		"<!DOCTYPE " + x + ">":                                       "",
		"<!DOCTYPE a [<!ENTITY b '>" + x + "'>]>":                    "",
		"<!doctype HTML><Script>1 < 2; " + x:                         "",
		"<html><style a='>'>" + x:                                    "",
		`${"<a b=" + xml(input.name) + "/>"} `:                       "",
		`${"<!--" + xml(input.name) + "-->"} `:                       "",
		"name eq '" + x + "'":                                        "",
		`${"name eq '" + xml(input.name) + "'"} `:                    "",
		`${"<a b='" + input.name + "'/>"} ` + x + "":                 "",
		`<a b="` + x + `">${"'" + input.name + "'"}<a`:               "",
	} {
		got, ok := document(t, text, `<" & '>`)
		if ok != (want != "") || got != want {
			t.Errorf("%s: got %q (%v), want %q", text, got, ok, want)
		}
	}
	for _, name := range []string{"\x00", "a\x1b", "\ufffe", "\xff"} {
		if got, ok := document(t, "<a>"+x+"</a>", name); ok {
			t.Errorf("%q becomes %q", name, got)
		}
	}
}

// Wherever a value of xml is accepted in a document, it is there when the
// document is read, and all around it is as with any other value.
func FuzzXML(f *testing.F) {
	for _, seed := range [][2]string{
		{"<a>", "</a>"}, {"<a b=\"", "\"/>"}, {"<a b=", "/>"}, {"<a b = ", " c='d'>e</a>"}, {"<a><!-- < -->", "</a>"}, {"<a><![CDATA[<]]>", "<b/></a>"},
		{"<?xml version='1.0'?><a b='>", "x'/>"}, {"<!DOCTYPE a [<!ENTITY b 'c'>]><a>", "</a>"}, {"<a><b c=d ", "/></a>"}, {"<a b", "='c'/>"}, {"<a><!--", "--></a>"}, {"<html><script>", "</script></html>"},
	} {
		for _, value := range []string{"", "x", ` onclick="a"`, "'/><b c='", "]]><b/>", "--><b/>", "&amp;", "a\r\nb\tc ", "\u2028ü😀", "</a>"} {
			f.Add(seed[0], seed[1], value)
		}
	}
	f.Fuzz(func(t *testing.T, before, after, value string) {
		if !utf8.ValidString(before) || !utf8.ValidString(after) || strings.Contains(before+after, "$") {
			return
		}
		const plain = "v9v9v"
		text := before + "${xml(input.name)}" + after
		with, ok := document(t, text, plain)
		if !ok || strings.Contains(before+after, plain) {
			return
		}
		wanted, err := tokens(with)
		if err != nil {
			return // the document itself is broken
		}
		got, ok := document(t, text, value)
		if !ok {
			if utf8.ValidString(value) && !strings.ContainsFunc(value, notInXML) {
				t.Fatalf("%q is refused in %q", value, text)
			}
			return
		}
		read, err := tokens(got)
		if err != nil {
			t.Fatalf("%q: %v", got, err)
		}
		if want := strings.ReplaceAll(wanted, plain, value); read != want {
			t.Fatalf("%q is read as\n%q, want\n%q", got, read, want)
		}
	})
}

// tokens writes down what a document is read as.
func tokens(text string) (string, error) {
	d := xml.NewDecoder(strings.NewReader(text))
	var b strings.Builder
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return b.String(), nil
		}
		if err != nil {
			return "", err
		}
		switch token := token.(type) {
		case xml.StartElement:
			b.WriteString("<" + token.Name.Space + ":" + token.Name.Local)
			for _, a := range token.Attr {
				b.WriteString(" " + a.Name.Space + ":" + a.Name.Local + "=" + a.Value)
			}
			b.WriteString(">")
		case xml.EndElement:
			b.WriteString("</" + token.Name.Local + ">")
		case xml.CharData:
			b.Write(token)
		case xml.Comment:
			b.WriteString("<!--" + string(token) + "-->")
		case xml.ProcInst:
			b.WriteString("<?" + token.Target + string(token.Inst) + "?>")
		case xml.Directive:
			b.WriteString("<!" + string(token) + ">")
		}
	}
}
