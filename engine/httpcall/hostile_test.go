package httpcall

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Tools that read an answer in another way read another answer.
func TestKeptAnswersAreReadInOneWay(t *testing.T) {
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-ndjson")
		fmt.Fprint(w, "1\n2\n3\n")
	}))
	defer upstream.Close()
	c := newClient(t, ClientOptions{})
	for _, tt := range []struct {
		response string
		want     any
	}{
		{"{maxItems: 2}", []any{1, 2}},
		{"{maxItems: 3}", []any{1, 2, 3}},
		{"{as: text}", "1\n2\n3\n"},
	} {
		p := build(t, tool(upstream.URL, "cache: {ttl: 1m}", "response: "+tt.response), nil)
		response, _ := p.Run(t.Context(), c, inputs(nil))
		if diff := cmp.Diff(tt.want, response["body"]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.response, diff)
		}
	}
}

// Each declaration of an encoding would be a reader around the readers before.
func TestXMLDeclaresItsCharsetOnce(t *testing.T) {
	const declaration = `<?xml version="1.0" encoding="windows-1252"?>`
	if value, err := decodeXML([]byte(declaration+"<a>\xe9</a>"), ""); err != nil || !cmp.Equal(value, any(map[string]any{"a": "é"})) {
		t.Errorf("%v, %v", value, err)
	}
	for _, text := range []string{
		strings.Repeat(declaration, 2) + "<a/>",
		"<a>" + declaration + "</a>",
		"<a/>" + declaration,
		strings.Repeat(declaration, 50_000) + "<a/>",
	} {
		if value, err := decodeXML([]byte(text), ""); err == nil {
			t.Errorf("%.60q: %v", text, value)
		}
	}
}

func TestCSVOfManyColumns(t *testing.T) {
	names := columnNames(strings.Split(strings.Repeat("a,", 200_000), ",")) // in linear time
	if got := names[len(names)-2]; got != "a_200000" {
		t.Errorf("the last is %q", got)
	}
	if got := columnNames([]string{"a", "a_2", "a", "a"}); !slices.Equal(got, []string{"a", "a_2", "a_3", "a_4"}) {
		t.Errorf("names = %q", got)
	}
	if _, err := decodeCSV(strings.Repeat(",", mostCells), ','); err != errCells {
		t.Errorf("err = %v", err)
	}
}
