package expression

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/toolsd/toolsd/schema"
)

// stepHint says what to write for a name in a tool of steps; it is empty where
// nothing there is called so.
func (r *reader) stepHint(name string) string {
	steps := r.scope.Names["steps"]
	if steps == nil {
		return ""
	}
	if _, ok := steps.Members[name]; ok {
		return "write steps." + name
	}
	switch {
	case name == "response" && len(steps.Members) > 0:
		return "the answer of a step is the value of the step: write steps." + strings.Join(slices.Sorted(maps.Keys(steps.Members)), " or steps.")
	case r.scope.has("each") && (name == "item" || name == "it" || name == "this" || name == "element"):
		return "the element is each"
	}
	return ""
}

// nameHint says what to write for a name that is not known.
func (r *reader) nameHint(name string) string {
	if word, ok := constantHabits[name]; ok {
		return "write " + word
	}
	if hint := r.stepHint(name); hint != "" {
		return hint
	}
	if hint, ok := nameHabits[name]; ok {
		return hint
	}
	names := slices.Sorted(maps.Keys(r.scope.Names))
	if r.scope.Env != nil {
		names = append(names, "env")
	}
	if near, ok := schema.Nearest(name, append(slices.Clone(r.lets), names...)); ok {
		return fmt.Sprintf("did you mean %s?", near)
	}
	if name == "env" {
		return "the environment may not be used in this place"
	}
	if input := r.scope.Names["input"]; input != nil && len(input.Members) > 0 {
		members := slices.Sorted(maps.Keys(input.Members))
		if _, ok := input.Members[name]; ok {
			return fmt.Sprintf("did you mean input.%s?", name)
		}
		if near, ok := schema.Nearest(name, members); ok {
			return fmt.Sprintf("did you mean input.%s?", near)
		}
		return "inputs are: input." + strings.Join(members, ", input.")
	}
	if len(names) == 0 {
		return ""
	}
	return "names in this place are: " + strings.Join(names, ", ")
}
