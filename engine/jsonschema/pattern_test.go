package jsonschema

import "testing"

func TestPatterns(t *testing.T) {
	for _, test := range []struct {
		pattern string
		yes, no []string
	}{
		{`^\d+$`, []string{"12"}, []string{"١", "12\n"}},
		{`^\/a$`, []string{"/a"}, nil},
		{`^\u00e9\x41\cJ\0$`, []string{"éA\n\x00"}, nil},
		{`^\ud83d\ude00\u{1F600}$`, []string{"😀😀"}, nil},
		{`^.$`, []string{"a", "é"}, []string{"\n", "\r", "\u2028"}},
		{`^[.]$`, []string{"."}, []string{"a"}},
		{`^\s$`, []string{" ", "\u00a0", "\ufeff", "\v"}, []string{"a"}},
		{`^\S$`, []string{"a"}, []string{" ", "\u00a0", "\u3000"}},
		{`^[\s,]$`, []string{",", "\u00a0"}, []string{"a"}},
		{`^[^\s]$`, []string{"a"}, []string{"\u2003"}},
		{`^[\S]$`, []string{"a"}, []string{"\u2003"}},
		{`^[\b]$`, []string{"\b"}, []string{"b"}},
		{`^[^]$`, []string{"\n", "a"}, []string{""}},
		{`^[[:alpha:]]$`, []string{"a]", ":]", "[]"}, []string{"b]", "b"}},
		{`^\p{Script=Greek}\p{Lu}\P{L}$`, []string{"αA1"}, []string{"aA1"}},
		{`(?<year>\d{4})-(?:x|y)`, []string{"2026-x"}, []string{"26-x"}},
		{`\bfoo\b`, []string{"a foo b"}, []string{"afoob"}},
	} {
		if fault := checkPattern(test.pattern); fault != nil {
			t.Errorf("%s: %s", test.pattern, fault.reason)
			continue
		}
		re, err := compilePattern(test.pattern)
		if err != nil {
			t.Errorf("%s: %v", test.pattern, err)
			continue
		}
		if re.String() != test.pattern {
			t.Errorf("%s shows as %s", test.pattern, re)
		}
		for _, text := range test.yes {
			if !re.MatchString(text) {
				t.Errorf("%s does not match %q", test.pattern, text)
			}
		}
		for _, text := range test.no {
			if re.MatchString(text) {
				t.Errorf("%s matches %q", test.pattern, text)
			}
		}
	}
	for _, pattern := range []string{`(?=a)`, `(?!a)`, `(?<=a)`, `(?<!a)`, `(a)\1`, `(?<n>a)\k<n>`, `[]`, `\u12`, `\ud83d`, `a\`, `a{1001}`, `(`, `\p{Nope}`} {
		if checkPattern(pattern) == nil {
			t.Errorf("%s is accepted", pattern)
		}
		if _, err := compilePattern(pattern); err == nil {
			t.Errorf("%s is compiled", pattern)
		}
	}
}
