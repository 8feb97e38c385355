package functions

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sys/windows"
)

// awaitExit returns nil when the parent has ended, else the context's error or
// that of the system, in which case nobody is watching.
func awaitExit(ctx context.Context, parent int) error {
	process, err := windows.OpenProcess(windows.SYNCHRONIZE, false, uint32(parent))
	if err != nil {
		return fmt.Errorf("parent process: %w", err)
	}
	defer windows.CloseHandle(process)
	for ctx.Err() == nil {
		event, err := windows.WaitForSingleObject(process, uint32(time.Second/time.Millisecond))
		switch {
		case err != nil:
			return fmt.Errorf("parent process: %w", err)
		case event == windows.WAIT_OBJECT_0:
			return nil
		}
	}
	return ctx.Err()
}
