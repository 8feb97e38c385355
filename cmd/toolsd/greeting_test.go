package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestGreetingGivesWhatAClientNeeds(t *testing.T) {
	for name, c := range map[string]struct {
		env  map[string]string
		want string
	}{
		"without keys": {nil, `"url": "http://[^"]+/mcp"}}}`},
		"with keys":    {map[string]string{"TOOLSD_KEYS": "default=s3cret"}, `"url": "http://[^"]+/mcp", "headers": {"x-functions-key": "a key of TOOLSD_KEYS"}}}}`},
	} {
		t.Run(name, func(t *testing.T) {
			r := start(t, c.env)
			r.stdout.await(t, c.want)
			r.stdout.await(t, `(?m)^  hello name$`)
			if shown := r.stdout.String(); strings.Contains(shown, "s3cret") || strings.Contains(shown, firstTool[:10]) {
				t.Errorf("the greeting shows too much:\n%s", shown)
			}
		})
	}
}

// The tool that is proposed where there is none is right, and is served when
// it is saved as it is shown.
func TestGreetingWithoutToolsShowsTheFirst(t *testing.T) {
	if found := checkText("tools.d/hello.yaml", firstTool); len(found) > 0 {
		t.Fatalf("the first tool has faults: %+v", found)
	}
	empty := filepath.Join(t.TempDir(), "tools.d")
	r := start(t, nil, "--tools", empty)
	r.stdout.await(t, `Save this as \S+/tools.d/hello.yaml and it is the first:\n\n  tool: hello\n`)
	r.stderr.await(t, `tools.d/: cannot be read`)
	if err := os.Mkdir(empty, 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(empty, "hello.yaml"), firstTool)
	r.stderr.await(t, `reloaded: 1 added \(hello\)`)
}
