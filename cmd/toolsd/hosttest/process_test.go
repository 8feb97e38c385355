//go:build functionshost && linux

package hosttest

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A host is a running `func start`.
type host struct {
	url     string
	temp    string // its folder for temporary files, where it keeps keys
	app     app
	process *os.Process
	ended   chan struct{} // closed when the process has ended
}

// start runs an app and returns when the host answers. The host and all that
// it started end with the test; of a failed test the log is shown.
func start(t *testing.T, a app, args ...string) *host {
	t.Helper()
	port := freePort(t)
	h := &host{url: "http://127.0.0.1:" + port, temp: t.TempDir(), app: a, ended: make(chan struct{})}
	var log transcript
	cmd := exec.Command(os.Getenv("TOOLSD_TEST_FUNC"), append([]string{"start", "--port", port}, args...)...)
	cmd.Dir = a.dir
	cmd.Env = append(os.Environ(), "TMPDIR="+h.temp, "AzureWebJobsSecretStorageType=files")
	cmd.Stdout, cmd.Stderr = &log, &log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	// What the handler inherits of these pipes must not hold up Wait for ever.
	cmd.WaitDelay = 5 * time.Second

	// A shell may have started this test with interrupts ignored, which
	// children inherit; while they are caught here, they are not.
	caught := make(chan os.Signal, 1)
	signal.Notify(caught, os.Interrupt)
	err := cmd.Start()
	signal.Stop(caught)
	if err != nil {
		t.Fatal(err)
	}
	h.process = cmd.Process
	go func() {
		_ = cmd.Wait() // an interrupted func may end with any code
		close(h.ended)
	}()
	t.Cleanup(func() {
		h.stop()
		if t.Failed() {
			t.Logf("func start said:\n%s", log.String())
		}
	})
	h.eventually(t, "the host answers", func() bool {
		response, err := http.Get(h.url + "/")
		if err != nil {
			return false
		}
		response.Body.Close()
		return true
	})
	return h
}

// stop interrupts the host, which is the only signal that it heeds in time and
// that lets it end its handler, and kills what is left after a while.
func (h *host) stop() {
	_ = h.process.Signal(os.Interrupt)
	select {
	case <-h.ended:
	case <-time.After(15 * time.Second):
	}
	_ = syscall.Kill(-h.process.Pid, syscall.SIGKILL)
	<-h.ended
}

// eventually waits for a condition that needs the host.
func (h *host) eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	eventually(t, what, func() bool {
		select {
		case <-h.ended:
			t.Fatalf("the host ended before this: %s", what)
		default:
		}
		return condition()
	})
}

// eventually waits for a condition of processes that cannot tell of it.
func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(time.Minute); !condition(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatalf("waited a minute for this: %s", what)
		}
	}
}

// handlers returns the process numbers of the app's binary.
func (h *host) handlers(t *testing.T) []int {
	t.Helper()
	links, err := filepath.Glob("/proc/[0-9]*/exe")
	if err != nil {
		t.Fatal(err)
	}
	var pids []int
	for _, link := range links {
		if target, err := os.Readlink(link); err != nil || target != h.app.executable() {
			continue // another program, or one that has just ended
		}
		pid, err := strconv.Atoi(strings.Split(link, "/")[2])
		if err != nil {
			t.Fatal(err)
		}
		pids = append(pids, pid)
	}
	return pids
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return fmt.Sprint(l.Addr().(*net.TCPAddr).Port)
}

// A transcript collects output while others read it.
type transcript struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *transcript) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *transcript) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
