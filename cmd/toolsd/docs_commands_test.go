package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// heldElsewhere are the commands of other programs in the documents, with what
// tries them.
var heldElsewhere = map[string]string{
	"go test ./...": "this is it",
	".ci/run":       "the run of CI itself",
	"npx @modelcontextprotocol/inspector --cli http://127.0.0.1:8080/mcp --transport http --method tools/list": ".ci/clients/inspector.test.mjs",
	"go build -o toolsd ./cmd/toolsd": "cmd/toolsd/hosttest",
	"func start":                      "cmd/toolsd/hosttest, under the real host",
}

// Every command that a document shows as a block is run where it would be:
// those of the README and the pages in the repository, those of a new app in
// one that init made. They take no key and reach no network.
func TestTheCommandsInTheDocumentsRun(t *testing.T) {
	repository, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	app := t.TempDir()
	if err := initApp(&world{stdout: new(bytes.Buffer)}, app); err != nil {
		t.Fatal(err)
	}
	const starterPage = "cmd/toolsd/starter/README.md"
	ran := map[string]int{}
	for _, file := range append(documents(t), "CONTRIBUTING.md", starterPage) {
		var lines []string
		for _, block := range blocks(t, file, "sh") {
			lines = append(lines, strings.Split(strings.TrimSpace(block), "\n")...)
		}
		for _, line := range lines {
			line, _, _ = strings.Cut(line, " #")
			line = strings.TrimSpace(line)
			if heldElsewhere[line] != "" {
				continue
			}
			args, ok := programArguments(line)
			if !ok {
				t.Errorf("%s: no test runs: %s", file, line)
				continue
			}
			t.Run(file+": "+line, func(t *testing.T) {
				t.Chdir(repository)
				if file == starterPage {
					t.Chdir(app)
				}
				runShown(t, args)
			})
			ran[file]++
		}
	}
	if ran["README.md"] < 3 || ran[starterPage] < 5 {
		t.Errorf("ran %v", ran)
	}
}

// programArguments returns the arguments of a command of this program, as it
// is written in the repository or where it is installed.
func programArguments(line string) ([]string, bool) {
	words := shellWords(line)
	switch {
	case len(words) > 3 && slices.Equal(words[:3], []string{"go", "run", "./cmd/toolsd"}):
		return words[3:], true
	case len(words) > 1 && words[0] == "toolsd":
		return words[1:], true
	}
	return nil, false
}

// shellWords divides a line as a shell does that knows only quotes.
func shellWords(line string) []string {
	var words []string
	for _, m := range regexp.MustCompile(`(?:'[^']*'|"[^"]*"|[^\s'"])+`).FindAllString(line, -1) {
		words = append(words, strings.NewReplacer("'", "", `"`, "").Replace(m))
	}
	return words
}

// runShown runs a command that must end well. A server is ended once it
// serves, and takes whatever port is free.
func runShown(t *testing.T, args []string) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	stdout, stderr := newLines(), newLines()
	w := &world{stdin: strings.NewReader(""), stdout: stdout, stderr: stderr, getenv: func(string) (string, bool) { return "", false }}
	if args[0] == "serve" {
		args = append(args, "--port", "0")
	}
	ended := make(chan int, 1)
	go func() { ended <- run(ctx, w, args) }()
	if args[0] == "serve" {
		stdout.await(t, `toolsd serves \d+ tools from tools.d at`)
		stop()
	}
	if code := <-ended; code != exitFine {
		t.Errorf("ends with %d:\n%s%s", code, stdout, stderr)
	}
}

// Each command, and each flag, that a document names between its lines is
// there.
func TestTheFlagsInTheDocumentsAreThere(t *testing.T) {
	root := rootCommand(&world{getenv: func(string) (string, bool) { return "", false }})
	flags := map[string]bool{"help": true}
	for _, c := range root.Commands() {
		for _, m := range longFlag.FindAllStringSubmatch(c.Flags().FlagUsages(), -1) {
			flags[m[1]] = true
		}
	}
	flag := regexp.MustCompile("`--([a-z][a-z-]*)")
	inline := regexp.MustCompile("`((?:go run ./cmd/toolsd|toolsd) [^`]+)`")
	for _, file := range append(documents(t), "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "cmd/toolsd/starter/README.md") {
		text := readDocument(t, file)
		for _, m := range flag.FindAllStringSubmatch(text, -1) {
			if !flags[m[1]] {
				t.Errorf("%s: no command takes --%s", file, m[1])
			}
		}
		for _, m := range inline.FindAllStringSubmatch(text, -1) {
			line, _, _ := strings.Cut(m[1], " > ")
			args, _ := programArguments(line)
			if err := knows(root, args); err != nil {
				t.Errorf("%s: %s: %v", file, m[1], err)
			}
		}
	}
}

// knows reports what is wrong with a command line, but for values that are
// left out.
func knows(root *cobra.Command, args []string) error {
	cmd, rest, err := root.Find(args)
	switch {
	case err != nil:
		return err
	case cmd == root:
		return errors.New("there is no such command")
	case slices.Contains(rest, "--help"):
		return nil
	}
	err = cmd.ParseFlags(rest)
	if err != nil && strings.Contains(err.Error(), "flag needs an argument") {
		return nil
	}
	return err
}

// The configuration that the README gives to clients is the one that serve
// prints.
func TestTheClientConfigurationInTheReadmeIsWhatIsPrinted(t *testing.T) {
	found := blocks(t, "README.md", "json")
	if len(found) != 1 {
		t.Fatalf("the README has %d blocks of JSON", len(found))
	}
	var config struct {
		Servers map[string]struct{ Type, URL string } `json:"mcpServers"`
	}
	d := json.NewDecoder(strings.NewReader(found[0]))
	d.DisallowUnknownFields()
	if err := d.Decode(&config); err != nil {
		t.Fatal(err)
	}
	url := regexp.QuoteMeta(config.Servers["toolsd"].URL)
	printed := strings.Replace(regexp.QuoteMeta(strings.TrimSpace(found[0])), url, `http://127\.0\.0\.1:\d+/mcp`, 1)
	t.Chdir(filepath.Join("..", ".."))
	start(t, nil).stdout.await(t, printed)
}
