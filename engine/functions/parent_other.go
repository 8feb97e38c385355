//go:build !windows && !linux

package functions

import "context"

// awaitExit returns nil when the parent has ended, else the context's error.
func awaitExit(ctx context.Context, parent int) error { return pollParent(ctx, parent) }
