package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// Under the Functions host in Azure, pages may call that the app's CORS
// settings name, and no others.
func TestServeLetsPagesInThatThePlatformLetsIn(t *testing.T) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	_ = free.Close()
	_, port, _ := net.SplitHostPort(address)
	dir := t.TempDir()
	write(t, filepath.Join(dir, "hello.yaml"), hello)
	env := map[string]string{
		"FUNCTIONS_CUSTOMHANDLER_PORT": port, "FUNCTIONS_APP_ROOT_PATH": dir,
		"WEBSITE_CORS_ALLOWED_ORIGINS": "https://a.example,https://b.example",
	}
	stdout := newLines()
	w := &world{stdin: strings.NewReader(""), stdout: stdout, stderr: io.Discard, getenv: func(name string) (string, bool) {
		v, ok := env[name]
		return v, ok
	}}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan int, 1)
	go func() { ended <- run(ctx, w, []string{"serve", "--tools", dir}) }()
	t.Cleanup(func() {
		cancel()
		<-ended
	})
	stdout.await(t, `"msg":"serving"`)
	for origin, want := range map[string]int{
		"https://b.example": http.StatusOK, "https://app.example": http.StatusOK, // the app's own page
		"https://evil.example": http.StatusForbidden, "http://localhost:1": http.StatusForbidden,
	} {
		got, body := ask(t, "POST", "http://"+address+"/mcp", callHello, "Origin", origin, "X-Forwarded-Host", "app.example")
		if got != want {
			t.Errorf("%s: %d, want %d: %s", origin, got, want, body)
		}
	}
}
