package engine

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/toolsd/toolsd/engine/expression"
)

// cutTo makes a value fit and returns it as it is sent, with what is said of
// it.
func cutTo(t testing.TB, value any, room, items int) (text, said string) {
	t.Helper()
	m := measure(value, items)
	if m.least > room {
		t.Fatalf("%d bytes are the least, there is room for %d", m.least, room)
	}
	var c cutter
	text, err := expression.Text(c.fit(&m, room, nil))
	if err != nil {
		t.Fatal(err)
	}
	return text, c.said()
}

// decode reads JSON as calls do.
func decode(t testing.TB, text string) any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestFit(t *testing.T) {
	numbers := func(n int) string { return "[" + strings.Repeat("1,", n-1) + "1]" }
	for _, test := range []struct {
		name, value string
		room        int
		want, said  string
	}{
		{"a list keeps what fits", numbers(50), 9, "[1,1,1,1]", "the list (the whole) holds 4 of 50 elements"},
		{"the list inside, not the one around it", "[" + numbers(50) + "]", 11, "[[1,1,1,1]]", "the list /0 holds 4 of 50 elements"},
		{"small members stay whole", `{"a":` + numbers(99) + `,"b":[1,2],"c":` + numbers(99) + `}`, 139, "", "the list /a holds 29 of 99 elements; the list /c holds 29 of 99 elements"},
		{"as many members as fit", `{"a":1,"b":2,"c":3}`, 13, `{"a":1,"b":2}`, "the object (the whole) holds 2 of 3 members"},
		{"the member that is too large goes", `{"a":"` + strings.Repeat("x", 200) + `","b":1}`, 7, `{"b":1}`, "the object (the whole) holds 1 of 2 members"},
		{"one is cut rather than none kept", `{"a~/b":"` + strings.Repeat("x", 200) + `","b":"` + strings.Repeat("x", 200) + `"}`, 20, `{"a~/b":"xxxxxxxxx"}`, "the text /a~0~1b was cut; the object (the whole) holds 1 of 2 members"},
		{"an element too large for any list is cut", `[1,{"t":"` + strings.Repeat("x", 200) + `"},3]`, 60, `[1,{"t":"` + strings.Repeat("x", 48) + `"}]`, "the text /1/t was cut; the list (the whole) holds 2 of 3 elements"},
		{"escapes count as written", `["\n\n\n\n"]`, 9, `["\n\n"]`, "the text /0 was cut"},
		{"characters stay whole", `["äöü"]`, 9, `["äö"]`, "the text /0 was cut"},
		{"nothing but the frame", `{"a":[1,2,3]}`, 2, `{}`, "the object (the whole) holds 0 of 1 members"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, said := cutTo(t, decode(t, test.value), test.room, 100)
			if test.want != "" && got != test.want || len(got) > test.room {
				t.Errorf("got  %s (%d bytes)\nwant %s", got, len(got), test.want)
			}
			if said != test.said {
				t.Errorf("said %s\nwant %s", said, test.said)
			}
		})
	}
}

// What is large in one way or another is gone through once or twice, not once
// for each part: the quadratic way would take hours here.
func TestCutsAreLinear(t *testing.T) {
	const n = 300_000
	var nested any = "inside"
	for range 100_000 {
		nested = []any{nested}
	}
	texts, object, lists := make([]any, n), map[string]any{}, make([]any, n)
	for i := range n {
		texts[i], object["key "+strconv.Itoa(i)], lists[i] = "text", "x", []any{"x", "y"}
	}
	for name, value := range map[string]any{
		"lists in lists": nested, "texts": texts, "members": object, "lists beside each other": lists,
		"lists in members": map[string]any{"a": lists, "b": map[string]any{"c": lists}},
	} {
		m := measure(value, n)
		var c cutter
		if left := measure(c.fit(&m, 256<<10, nil), n); left.size > 256<<10 || left.size < 100<<10 && name != "lists in lists" {
			t.Errorf("%s: %d bytes are left of %d", name, left.size, m.size)
		}
		if len(c.said()) > 2000 {
			t.Errorf("%s: what was cut takes %d bytes to say", name, len(c.said()))
		}
	}
}

// The laws of cutting: measuring tells what is written; what is cut fits, and
// holds nothing that was not there; the original stays as it was.
func FuzzFit(f *testing.F) {
	f.Add(`{"a":[1,2,{"b":"\u2028\"\u0007é"}],"c":null,"d":-1.5e3}`, uint16(20), uint8(2))
	f.Add(`[[[["x"]]],["`+strings.Repeat("long ", 40)+`"]]`, uint16(60), uint8(9))
	f.Fuzz(func(t *testing.T, text string, room uint16, items uint8) {
		var value any
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		if d.Decode(&value) != nil {
			return
		}
		written, err := jsonOf(value)
		if err != nil {
			return
		}
		whole := measure(value, 1<<30)
		if whole.size != len(written) || whole.least > whole.size {
			t.Fatalf("measured %d and at least %d for the %d bytes of %s", whole.size, whole.least, len(written), written)
		}
		m := measure(value, int(items))
		if m.least > int(room) {
			return
		}
		var c cutter
		short := c.fit(&m, int(room), nil)
		cut, err := jsonOf(short)
		switch {
		case err != nil || !json.Valid([]byte(cut)):
			t.Fatalf("not JSON: %s", cut)
		case len(cut) > int(room) || longestList(short) > int(items):
			t.Errorf("%d bytes, a list of %d: %s", len(cut), longestList(short), cut)
		case !partOf(short, value):
			t.Errorf("%s is no part of %s", cut, written)
		case cut != written && c.said() == "":
			t.Errorf("nothing is said of what was cut out of %s", written)
		}
		if after, _ := jsonOf(value); after != written {
			t.Errorf("the original has become %s", after)
		}
	})
}

// jsonOf writes a value inside a list, where texts are quoted and null is
// written.
func jsonOf(value any) (string, error) {
	text, err := expression.Text([]any{value})
	return strings.TrimSuffix(strings.TrimPrefix(text, "["), "]"), err
}

func partOf(part, whole any) bool {
	switch p := part.(type) {
	case string:
		w, ok := whole.(string)
		return ok && strings.HasPrefix(w, p)
	case []any:
		w, ok := whole.([]any)
		if !ok || len(p) > len(w) {
			return false
		}
		for i := range p {
			if !partOf(p[i], w[i]) {
				return false
			}
		}
		return true
	case map[string]any:
		w, ok := whole.(map[string]any)
		for key := range p {
			if _, there := w[key]; !ok || !there || !partOf(p[key], w[key]) {
				return false
			}
		}
		return ok
	}
	return part == whole
}

func TestCutText(t *testing.T) {
	for n, want := range []string{"", "a", "a", "aé", "aé", "aé", "aé", "aé😀", "aé😀"} {
		if got := cutText("aé😀", n); got != want {
			t.Errorf("cut to %d bytes: %q, want %q", n, got, want)
		}
	}
	if cut := cutText(string(bytes.Repeat([]byte{0x80}, 9)), 5); !slices.Contains([]string{"", "\x80\x80\x80\x80\x80"}, cut) {
		t.Errorf("bytes that are no text are cut to %q", cut)
	}
}
