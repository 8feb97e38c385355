package expression

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"time"
)

var errNotFinite = &unfit{message: "the number is infinite or not a number"}

// Plain returns a value as plain data: nil, bool, int, float64, string,
// json.Number, []byte, time.Time, []any and map[string]any. Durations become
// text, keys of other kinds than text become text. A value that is plain
// already is returned itself. It is an error when a number is infinite or not
// a number, when a value is not data, and when there is more of it, written
// out, than the default bounds allow.
func Plain(value any) (any, error) {
	p := plainer{left: defaultMemory}
	return p.value(value, 0)
}

// plain is Plain within the memory bound of a run.
func plain(value any, b *budget) (any, error) {
	p := plainer{left: b.limits.Memory}
	return p.value(value, 0)
}

// A plainer counts what it goes through as if it were written out, since a
// short expression can make a list that holds another one many times over.
type plainer struct{ left int64 }

func (p *plainer) take(bytes int) error {
	if p.left -= int64(bytes) + 8; p.left < 0 {
		return errMemory
	}
	return nil
}

func (p *plainer) value(value any, depth int) (any, error) {
	if depth > maxDataDepth {
		return nil, errDepth
	}
	switch v := value.(type) {
	case nil, bool, int, time.Time:
		return v, p.take(0)
	case string:
		return v, p.take(len(v))
	case json.Number:
		return v, p.take(len(v))
	case []byte:
		return v, p.take(len(v))
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, errNotFinite
		}
		return v, p.take(0)
	case []any:
		return p.list(v, depth)
	case map[string]any:
		return p.object(v, depth)
	case time.Duration:
		return v.String(), p.take(0)
	case *time.Location:
		return v.String(), p.take(0)
	}
	return p.other(reflect.ValueOf(value), depth)
}

// list returns the same list unless an element changes.
func (p *plainer) list(list []any, depth int) (any, error) {
	if err := p.take(0); err != nil {
		return nil, err
	}
	out := list
	for i, e := range list {
		v, err := p.value(e, depth+1)
		if err != nil {
			return nil, err
		}
		if same(e, v) {
			continue
		}
		if &out[0] == &list[0] {
			out = append([]any(nil), list...)
		}
		out[i] = v
	}
	if out == nil {
		out = []any{}
	}
	return out, nil
}

// object returns the same object unless a member changes.
func (p *plainer) object(object map[string]any, depth int) (any, error) {
	if err := p.take(0); err != nil {
		return nil, err
	}
	var changed map[string]any
	for key, e := range object {
		if err := p.take(len(key)); err != nil {
			return nil, err
		}
		v, err := p.value(e, depth+1)
		if err != nil {
			return nil, err
		}
		if same(e, v) {
			continue
		}
		if changed == nil {
			changed = make(map[string]any, len(object))
		}
		changed[key] = v
	}
	if changed == nil {
		return object, nil
	}
	for key, e := range object {
		if _, ok := changed[key]; !ok {
			changed[key] = e
		}
	}
	return changed, nil
}

// same reports whether value hands back what went in. Lists and objects that
// were copied have another first element or are another map.
func same(before, after any) bool {
	switch b := before.(type) {
	case nil, bool, int, float64, string, json.Number, []byte, time.Time:
		return true
	case []any:
		a := after.([]any)
		return len(a) == 0 && b != nil || len(a) > 0 && &a[0] == &b[0]
	case map[string]any:
		return reflect.ValueOf(before).UnsafePointer() == reflect.ValueOf(after).UnsafePointer()
	}
	return false
}

// other converts what the library and its methods return.
func (p *plainer) other(v reflect.Value, depth int) (any, error) {
	switch v.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return int(v.Int()), p.take(0)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		if v.Uint() > math.MaxInt {
			return json.Number(fmt.Sprint(v.Uint())), p.take(0)
		}
		return int(v.Uint()), p.take(0)
	case reflect.Float32, reflect.Float64:
		return p.value(v.Float(), depth)
	case reflect.String:
		return v.String(), p.take(v.Len())
	case reflect.Slice, reflect.Array:
		if err := p.take(16 * v.Len()); err != nil {
			return nil, err
		}
		list := make([]any, v.Len())
		for i := range list {
			list[i] = v.Index(i).Interface()
		}
		return p.list(list, depth)
	case reflect.Map:
		object := make(map[string]any, v.Len())
		for key, e := range v.Seq2() {
			name, err := Text(key.Interface())
			if err != nil {
				return nil, err
			}
			object[name] = e.Interface()
		}
		return p.object(object, depth)
	}
	return nil, fmt.Errorf("a value of type %v is not data", v.Type())
}
