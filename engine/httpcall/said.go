package httpcall

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// said returns the upstream's own message from the places in which services
// put it, with the faults of single fields behind it; "" when there is none.
// A plain text is a message as it stands.
func said(response Response) string {
	if text, ok := response["body"].(string); ok && response["type"] == "text/plain" {
		return strings.TrimSpace(text)
	}
	body := response["body"]
	if list, ok := body.([]any); ok && len(list) > 0 {
		body = map[string]any{"errors": list}
	}
	object, _ := body.(map[string]any)
	if mediaType, _ := response["type"].(string); isXML(mediaType) {
		object = saidInXML(object)
	}
	inner, _ := object["error"].(map[string]any)
	message := firstText(inner, "message", "detail", "description")
	if message == "" {
		message = firstText(object, "message", "Message", "error_description", "errorMessage", "detail", "title", "error", "msg")
	}
	faults := faultsIn(inner["errors"], inner["details"], object["errors"], object["detail"], object["invalid-params"], object["invalid_params"], object["errorMessages"])
	switch listed := strings.Join(faults, "; "); {
	case listed == "" || listed == message:
		return message
	case message == "":
		return listed
	default:
		return strings.TrimRight(message, ". ") + ": " + listed
	}
}

// firstText returns the first of some members that is text.
func firstText(object map[string]any, names ...string) string {
	for _, name := range names {
		if s, ok := object[name].(string); ok && strings.TrimSpace(s) != "" {
			return s
		}
	}
	return ""
}

// faultsIn returns what is said of single fields, at most five of them: in
// lists of texts or of objects, and in objects of lists by the name of the
// field.
func faultsIn(places ...any) []string {
	const most = 5
	var faults []string
	for _, place := range places {
		switch place := place.(type) {
		case []any:
			for _, item := range place {
				if object, ok := item.(map[string]any); ok && object["fieldViolations"] != nil {
					faults = append(faults, faultsIn(object["fieldViolations"])...)
				} else {
					faults = append(faults, faultOf(item))
				}
			}
		case map[string]any:
			for _, name := range slices.Sorted(maps.Keys(place)) {
				if texts := textsOf(place[name]); texts != "" {
					faults = append(faults, name+": "+texts)
				}
			}
		}
	}
	faults = slices.DeleteFunc(faults, func(s string) bool { return s == "" })
	return faults[:min(most, len(faults))]
}

// faultOf is one fault: what is wrong, behind the name of the field if it is
// said.
func faultOf(item any) string {
	object, ok := item.(map[string]any)
	if !ok {
		return textsOf(item)
	}
	what := firstText(object, "message", "msg", "detail", "reason", "description", "title", "code")
	source, _ := object["source"].(map[string]any)
	where := firstText(source, "pointer", "parameter")
	if where == "" {
		where = firstText(object, "field", "name", "path", "param", "pointer")
	}
	if where == "" {
		where = placeIn(object["loc"], object["path"])
	}
	if where == "" || what == "" {
		return what
	}
	return where + ": " + what
}

// placeIn writes the first list of names and numbers as one name.
func placeIn(lists ...any) string {
	for _, l := range lists {
		list, _ := l.([]any)
		var names []string
		for _, step := range list {
			switch step := step.(type) {
			case string:
				names = append(names, step)
			case int:
				names = append(names, strconv.Itoa(step))
			}
		}
		if len(names) > 0 {
			return strings.Join(names, ".")
		}
	}
	return ""
}

// textsOf is a text, or a list of them.
func textsOf(v any) string {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v)
	case []any:
		var all []string
		for _, item := range v {
			if s, ok := item.(string); ok {
				all = append(all, strings.TrimSpace(s))
			}
		}
		return strings.Join(all, ", ")
	}
	return ""
}
