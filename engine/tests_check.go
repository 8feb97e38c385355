package engine

import (
	"encoding/base64"
	"fmt"
	"time"

	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/engine/jsonschema"
	"github.com/toolsd/toolsd/schema"
)

// checkTests checks what running the tests of a tool relies on.
func checkTests(p *parts, tests []schema.Test) []schema.Diagnostic {
	if len(tests) == 0 {
		return nil
	}
	var found []schema.Diagnostic
	for i := range tests {
		test := &tests[i]
		if test.Now != nil {
			if _, err := time.Parse(time.RFC3339, test.Now.Text); err != nil {
				found = append(found, badTime.At(test.Now.Place, fmt.Sprintf("%q is not a time", test.Now.Text), "write it as 2026-01-01T00:00:00Z"))
			}
		}
		for _, e := range test.HTTP {
			if data := e.Response.Base64; data != nil {
				if _, err := base64.StdEncoding.DecodeString(data.Prose()); err != nil {
					found = append(found, badBase64.At(data.Place, "this is not base64", "encode the bytes as RFC 4648 §4 has it, with padding"))
				}
			}
		}
		if test.Expect.When != nil {
			_, more := p.expectScope(&test.Expect).CheckCondition(test.Expect.When)
			found = append(found, more...)
		}
	}
	found = append(found, sameTests(tests)...)
	return append(found, slotsInTests(p.after(), tests)...)
}

// sameTests warns of tests that cannot be told apart by name, as those who
// choose tests and read reports do.
func sameTests(tests []schema.Test) []schema.Diagnostic {
	var found []schema.Diagnostic
	first := make(map[string]schema.Place, len(tests))
	for i := range tests {
		name := testName(&tests[i], i)
		place, again := first[name]
		if !again {
			first[name] = tests[i].Named
			continue
		}
		d := duplicateTest.At(tests[i].Named, fmt.Sprintf("another test of this tool is called %q", name), "give each test a name of its own")
		d.Related = []schema.Related{{Place: place, Message: "it stands here"}}
		found = append(found, d)
	}
	return found
}

// expectScope is what the condition of a test may use.
func (p *parts) expectScope(e *schema.Expect) *expression.Scope {
	input, structured := anyType, anyType
	if p.input != nil {
		input = p.input.Type()
	}
	if p.output != nil && !e.IsError {
		structured = p.output.Type()
	}
	result := &jsonschema.Type{Kind: jsonschema.ObjectKind, Members: map[string]jsonschema.Member{
		"structuredContent": {Type: structured, Required: true},
		"text":              {Type: &jsonschema.Type{Kind: jsonschema.StringKind}, Required: true},
		"isError":           {Type: &jsonschema.Type{Kind: jsonschema.BoolKind}, Required: true},
	}}
	return &expression.Scope{Names: map[string]*jsonschema.Type{"input": input, "result": result}}
}
