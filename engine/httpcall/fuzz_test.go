package httpcall

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// seeds are values that other programs of this kind have fallen for.
func seeds(f *testing.F) {
	for _, s := range []string{
		"", "a", "a b/../c", "1?x=y", "1/extra", "p1:delete", "..", ".", "%2e%2e", `\..\`, "\r\nX: y", "\x00", "ü", `"`, "'", "#", "@evil.example.com",
		"//evil.example.com", "https://evil.example.com", "${x}", "&a=b", "a]=1&b[", "+", `x", "role": "admin`, "\u2028", "\U0001f600",
	} {
		f.Add(s, "z")
		f.Add("z", s)
	}
}

// Whatever the values are, the URL keeps scheme, host and number of path
// segments, and its query its keys and values.
func FuzzURL(f *testing.F) {
	p := build(f, tool("https://api.example.com:8443/v1", "", "path: /a/${input.x}/b-${input.y}${input.x}/c\nquery: {k: '${input.x}', l: 'm ${input.y}'}"), nil)
	seeds(f)
	f.Fuzz(func(t *testing.T, x, y string) {
		r, err := p.render(context.Background(), inputs(map[string]any{"x": x, "y": y}))
		if err != nil {
			return
		}
		u, err := url.Parse(r.url(p.address.base.origin, r.query.String()))
		if err != nil {
			t.Fatal(err)
		}
		if u.Scheme != "https" || u.Host != "api.example.com:8443" || u.Fragment != "" || u.User != nil {
			t.Fatalf("the URL leads elsewhere: %s", u)
		}
		segments := strings.Split(u.EscapedPath(), "/")
		if len(segments) != 6 || segments[1] != "v1" || segments[2] != "a" || segments[5] != "c" {
			t.Fatalf("the path has another shape: %s", u)
		}
		if got, _ := url.PathUnescape(segments[3]); got != x {
			t.Fatalf("the segment is %q, want %q", got, x)
		}
		if slices.ContainsFunc(segments, func(s string) bool { return isDotted(unescape(s)) }) {
			t.Fatalf("the path holds dots: %s", u)
		}
		if q, err := url.ParseQuery(u.RawQuery); err != nil || len(q) != 2 || q.Get("k") != x || q.Get("l") != "m "+y {
			t.Fatalf("the query has another shape: %s (%v)", u, err)
		}
	})
}

// A header stays one line, and no other header appears.
func FuzzHeader(f *testing.F) {
	p := build(f, tool("https://api.example.com", "", "path: /\nheaders: {X-One: 'a ${input.x}', X-List: ['${input.x}', '${input.y}']}"), nil)
	seeds(f)
	f.Fuzz(func(t *testing.T, x, y string) {
		r, err := p.render(context.Background(), inputs(map[string]any{"x": x, "y": y}))
		if err != nil {
			return
		}
		var written strings.Builder
		if err := r.header.Write(&written); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSuffix(written.String(), "\r\n"), "\r\n")
		names := make([]string, len(lines))
		for i, l := range lines {
			names[i], _, _ = strings.Cut(l, ":")
		}
		if !slices.Equal(names, []string{"User-Agent", "X-List", "X-One"}) || hasControl(strings.ReplaceAll(written.String(), "\r\n", "")) {
			t.Fatalf("the header block has another shape: %q", written.String())
		}
		if got := http.Header(r.header).Get("X-One"); got != strings.Trim("a "+x, " \t") {
			t.Fatalf("X-One = %q", got)
		}
	})
}

// The JSON around a slot keeps its shape.
func FuzzJSON(f *testing.F) {
	p := build(f, tool("https://api.example.com", "", "json: {role: reader, list: [1, '${input.x}', 3], deep: {v: 'a ${input.y} b'}}"), nil)
	seeds(f)
	f.Fuzz(func(t *testing.T, x, y string) {
		if !utf8.ValidString(x) || !utf8.ValidString(y) {
			return // arguments are JSON
		}
		r, err := p.render(context.Background(), inputs(map[string]any{"x": x, "y": y}))
		if err != nil {
			t.Fatal(err)
		}
		var got struct {
			Role string
			List []any
			Deep map[string]string
		}
		d := json.NewDecoder(strings.NewReader(string(r.body)))
		d.DisallowUnknownFields()
		if err := d.Decode(&got); err != nil {
			t.Fatalf("%s: %v", r.body, err)
		}
		if got.Role != "reader" || len(got.List) != 3 || got.List[1] != x || len(got.Deep) != 1 || got.Deep["v"] != "a "+y+" b" {
			t.Fatalf("the body has another shape: %s", r.body)
		}
	})
}

// A form keeps its keys, and gives back the values and the keys of objects.
func FuzzForm(f *testing.F) {
	p := build(f, tool("https://api.example.com", "", "form: {a: '${input.x}', o: '${ {k: input.y} }', m: '${input.m}'}"), nil)
	seeds(f)
	f.Fuzz(func(t *testing.T, x, y string) {
		r, err := p.render(context.Background(), inputs(map[string]any{"x": x, "y": y, "m": map[string]any{x: y}}))
		if err != nil {
			t.Fatal(err)
		}
		form, err := url.ParseQuery(string(r.body))
		if err != nil {
			t.Fatalf("%s: %v", r.body, err)
		}
		want := url.Values{"a": {x}, "o[k]": {y}, "m[" + x + "]": {y}}
		if form.Encode() != want.Encode() {
			t.Fatalf("the form is %v, want %v", form, want)
		}
	})
}
