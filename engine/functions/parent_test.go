package functions

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// The test binary plays two more parts: a parent that starts a child and ends
// when its standard input does, and that child, which says when its parent has
// gone. The child outlives the parent because it is not the test's own.
const part = "FUNCTIONS_TEST_PART"

func TestMain(m *testing.M) {
	switch os.Getenv(part) {
	case "parent":
		playParent()
	case "child":
		playChild()
	default:
		os.Exit(m.Run())
	}
}

func playParent() {
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), part+"=child")
	child.Stdout = os.Stdout
	if err := child.Start(); err != nil {
		fmt.Println(err)
		return
	}
	_, _ = io.Copy(io.Discard, os.Stdin)
}

func playChild() {
	gone := ParentGone(context.Background())
	fmt.Println("watching")
	select {
	case <-gone:
		fmt.Println("gone")
	case <-time.After(time.Minute):
		fmt.Println("nothing happened")
	}
}

func TestParentGone(t *testing.T) {
	parent := exec.CommandContext(t.Context(), os.Args[0])
	parent.Env = append(os.Environ(), part+"=parent")
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	parent.Stdout = write
	stdin, err := parent.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	write.Close()
	lines := bufio.NewReader(read)
	if line, err := lines.ReadString('\n'); line != "watching\n" {
		t.Fatalf("the child said %q (%v)", line, err)
	}
	stdin.Close() // the parent ends now
	if err := parent.Wait(); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(lines)
	if err != nil || strings.TrimSpace(string(rest)) != "gone" {
		t.Errorf("the child said %q (%v)", rest, err)
	}
}

func TestParentGoneEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- awaitExit(ctx, os.Getppid()) }()
	cancel()
	if err := <-done; err == nil {
		t.Error("the parent was taken for gone")
	}
}
