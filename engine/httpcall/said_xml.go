package httpcall

import (
	"maps"
	"slices"
	"strings"
)

// saidInXML returns what an answer in XML says as an object with a message: the
// texts of its root element, or of the fault that SOAP puts into the body of
// an envelope (SOAP 1.1 §4.4, SOAP 1.2 Part 1 §5.4), whatever their prefixes.
func saidInXML(document map[string]any) map[string]any {
	var root any
	for _, only := range document {
		root = only
	}
	if text := textOfXML(root); text != "" {
		return map[string]any{"message": text}
	}
	fault := elementOf(elementOf(root, "Body"), "Fault")
	for _, reason := range []any{elementOf(fault, "faultstring"), elementOf(elementOf(fault, "Reason"), "Text")} {
		if text := textOfXML(reason); text != "" {
			return map[string]any{"message": text}
		}
	}
	object, _ := root.(map[string]any)
	return object
}

// elementOf returns the element of a name, without its prefix, in another; the
// first of several.
func elementOf(outer any, name string) any {
	members, _ := outer.(map[string]any)
	for _, written := range slices.Sorted(maps.Keys(members)) {
		if _, local, prefixed := strings.Cut(written, ":"); written == name || prefixed && local == name {
			if list, ok := members[written].([]any); ok {
				return list[0]
			}
			return members[written]
		}
	}
	return nil
}

// textOfXML is the text of an element, with attributes or without.
func textOfXML(element any) string {
	switch element := element.(type) {
	case string:
		return element
	case map[string]any:
		text, _ := element["#text"].(string)
		return text
	}
	return ""
}
