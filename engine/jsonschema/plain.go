package jsonschema

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"time"
)

// plainDepth is how deep a value made by an expression may nest.
const plainDepth = valueDepth

// plain turns what expressions make into what JSON knows: nil, bool, int,
// float64, json.Number, string, []any and map[string]any. Lists and objects
// that hold nothing else are returned as they are. What JSON cannot hold is
// a violation.
func plain(value any) (any, []Violation) {
	var p plainer
	return p.value(value, 0), p.found
}

type plainer struct {
	path  []string
	found []Violation
}

func (p *plainer) refuse(expected, got string) any {
	p.found = append(p.found, Violation{Pointer: pointerOf(p.path), Expected: expected, Got: got})
	return nil
}

func (p *plainer) value(value any, depth int) any {
	if depth > plainDepth {
		return p.refuse(fmt.Sprintf("a value that nests at most %d deep", plainDepth), "a deeper one")
	}
	switch value := value.(type) {
	case nil, bool, int, string:
		return value
	case float64:
		if math.IsNaN(value) || math.IsInf(value, 0) {
			return p.refuse("a number that JSON can hold", strconv.FormatFloat(value, 'g', -1, 64))
		}
		return value
	case json.Number:
		if !json.Valid([]byte(value)) || !boundedNumber(value.String()) {
			return p.refuse("a number that JSON can hold", clip(value.String(), gotLength))
		}
		return value
	case time.Time:
		return value.Format(time.RFC3339Nano)
	case []byte:
		return base64.StdEncoding.EncodeToString(value)
	case []any:
		return p.list(value, depth)
	case map[string]any:
		return p.object(value, depth)
	}
	return p.other(reflect.ValueOf(value), depth)
}

// list copies a list from the first element on that has to change.
func (p *plainer) list(value []any, depth int) any {
	result := value
	for i, item := range value {
		p.path = append(p.path, strconv.Itoa(i))
		made := p.value(item, depth+1)
		p.path = p.path[:len(p.path)-1]
		if same(made, item) {
			continue
		}
		if &result[0] == &value[0] {
			result = append([]any(nil), value...)
		}
		result[i] = made
	}
	return result
}

func (p *plainer) object(value map[string]any, depth int) any {
	var changed map[string]any
	for name, member := range value {
		p.path = append(p.path, name)
		made := p.value(member, depth+1)
		p.path = p.path[:len(p.path)-1]
		if same(made, member) {
			continue
		}
		if changed == nil {
			changed = make(map[string]any, len(value))
		}
		changed[name] = made
	}
	if changed == nil {
		return value
	}
	for name, member := range value {
		if _, done := changed[name]; !done {
			changed[name] = member
		}
	}
	return changed
}

// same reports whether plain left a value as it was.
func same(made, from any) bool {
	switch from := from.(type) {
	case nil, bool, int, string, json.Number, float64:
		return made == from
	case []any:
		list, ok := made.([]any)
		return ok && len(list) == len(from) && (len(list) == 0 || &list[0] == &from[0])
	case map[string]any:
		object, ok := made.(map[string]any)
		return ok && reflect.ValueOf(object).Pointer() == reflect.ValueOf(from).Pointer()
	}
	return false
}

// other turns the lists, maps and numbers of narrower Go types.
func (p *plainer) other(v reflect.Value, depth int) any {
	switch v.Kind() {
	case reflect.Bool:
		return v.Bool()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return json.Number(strconv.FormatInt(v.Int(), 10))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return json.Number(strconv.FormatUint(v.Uint(), 10))
	case reflect.Float32, reflect.Float64:
		return p.value(v.Float(), depth)
	case reflect.String:
		return v.String()
	case reflect.Slice, reflect.Array:
		list := make([]any, v.Len())
		for i := range list {
			list[i] = v.Index(i).Interface()
		}
		return p.list(list, depth)
	case reflect.Map:
		object := make(map[string]any, v.Len())
		for key, member := range v.Seq2() {
			object[fmt.Sprint(key.Interface())] = member.Interface()
		}
		return p.object(object, depth)
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return p.value(v.Elem().Interface(), depth+1)
	}
	return p.refuse("a value that JSON can hold", "a "+v.Kind().String())
}
