package expression

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"
)

var textFunctions = []Function{
	{Name: "fromBase64", takes: "text -> text", Signature: "fromBase64(text)", Doc: "The text that base64 stands for.", run: onText(fromBase64)},
	{Name: "hasPrefix", takes: "text, text -> bool", Signature: "hasPrefix(text, prefix)", Doc: "Whether a text begins with another.", run: affix(strings.HasPrefix)},
	{Name: "hasSuffix", takes: "text, text -> bool", Signature: "hasSuffix(text, suffix)", Doc: "Whether a text ends with another.", run: affix(strings.HasSuffix)},
	{Name: "indexOf", takes: "text, text -> int", Signature: "indexOf(text, part)", Doc: "How many characters stand before a part of a text, or -1.", run: affix(before(strings.Index))},
	{Name: "join", takes: "list, text? -> text", Signature: "join(list, separator)", Doc: "The elements of a list as one text.", run: join, types: []any{
		new(func([]any, string) string), new(func([]any) string),
		new(func([]string, string) string), new(func([]string) string),
		new(func([]int, string) string), new(func([]int) string),
	}},
	{Name: "lastIndexOf", takes: "text, text -> int", Signature: "lastIndexOf(text, part)", Doc: "How many characters stand before the last of such parts, or -1.", run: affix(before(strings.LastIndex))},
	{Name: "lower", takes: "text -> text", Signature: "lower(text)", Doc: "The text in lower case.", run: mapped(strings.ToLower)},
	{Name: "repeat", takes: "text, int -> text", Signature: "repeat(text, times)", Doc: "The text so many times over.", run: repeat},
	{Name: "replace", takes: "text, text, text, int? -> text", Signature: "replace(text, old, new)", Doc: "The text with each old part replaced by a new one.", run: replaceText},
	{Name: "split", takes: "text, text, int? -> [text]", Signature: "split(text, separator)", Doc: "The parts of a text between separators.", run: split(strings.SplitN)},
	{Name: "splitAfter", takes: "text, text, int? -> [text]", Signature: "splitAfter(text, separator)", Doc: "The parts of a text, each with the separator that ends it.", run: split(strings.SplitAfterN)},
	{Name: "string", takes: "any -> text", Signature: "string(x)", Doc: "A value as text: numbers in plain decimal, times as RFC 3339, lists and objects as compact JSON, null as nothing.", run: toText},
	{Name: "toBase64", takes: "text -> text", Signature: "toBase64(text)", Doc: "The text in base64.", run: onText(func(b *budget, s string) (any, error) { return encode(b, []byte(s)) })},
	{Name: "trim", takes: "text, text? -> text", Signature: "trim(text)", Doc: "The text without blanks, or the given characters, at its ends.", run: trim},
	{Name: "trimPrefix", takes: "text, text? -> text", Signature: "trimPrefix(text, prefix)", Doc: "The text without a prefix.", run: cut(strings.TrimPrefix)},
	{Name: "trimSuffix", takes: "text, text? -> text", Signature: "trimSuffix(text, suffix)", Doc: "The text without a suffix.", run: cut(strings.TrimSuffix)},
	{Name: "truncate", takes: "text, int -> text", Signature: "truncate(text, characters)", Doc: "The text cut to so many characters, with … in place of what is left out.", run: truncate, types: []any{new(func(string, int) string)}},
	{Name: "upper", takes: "text -> text", Signature: "upper(text)", Doc: "The text in upper case.", run: mapped(strings.ToUpper)},
}

// mapped is a function that gives a text of about the same size.
func mapped(f func(string) string) implementation {
	return onText(func(b *budget, s string) (any, error) {
		if err := b.charge(2 * len(s)); err != nil {
			return nil, err
		}
		return f(s), nil
	})
}

// affix looks for one text in another.
func affix[R any](f func(s, part string) R) implementation {
	return func(b *budget, args []any) (any, error) {
		s, err := textArgument(args, 0)
		if err != nil {
			return nil, err
		}
		part, err := textArgument(args, 1)
		if err != nil {
			return nil, err
		}
		return f(s, part), b.read(len(s))
	}
}

// before counts in characters what f counts in bytes.
func before(f func(s, part string) int) func(s, part string) int {
	return func(s, part string) int {
		i := f(s, part)
		if i < 0 {
			return i
		}
		return utf8.RuneCountInString(s[:i])
	}
}

func cut(f func(s, affix string) string) implementation {
	return func(b *budget, args []any) (any, error) {
		s, err := textArgument(args, 0)
		if err != nil {
			return nil, err
		}
		affix, err := optionalText(args, 1, " ")
		if err != nil {
			return nil, err
		}
		return f(s, affix), b.read(len(affix))
	}
}

