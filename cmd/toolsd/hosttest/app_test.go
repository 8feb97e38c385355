//go:build functionshost && linux

package hosttest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

const repository = "../../.."

// binary is toolsd, built once for all tests.
var binary string

func TestMain(m *testing.M) {
	os.Exit(buildAndRun(m))
}

func buildAndRun(m *testing.M) int {
	if _, err := exec.LookPath(os.Getenv("TOOLSD_TEST_FUNC")); err != nil {
		fmt.Fprintln(os.Stderr, "TOOLSD_TEST_FUNC must be the path of func, as .ci/functions-host prints it:", err)
		return 1
	}
	dir, err := os.MkdirTemp("", "toolsd-hosttest-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "toolsd")
	build := exec.Command("go", "build", "-o", binary, "./cmd/toolsd")
	build.Dir = repository
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// An app is a folder as it would be deployed.
type app struct{ dir string }

// newApp lays out the binary, the repository's settings files and the tools,
// which are given as name and content by turns.
func newApp(t *testing.T, tools ...string) app {
	t.Helper()
	a := app{t.TempDir()}
	for _, name := range []string{"host.json", "local.settings.json"} {
		content, err := os.ReadFile(filepath.Join(repository, name))
		if err != nil {
			t.Fatal(err)
		}
		a.write(t, name, string(content))
	}
	if err := os.Link(binary, a.executable()); err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(tools); i += 2 {
		a.write(t, filepath.Join("tools.d", tools[i]), tools[i+1])
	}
	return a
}

func (a app) executable() string { return filepath.Join(a.dir, "toolsd") }

// write saves a file as an editor does that writes in place.
func (a app) write(t *testing.T, name, content string) {
	t.Helper()
	path := filepath.Join(a.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}
