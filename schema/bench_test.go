package schema

import (
	"bytes"
	"fmt"
	"testing"
)

// benchmarkTool is a tool of about 1.3 KB with eight properties.
func benchmarkTool(i int) string {
	var b bytes.Buffer
	fmt.Fprintf(&b, "tool: list_things_%d\ntitle: List things\ndescription: List the things of a place, newest first, as many as are wanted.\n", i)
	b.WriteString("annotations: {readOnlyHint: true}\ninputSchema:\n  type: object\n  properties:\n")
	for p := range 8 {
		fmt.Fprintf(&b, "    property%d: {type: string, minLength: 1, description: The property number %d}\n", p, p)
	}
	b.WriteString("  required: [property0, property1]\n  additionalProperties: false\nhttp:\n  upstream: things\n  path: /places/${input.property0}/things/${input.property1}\n  query:\n")
	for p := 2; p < 8; p++ {
		fmt.Fprintf(&b, "    key%d: ${input.property%d}\n", p, p)
	}
	b.WriteString("errors:\n  - when: response.status == 404\n    message: There is no ${input.property0}.\nresult:\n  count: ${len(response.body)}\n  things: '${response.body | map({{id: .id, title: .title}})}'\n")
	return b.String()
}

func BenchmarkParse(b *testing.B) {
	for _, n := range []int{1, 1000} {
		var src bytes.Buffer
		for i := range n {
			src.WriteString(benchmarkTool(i) + "---\n")
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.SetBytes(int64(src.Len()))
			b.ReportAllocs()
			for b.Loop() {
				if defs, ds := readAll(Source{Name: "f.yaml", Bytes: src.Bytes()}, Bounds{}); len(defs) != n || len(ds) > 0 {
					b.Fatal(len(defs), ds)
				}
			}
		})
	}
}
