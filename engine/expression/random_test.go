package expression

import (
	"bytes"
	"testing"
)

func TestRandomFunctionsReadWhatTheyAreGiven(t *testing.T) {
	p := build(t, "uuid()")
	got, err := p.Run(WithRandom(t.Context(), bytes.NewReader(bytes.Repeat([]byte{0xff}, 16))), nil)
	if want := "ffffffff-ffff-4fff-bfff-ffffffffffff"; got != want {
		t.Errorf("uuid() is %v (%v), want %s", got, err, want)
	}
	if got, err := p.Run(WithRandom(t.Context(), bytes.NewReader(nil)), nil); err == nil {
		t.Errorf("uuid() is %v without anything to read", got)
	}
	first, _ := p.Run(t.Context(), nil)
	if second, _ := p.Run(t.Context(), nil); first == second {
		t.Errorf("two UUIDs are both %v", first)
	}
}
