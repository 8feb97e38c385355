package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/schema"
)

// typedTool is a tool whose types are as the rest of its definition says.
const typedTool = `tool: orders
description: Lists orders, for a test of the types from input to result.
inputSchema:
  type: object
  properties:
    state: {type: string, enum: [open, closed], description: Which}
    note: {type: string, description: A note}
  required: [state]
  additionalProperties: false
outputSchema:
  type: object
  properties: {count: {type: integer}, first: {type: [string, "null"]}}
  required: [count]
  additionalProperties: false
`

const call200 = `http:
  url: https://example.com/orders/${input.state}
  query: {note: "${input.note}"}
  response:
    schema: {type: object, properties: {total: {type: integer}, names: {type: array, items: {type: string}}}, required: [total]}
`

// What checking says of types, from the input over the answer to the result.
func TestTypesOfTools(t *testing.T) {
	for name, test := range map[string]struct {
		tool string
		want []string
	}{
		"fine": {typedTool + call200 + `result: {count: "${response.body.total}", first: "${first(response.body.names ?? [])}"}
isError: result.count == 0
`, nil},
		"result": {typedTool + call200 + "result:\n  count: ${response.body.names}\n  second: 1\n", []string{
			`21:12 error: outputSchema wants integer at count, this is list`,
			`22:3 error: outputSchema does not allow second`,
		}},
		"body without result": {typedTool + call200, []string{`16:3 error: outputSchema does not allow total`}},
		"answer used as present": {typedTool + call200 + "result: {count: '${len(response.body.names)}'}\n", []string{
			`20:24 error: response.body.names may be absent`,
		}},
		"error rules": {typedTool + call200 + "errors:\n  - {when: response.status, message: 'no ${input.note}'}\nresult: {count: 1}\n", []string{
			`21:12 error: a condition is true or false, this is integer`,
		}},
		"isError": {typedTool + call200 + "result: {count: 1}\nisError: result.cuont == 2\n", []string{
			`21:17 error: result has no property "cuont"`,
		}},
		"a result that may be an error is not held against outputSchema": {typedTool + call200 + "result: {wrong: 1}\nisError: result.wrong == input.state\n", []string{
			`21:23 error: integer is never equal to text`,
		}},
		"unused":              {typedTool + "expr: '{count: input.state == \"open\" ? 1 : 2}'\n", []string{`7:5 warning: the input note is not used`}},
		"whole":               {typedTool + "expr: '{count: len(input)}'\n", nil},
		"unused, with reason": {strings.Replace(typedTool, "note: {", "note: {const: yes, ", 1) + "expr: '{count: input.state == \"open\" ? 1 : 2}'\n", nil},
		"combined":            {strings.Replace(typedTool, "  required:", "  dependentRequired: {note: [state]}\n  required:", 1) + "expr: '{count: input.state == \"open\" ? 1 : 2}'\n", nil},
		"fault elsewhere":     {typedTool + "expr: '{count: nope}'\n", []string{`15:16 error: unknown name "nope"`}},
		"required by one alternative": {`tool: shape
description: The area of a shape, of which there are two kinds.
inputSchema:
  type: object
  properties: {kind: {type: string, enum: [circle, square]}, radius: {type: number}, side: {type: number}}
  required: [kind]
  oneOf:
    - {properties: {kind: {const: circle}}, required: [radius]}
    - {properties: {kind: {const: square}}, required: [side]}
expr: |
  input.kind == "circle" ? input.radius * 2 : input.side * 2
`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			_, found := engine.Check([]schema.Source{{Name: "t.yaml", Bytes: []byte(test.tool)}}, engine.Options{})
			var got []string
			for _, d := range found {
				got = append(got, fmt.Sprintf("%d:%d %s: %s", d.Place.Line, d.Place.Column, d.Severity, d.Message))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
