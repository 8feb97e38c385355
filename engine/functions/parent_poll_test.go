//go:build !windows

package functions

import (
	"context"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

func TestPollParent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		if err := pollParent(ctx, os.Getppid()); err == nil {
			t.Error("the parent was taken for gone")
		}
		start := time.Now()
		if err := pollParent(t.Context(), os.Getppid()+1); err != nil || time.Since(start) > time.Second {
			t.Errorf("another parent was not noticed: %v after %v", err, time.Since(start))
		}
	})
}
