package functions

import "testing"

func TestParseLevel(t *testing.T) {
	for text, want := range map[string]Level{
		"anonymous": Anonymous, "Function": Function, "ADMIN": Admin, "user": Admin, "System": Admin,
		"0": Anonymous, "1": Admin, "2": Function, "3": Admin, "4": Admin, " 02 ": Function,
	} {
		if got, err := ParseLevel(text); err != nil || got != want {
			t.Errorf("ParseLevel(%q) = %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", " ", "none", "5", "-1", "2.0", "function,admin", "anonymous\x00", "true"} {
		if got, err := ParseLevel(text); err == nil || got != Admin {
			t.Errorf("ParseLevel(%q) = %v, %v", text, got, err)
		}
	}
	for want, l := range map[string]Level{"anonymous": Anonymous, "function": Function, "admin": Admin} {
		if got := l.String(); got != want {
			t.Errorf("level %d prints %q", l, got)
		}
	}
	var zero Level
	if zero != Function {
		t.Errorf("the zero level is %v", zero)
	}
}
