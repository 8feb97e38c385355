package engine

import (
	"context"
	"errors"
	"strings"
	"testing"
)

// The first failure ends the others, and is what is told.
func TestCrew(t *testing.T) {
	c := newCrew(t.Context())
	first := errors.New("first")
	ended := make(chan struct{})
	c.run(func(ctx context.Context) error {
		<-ctx.Done()
		close(ended)
		return ctx.Err()
	})
	c.run(func(context.Context) error { return first })
	if err := c.wait(); err != first {
		t.Errorf("got %v", err)
	}
	select {
	case <-ended:
	default:
		t.Error("a part still runs")
	}
}

// A panic of a part goes on where the crew is waited for, and says where it
// began: there it is one failed call.
func TestAPanicOfAPart(t *testing.T) {
	c := newCrew(t.Context())
	c.run(func(ctx context.Context) error { <-ctx.Done(); return nil })
	c.run(func(context.Context) error { panic("boom") })
	defer func() {
		err, _ := recover().(error)
		if err == nil || !strings.Contains(err.Error(), "boom") || !strings.Contains(err.Error(), "crew_test.go") {
			t.Errorf("got %v", err)
		}
	}()
	t.Errorf("wait returned %v", c.wait())
}