func trim(b *budget, args []any) (any, error) {
	s, err := textArgument(args, 0)
	if err != nil {
		return nil, err
	}
	if len(args) == 1 {
		return strings.TrimSpace(s), b.read(len(s))
	}
	characters, err := textArgument(args, 1)
	if err != nil {
		return nil, err
	}
	return strings.Trim(s, characters), b.read(len(s))
}

func repeat(b *budget, args []any) (any, error) {
	s, err := textArgument(args, 0)
	if err != nil {
		return nil, err
	}
	n, err := integerArgument(args, 1)
	if err != nil {
		return nil, err
	}
	if n < 0 {
		return nil, errNegative
	}
	if len(s) > 0 && int64(n) > b.memory/int64(len(s)) {
		return nil, errMemory
	}
	if err := b.charge(n * len(s)); err != nil {
		return nil, err
	}
	return strings.Repeat(s, n), nil
}

func replaceText(b *budget, args []any) (any, error) {
	s, err := textArgument(args, 0)
	if err != nil {
		return nil, err
	}
	old, err := textArgument(args, 1)
	if err != nil {
		return nil, err
	}
	fresh, err := textArgument(args, 2)
	if err != nil {
		return nil, err
	}
	most := -1
	if len(args) > 3 {
		if most, err = integerArgument(args, 3); err != nil {
			return nil, err
		}
	}
	if err := b.read(len(s)); err != nil {
		return nil, err
	}
	found := strings.Count(s, old)
	if most >= 0 {
		found = min(found, most)
	}
	if growth := len(fresh) - len(old); growth > 0 && int64(found) > b.memory/int64(growth) {
		return nil, errMemory
	}
	if err := b.charge(len(s) + found*(len(fresh)-len(old))); err != nil {
		return nil, err
	}
	return strings.Replace(s, old, fresh, most), nil
}

func split(f func(s, separator string, n int) []string) implementation {
	return func(b *budget, args []any) (any, error) {
		s, err := textArgument(args, 0)
		if err != nil {
			return nil, err
		}
		separator, err := textArgument(args, 1)
		if err != nil {
			return nil, err
		}
		most := -1
		if len(args) > 2 {
			if most, err = integerArgument(args, 2); err != nil {
				return nil, err
			}
		}
		if err := b.read(len(s)); err != nil {
			return nil, err
		}
		parts := strings.Count(s, separator) + 1
		if most >= 0 {
			parts = min(parts, most)
		}
		if err := b.elements(4 * parts); err != nil { // as texts, and each in a list's element
			return nil, err
		}
		return boxed(f(s, separator, most)), nil
	}
}

func join(b *budget, args []any) (any, error) {
	list, err := listArgument(args, 0)
	if err != nil {
		return nil, err
	}
	separator, err := optionalText(args, 1, "")
	if err != nil {
		return nil, err
	}
	var out strings.Builder
	for i, e := range list {
		text, err := textWithin(e, b.memory)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			text = separator + text
		}
		if err := b.charge(2*len(text) + 1); err != nil {
			return nil, err
		}
		out.WriteString(text)
	}
	return out.String(), nil
}

func toText(b *budget, args []any) (any, error) {
	if s, ok := args[0].(string); ok {
		return s, nil
	}
	text, err := textWithin(args[0], b.memory)
	if err != nil {
		return nil, err
	}
	return text, b.charge(len(text))
}

func truncate(b *budget, args []any) (any, error) {
	s, err := textArgument(args, 0)
	if err != nil {
		return nil, err
	}
	most, err := integerArgument(args, 1)
	if err != nil {
		return nil, err
	}
	if most < 1 {
		return nil, &unfit{message: "at least one character must stay"}
	}
	if len(s) <= most || utf8.RuneCountInString(s) <= most {
		return s, b.read(len(s))
	}
	end, left := 0, most-1
	for i := range s {
		if left == 0 {
			end = i
			break
		}
		left--
	}
	const ellipsis = "…"
	if err := b.charge(end + len(ellipsis)); err != nil {
		return nil, err
	}
	return s[:end] + ellipsis, nil
}

func fromBase64(b *budget, s string) (any, error) {
	if err := b.charge(len(s)); err != nil {
		return nil, err
	}
	out, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return nil, unfitText("the text is not base64", s)
	}
	return string(out), nil
}

// encode writes bytes in base64.
func encode(b *budget, data []byte) (any, error) {
	if err := b.charge(base64.StdEncoding.EncodedLen(len(data))); err != nil {
		return nil, err
	}
	return base64.StdEncoding.EncodeToString(data), nil
}
