package httpcall

import (
	"testing"
	"time"
)

func TestDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		50 * time.Millisecond: "50 ms", 949 * time.Millisecond: "949 ms", time.Second - time.Microsecond: "1 s",
		1250 * time.Millisecond: "1.3 s", 30*time.Second - time.Millisecond: "30 s", 77 * time.Second: "77 s",
	} {
		if got := duration(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}
