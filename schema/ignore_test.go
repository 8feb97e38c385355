package schema

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// show writes comments one to a line: their place, the lines they are about,
// their codes with columns, and the reason.
func showIgnores(all []Ignore) string {
	var b strings.Builder
	for _, ig := range all {
		fmt.Fprintf(&b, "%d:%d+%d for %d-%d", ig.Place.Line, ig.Place.Column, ig.Place.Length, ig.First, ig.Last)
		for _, c := range ig.Codes {
			fmt.Fprintf(&b, " %s@%d+%d", c.Name, c.Place.Column, c.Place.Length)
		}
		fmt.Fprintf(&b, " %q\n", ig.Reason)
	}
	return b.String()
}

func TestIgnores(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"beside", "a: 1 # lint:ignore x for a reason\n", "10:8+26 for 10-10 x@20+1 \"for a reason\"\n"},
		{"above", "# lint:ignore x y\n\t# more\n#\na: 1\n", "10:3+15 for 13-13 x@15+1 \"y\"\n"},
		{"above a blank line", "# lint:ignore x y\n\na: 1\n", "10:3+15 for 11-11 x@15+1 \"y\"\n"},
		{"at the end", "a: 1\n  # lint:ignore x y", "11:5+15 for 12-12 x@17+1 \"y\"\n"},
		{"several codes", "é: 1 # lint:ignore ä, b ,c: why: so\r\nb: 2\r\n", "10:8+28 for 10-10 ä@20+1 b@23+1 c@26+1 \"why: so\"\n"},
		{"no code", "a: 1 #lint:ignore\n", "10:7+11 for 10-10 \"\"\n"},
		{"no reason", "a: 1 # lint:ignore x\n", "10:8+13 for 10-10 x@20+1 \"\"\n"},
		{"a comma too many", "a: 1 # lint:ignore x, \n", "10:8+15 for 10-10 x@20+1 \"\"\n"},
		{"in brackets", "a: [1, # lint:ignore x y\n  2]\n", "10:10+15 for 10-10 x@22+1 \"y\"\n"},
		{"beside a block", "a: | # lint:ignore x y\n\n  1\n  2\n\nb: 3\n", "10:8+15 for 10-13 x@20+1 \"y\"\n"},
		{"above a block", "# lint:ignore x y\na:\n- b: |-\n   1\n", "10:3+15 for 11-11 x@15+1 \"y\"\n"},
		{"above the key of a block", "a:\n# lint:ignore x y\n- b: |2+\n     1\n\n", "11:3+15 for 12-13 x@15+1 \"y\"\n"},
		{"above the key of a mapping", "# lint:ignore x y\na:\n\n  # more\n  b:\n    c: 1\n", "10:3+15 for 11-14 x@15+1 \"y\"\n"},
		{"beside the key of a text", "a: # lint:ignore x y\n  b\nc:\n  d\n", "10:6+15 for 10-11 x@18+1 \"y\"\n"},
		{"beside the key of nothing", "a: # lint:ignore x y\n\nb: 1\n", "10:6+15 for 10-10 x@18+1 \"y\"\n"},
		{"beside the key of a list", "a: # lint:ignore x y\n- b: 1\n", "10:6+15 for 10-10 x@18+1 \"y\"\n"},
		{"behind a block", "a: |\n  1\n# lint:ignore x y\nb: 1\n", "12:3+15 for 13-13 x@15+1 \"y\"\n"},
		{"within a block", "a: |\n  1\n  # lint:ignore x y\n  2\nb: >\n  # lint:ignore x y\n\n  3\n", ""},
		{"within quotes", "a: \"1 # lint:ignore x y\"\nb: '\n  # lint:ignore x y\n  '\n\"c # lint:ignore x y\": 1\n", ""},
		{"within quotes and beside them", "a: '# lint:ignore x y' # lint:ignore x y\n", "10:26+15 for 10-10 x@38+1 \"y\"\n"},
		{"no comment", "a: b# lint:ignore x y\n", ""},
		{"another word", "a: 1 # lint:ignored x y\n", ""},
		{"spoken of", "# see # lint:ignore x y\na: 1 # lint:ignored\n", ""},
		{"behind another comment", "a: 1 # note # lint:ignore x y\n", "10:15+15 for 10-10 x@27+1 \"y\"\n"},
		{"not YAML", "a: [ # lint:ignore x y\n", ""},
		{"nothing", "# lint:ignore x y\n", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := showIgnores(Ignores(Document{File: "f.yaml", Line: 10, Text: []byte(tt.text)}))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// FuzzIgnores holds that whatever is read, nothing panics, and that comments
// and codes stand inside their file, where they are written.
func FuzzIgnores(f *testing.F) {
	f.Add([]byte("a: | # lint:ignore x, y z\n  # lint:ignore w\nb: 'é # lint:ignore v' # lint:ignore u t\r\n"))
	f.Add([]byte("# lint:ignore x\n# lint:ignore\n\n{a: [1, # lint:ignore ,,\n2]}\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		lines := strings.Split(string(b), "\n")
		for _, ig := range Ignores(Document{File: "f.yaml", Line: 1, Text: b}) {
			checkPlace(t, lines, ig.Place)
			if ig.First < ig.Place.Line || ig.Last < ig.First {
				t.Errorf("%+v is for lines %d to %d", ig.Place, ig.First, ig.Last)
			}
			for _, c := range ig.Codes {
				checkPlace(t, lines, c.Place)
				line := []rune(lines[c.Place.Line-1])
				if got := string(line[c.Place.Column-1:][:c.Place.Length]); got != c.Name {
					t.Errorf("%q stands where %q is said to be", got, c.Name)
				}
			}
		}
	})
}
