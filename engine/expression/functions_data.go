package expression

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/expr-lang/expr/builtin"

	"github.com/toolsd/toolsd/engine/jsonschema"
)

var dataFunctions = []Function{
	{Name: "base64", takes: "text|bytes -> text", Signature: "base64(x)", Doc: "A text, or bytes, in base64.", run: toBase64, types: []any{new(func(any) string)}},
	{Name: "fail", takes: "text -> never", Signature: "fail(message)", Doc: "Ends the call with a tool error of that message.", run: fail, types: []any{new(func(string) any)}},
	{Name: "fromJSON", takes: "text -> any", Signature: "fromJSON(text)", Doc: "The value that JSON stands for.", run: onText(fromJSON)},
	{Name: "hmac", takes: "text, text -> text", Signature: "hmac(key, text)", Doc: "The HMAC-SHA256 of a text, in hexadecimal.", run: hmacText, types: []any{new(func(string, string) string)}},
	{Name: "json", takes: "any -> text", Signature: "json(x)", Doc: "A value as JSON, a text with its quotes.", run: jsonText, types: []any{new(func(any) string)}},
	{Name: "merge", takes: "object|null… -> object", Signature: "merge(object, object)", Doc: "The members of several objects; those of later ones win, and null counts as an empty one.", run: merge, types: []any{new(func(...any) map[string]any)}},
	{Name: "odata", takes: "any -> text", Signature: "odata(x)", Doc: "A value as a literal of OData, a text with its quotes.", run: odata, types: []any{new(func(any) string)}},
	{Name: "omit", takes: "object, [text] -> object", Signature: "omit(object, keys)", Doc: "An object without some members.", run: choose(false), types: []any{new(func(any, []any) map[string]any), new(func(any, []string) map[string]any)}},
	{Name: "pick", takes: "object, [text] -> object", Signature: "pick(object, keys)", Doc: "An object of only some members.", run: choose(true), types: []any{new(func(any, []any) map[string]any), new(func(any, []string) map[string]any)}},
	{Name: "sha256", takes: "text -> text", Signature: "sha256(text)", Doc: "The SHA-256 of a text, in hexadecimal.", run: onText(digest), types: []any{new(func(string) string)}},
	{Name: "toJSON", takes: "any -> text", Signature: "toJSON(x)", Doc: "A value as compact JSON with sorted keys.", run: jsonText},
	{Name: "type", takes: "any -> text", Signature: "type(x)", Doc: `What a value is: "nil", "bool", "int", "float", "string", "array", "map", "bytes", "time", "duration" or "zone".`, run: typeName, types: []any{new(func(any) string)}},
	{Name: "uuid", takes: " -> text", Signature: "uuid()", Doc: "A random UUID, version 4.", run: uuid, types: []any{new(func() string)}},
	{Name: "xml", takes: "any -> text", Signature: "xml(x)", Doc: "A value as text of XML or HTML, between tags or in an attribute; where an attribute has no quotes, with quotes.", run: xmlText, types: []any{new(func(any) string)}},
}

func toBase64(b *budget, args []any) (any, error) {
	switch v := args[0].(type) {
	case string:
		return encode(b, []byte(v))
	case []byte:
		return encode(b, v)
	}
	return nil, fmt.Errorf("text or bytes are needed, this is %s", kind(args[0]))
}

// fail ends the run; the error passes through the virtual machine.
func fail(_ *budget, args []any) (any, error) {
	message, err := textArgument(args, 0)
	if err != nil {
		return nil, err
	}
	return nil, &Failure{Message: message}
}

func fromJSON(b *budget, s string) (any, error) {
	// The value may take many times the room of its text.
	const growth = 16
	if len(s) > maxJSON {
		return nil, errMemory
	}
	if err := b.charge(growth * len(s)); err != nil {
		return nil, err
	}
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil {
		return nil, unfitText("the text is not JSON", s)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, unfitText("something follows the JSON", s)
	}
	return jsonschema.Normalize(value, nil), nil
}

// maxJSON keeps the estimate of what a text makes from overflowing.
const maxJSON = 1 << 30

