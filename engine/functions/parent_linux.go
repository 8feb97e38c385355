package functions

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// awaitExit returns nil when the parent has ended, else the context's error. A
// pidfd tells of it at once. A death signal (PR_SET_PDEATHSIG) would not do: it
// comes when the thread ends that started the process, and a host's threads
// come and go.
func awaitExit(ctx context.Context, parent int) error {
	fd, err := unix.PidfdOpen(parent, unix.PIDFD_NONBLOCK)
	if err == nil {
		err = awaitPidfd(ctx, fd)
	}
	if err == nil || ctx.Err() != nil {
		return ctx.Err()
	}
	return pollParent(ctx, parent) // an old kernel or a sandbox without pidfd
}

// awaitPidfd waits in the runtime's poller, which costs no thread, and closes
// the descriptor.
func awaitPidfd(ctx context.Context, fd int) error {
	f := os.NewFile(uintptr(fd), "pidfd")
	defer f.Close()
	conn, err := f.SyscallConn()
	if err != nil {
		return fmt.Errorf("pidfd: %w", err)
	}
	stop := context.AfterFunc(ctx, func() { _ = f.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()
	return conn.Read(func(fd uintptr) bool {
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, 0)
		return n > 0 || err != nil && !errors.Is(err, unix.EINTR)
	})
}
