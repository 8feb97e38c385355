package main

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
)

// What an upstream sends without being asked is told of in one line, without
// the bytes that it sent.
func TestStandardLogHoldsNothingOfUpstreams(t *testing.T) {
	out := newLines()
	flags, output := log.Flags(), log.Writer()
	t.Cleanup(func() { log.SetFlags(flags); log.SetOutput(output) })
	adoptStandardLog(slog.New(slog.NewTextHandler(out, nil)))

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	done := make(chan struct{})
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		if _, err := conn.Read(make([]byte, 4096)); err != nil {
			return
		}
		fmt.Fprint(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
		<-done
		fmt.Fprint(conn, "HTTP/1.1 200 OK\r\nSet-Cookie: planted-secret\r\n\r\n")
		_, _ = io.Copy(io.Discard, conn)
	}()
	client := &http.Client{Transport: &http.Transport{}}
	resp, err := client.Get("http://" + listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	close(done)
	out.await(t, `level=WARN msg="a library reports something" says="Unsolicited response received on idle HTTP channel starting with"`)
	if text := out.String(); strings.Contains(text, "planted-secret") || strings.Count(text, "\n") != 1 {
		t.Errorf("the log is:\n%s", text)
	}
}

func TestStandardLogIsOneShortLine(t *testing.T) {
	for text, want := range map[string]string{
		"all of it\n":                    "all of it",
		"first\nplanted-secret":          "first",
		"name `planted-secret` is wrong": "name",
		strings.Repeat("ü", 150) + "y\n": strings.Repeat("ü", maxSaid/2),
	} {
		var out bytes.Buffer
		log.New(standardLog{slog.New(slog.NewTextHandler(&out, nil))}, "", 0).Print(text)
		if got := out.String(); !strings.HasSuffix(strings.ReplaceAll(got, `"`, ""), "says="+want+"\n") {
			t.Errorf("%q becomes %s", text, got)
		}
	}
}