func hmacText(b *budget, args []any) (any, error) {
	key, err := textArgument(args, 0)
	if err != nil {
		return nil, err
	}
	text, err := textArgument(args, 1)
	if err != nil {
		return nil, err
	}
	if err := b.charge(len(key) + len(text)); err != nil {
		return nil, err
	}
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil)), nil
}

func digest(b *budget, s string) (any, error) {
	if err := b.charge(len(s)); err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:]), nil
}

func jsonText(b *budget, args []any) (any, error) {
	text, err := toJSON(args[0], b.memory/2)
	if err != nil {
		return nil, err
	}
	return text, b.charge(2 * len(text))
}

func merge(b *budget, args []any) (any, error) {
	out := make(map[string]any)
	for i := range args {
		if args[i] == nil {
			continue
		}
		object, err := objectArgument(args, i)
		if err != nil {
			return nil, err
		}
		if err := b.charge(objectBytes + elementBytes*len(object)); err != nil {
			return nil, err
		}
		maps.Copy(out, object)
	}
	return out, nil
}

// odata writes a literal as OData 4.01 §5.1.1.6.1 of its URL conventions has
// it: a quote within text is doubled.
func odata(b *budget, args []any) (any, error) {
	if args[0] == nil {
		return "null", nil
	}
	text, err := textWithin(args[0], b.memory)
	if err != nil {
		return nil, err
	}
	if err := b.charge(4 * len(text)); err != nil {
		return nil, err
	}
	switch args[0].(type) {
	case bool, int, float64, json.Number:
		return text, nil
	}
	return "'" + strings.ReplaceAll(text, "'", "''") + "'", nil
}

// xmlText writes a value with what XML 1.0 §2.4 reserves, and what readers
// would normalize, as references. What XML cannot hold (§2.2) is unfit.
func xmlText(b *budget, args []any) (any, error) {
	text, err := textWithin(args[0], b.memory)
	if err != nil {
		return nil, err
	}
	const longest = len("&quot;")
	if err := b.charge(2 * longest * len(text)); err != nil {
		return nil, err
	}
	if strings.ContainsFunc(text, notInXML) || !utf8.ValidString(text) {
		return nil, unfitText("the text has a character that XML cannot hold", text)
	}
	var out bytes.Buffer
	if err := xml.EscapeText(&out, []byte(text)); err != nil {
		return nil, fmt.Errorf("write text as XML: %w", err)
	}
	return out.String(), nil
}

// notInXML reports whether a character is none of XML 1.0 §2.2.
func notInXML(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == '\ufffe' || r == '\uffff'
}

// choose is pick and omit.
func choose(listed bool) implementation {
	return func(b *budget, args []any) (any, error) {
		object, err := objectArgument(args, 0)
		if err != nil {
			return nil, err
		}
		keys, err := listArgument(args, 1)
		if err != nil {
			return nil, err
		}
		if err := b.charge(objectBytes + elementBytes*(len(object)+len(keys))); err != nil {
			return nil, err
		}
		named := make(map[string]bool, len(keys))
		for i := range keys {
			key, err := textArgument(keys, i)
			if err != nil {
				return nil, err
			}
			named[key] = true
		}
		out := make(map[string]any)
		for key, value := range object {
			if named[key] == listed {
				out[key] = value
			}
		}
		return out, nil
	}
}

// typeNames are what typeName returns.
var typeNames = &jsonschema.Type{Kind: jsonschema.StringKind, Literals: []any{
	"nil", "bool", "int", "float", "string", "array", "map", "bytes", "time", "duration", "zone",
}}

// typeName names kinds as the library does where it has names of its own.
func typeName(_ *budget, args []any) (any, error) {
	switch v := args[0].(type) {
	case json.Number:
		if strings.ContainsAny(string(v), ".eE") {
			return "float", nil
		}
		return "int", nil
	case time.Time:
		return "time", nil
	case time.Duration:
		return "duration", nil
	case time.Month, time.Weekday:
		return "int", nil
	case *time.Location:
		return "zone", nil
	case []byte:
		return "bytes", nil
	}
	return builtin.Type(args[0]), nil
}

// uuid makes a UUID as RFC 9562 §5.4 has it.
func uuid(b *budget, _ []any) (any, error) {
	var id [16]byte
	if _, err := io.ReadFull(randomOf(b.ctx), id[:]); err != nil {
		return nil, err
	}
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:]), nil
}
