package expression

import "regexp"

// A syntaxHabit is how something is written in other languages: what stands
// before and after the place at which the parser gives up.
type syntaxHabit struct {
	before, after *regexp.Regexp
	hint          string
}

// syntaxHabits are gone through in their order.
var syntaxHabits = []syntaxHabit{
	// Operators.
	habit(`<$`, `^>`, "compare with !="),
	habit(`[-+*/%]$`, `^=[^=]`, "values do not change: name a new one with let name = value; …"),
	habit(``, `^:=`, "name a value with let name = value; …"),
	habit(``, `^is\b`, "compare with == or !="),
	habit(``, `^AND\b`, "write and"),
	habit(``, `^OR\b`, "write or"),
	habit(``, `^(mod|MOD)\b`, "write a % b"),
	habit(``, `^(div|DIV)\b`, "write floor(a / b)"),
	habit(``, `^(like|LIKE)\b`, "for a pattern write x matches y"),
	habit(``, `^&($|[^&])`, "write and between conditions, + between texts"),

	// Texts.
	habit(`(^|[^\w.])[fF]$`, "^[\"'`]", joinHint),

	// Choices.
	habit(``, `^(elif|elseif|elsif)\b`, "write else if"),
	habit(`\bif\b[^{}?]*$`, `^(:|then\b)`, choiceHint),
	habit(``, `^(then|when|if|unless)\b`, choiceHint),
	habit(`\bif\b[^?]*\}\s*$`, `^\s*$`, "an if has an else: if a { b } else { c }"),
	habit(`[^?]\?[^.?:][^:]*$`, `^\s*$`, "a ? has a colon: a ? b : c"),

	// Names, members and objects.
	habit(`\{\s*$`, `^\{`, bracesHint),
	habit(`^\s*\{\s*[A-Za-z_]\w*$`, `^\.`, bracesHint),
	habit(`[{,]\s*[A-Za-z_]\w*\s*$`, `^[},]`, "each key of an object has a value: {name: input.name}"),
	habit(`\[\s*$`, `^[\]*]`, "for each element write map(list, .name)"),
	habit(`^\s*$`, `^\.`, "a name stands before the dot, as in input.name"),

	// Functions as values.
	habit(`\(\s*\w*$`, `^,\s*\w+\s*\)\s*=>`, predicateHint),
	habit(`\bfunction\s*\w*\([^()]*\)\s*$`, `^\{`, predicateHint),
	habit(`[,(]\s*$`, `^\|`, predicateHint),
}

func habit(before, after, hint string) syntaxHabit {
	return syntaxHabit{regexp.MustCompile(before), regexp.MustCompile(after), hint}
}
