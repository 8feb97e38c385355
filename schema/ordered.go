package schema

import (
	"bytes"
	"encoding/json"
)

// ordered is a JSON object whose members are written in the order in which
// they were put.
type ordered []member

type member struct {
	key   string
	value any
}

// with returns the object with one member more.
func (o ordered) with(key string, value any) ordered { return append(o, member{key, value}) }

// MarshalJSON writes the object.
func (o ordered) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(appendString(nil, m.key))
		b.WriteByte(':')
		if err := e.Encode(m.value); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
