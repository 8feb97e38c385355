package httpcall

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// What is small as it comes and large as data, or slow to read, is bounded by
// counts: of values, of names and of steps.
func TestBombsOfFormats(t *testing.T) {
	const mib = 1 << 20
	many := func(n int, piece string) string { return strings.Repeat(piece, n) }
	numbered := func(n int, piece string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, piece, i)
		}
		return b.String()
	}
	tests := []struct {
		name, as, text string
		message        string // "" is an answer
	}{
		{"csv of many columns of one name", "csv", many(mib, "a,") + "a\n", "api answered with a table of more than 500000 cells, which is the most that is read; ask for less"},
		{"csv of as many columns of one name as there may be", "csv", many(mostCells-1, "a,") + "a\n", ""},
		{"csv of many columns without a name", "csv", many(mostCells-1, ",") + "\n", ""},
		{"csv of columns whose names are taken", "csv", many(1000, "a,a_2,a_3,") + "a\n", ""},
		{"csv of many rows of one column", "csv", "a\n" + many(2*mib-1, "1\n"), "api answered with a table of more than 500000 cells, which is the most that is read; ask for less"},
		{"csv of a quote that does not end", "csv", "a\n\"" + many(4*mib-10, "x"), "api answered with something that is not valid CSV; try again, or tell whoever runs this server"},
		{"xml of entities of entities", "xml", `<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>`, "api answered with something that is not valid XML; try again, or tell whoever runs this server"},
		{"xml that nests without end", "xml", many(mib, "<a>"), "api answered with XML that nests deeper than 1000 levels, which is the most that is read"},
		{"xml of many attributes", "xml", "<a " + numbered(200_000, `a%d="" `) + "/>", ""},
		{"xml of many elements of one name", "xml", "<a>" + many(mib-10, "<b/>") + "</a>", "api answered with XML of more than 1000000 values, which is the most that is read; ask for less"},
		{"xml of as many elements as there may be", "xml", "<a>" + many(mostValues-1, "<b/>") + "</a>", ""},
		{"xml of many comments", "xml", "<a>" + many(mib/2, "<!---->") + "</a>", ""},
		{"json that nests without end", "json", many(4*mib-1, "["), "api answered with JSON that nests deeper than 1000 levels, which is the most that is read"},
		{"json of many lists", "json", "[" + many(mib, "[],") + "0]", "api answered with JSON of more than 1000000 values, which is the most that is read; ask for less"},
		{"json of many objects", "json", "[" + many(mib, "{},") + "0]", "api answered with JSON of more than 1000000 values, which is the most that is read; ask for less"},
		{"json of many numbers", "json", "[" + many(2*mib-10, "1,") + "0]", "api answered with JSON of more than 1000000 values, which is the most that is read; ask for less"},
		{"json of as many numbers as there may be", "json", "[" + many(mostValues-2, "1,") + "0]", ""},
		{"json of commas in a text", "json", `["` + many(2*mib-2, ",[") + `"]`, ""},
		{"lines of many values", "ndjson", many(4, "["+many(mib/4, "1,")+"0]\n"), "api answered with JSON, one value a line of more than 1000000 values, which is the most that is read; ask for less"},
		{"events of many values", "events", many(4, "data:["+many(mib/4, "1,")+"0]\n\n"), "api answered with events of more than 1000000 values, which is the most that is read; ask for less"},
		{"events of much text", "events", many(4, "data:"+many(mib/2-100, ",[")+"\n\n"), ""},
		{"lines that nest without end", "ndjson", many(2000, "[") + "\n", "api answered with JSON, one value a line that nests deeper than 1000 levels, which is the most that is read"},
		{"many lines", "ndjson", many(2*mib, "1\n"), ""},
		{"many blank lines", "ndjson", many(4*mib, "\n"), ""},
		{"many events", "events", many(mib/2, "data:1\n\n"), ""},
		{"an event of many lines", "events", many(mib/2, "data:1\n") + "\n", ""},
		{"many fields of no event", "events", many(mib, "a:\n\n"), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := record(t, reply(200, tt.text))
			var before, after runtime.MemStats
			p := build(t, tool(server.base(), "timeout: 60s", "response: {as: "+tt.as+", maxItems: 1000}"), nil)
			runtime.ReadMemStats(&before)
			_, err := call(t, p, nil)
			runtime.ReadMemStats(&after)
			switch {
			case tt.message == "" && err != nil:
				t.Error(err)
			case tt.message != "" && (err == nil || err.Error() != tt.message):
				t.Errorf("message = %v\nwant      %s", err, tt.message)
			}
			if n := after.Mallocs - before.Mallocs; n > 12*mib {
				t.Errorf("%d values were made of an answer of at most 4 MiB", n)
			}
		})
	}
}
