//go:build !windows

package functions

import (
	"context"
	"os"
	"time"
)

// pollParent looks once a second whether the process still has the parent; a
// process whose parent ends is given another one.
func pollParent(ctx context.Context, parent int) error {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for os.Getppid() == parent {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}
