package functions

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func mustReadKeys(t *testing.T, setting string) *Keys {
	t.Helper()
	k, err := ReadKeys(setting, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestKeysAccept(t *testing.T) {
	keys := mustReadKeys(t, "default=Q7x-secret==, ci=other,_master=Root")
	for name, test := range map[string]struct {
		presented string
		want      []Level
	}{
		"right":            {"Q7x-secret==", []Level{Function}},
		"another":          {"other", []Level{Function}},
		"master":           {"Root", []Level{Function, Admin}},
		"nothing":          {"", nil},
		"prefix":           {"Q7x-secret=", nil},
		"more":             {"Q7x-secret===", nil},
		"wrong case":       {"q7x-secret==", nil},
		"master, case":     {"root", nil},
		"space":            {" other", nil},
		"the name":         {"default", nil},
		"name and key":     {"ci=other", nil},
		"several":          {"Q7x-secret==,other", nil},
		"zero byte":        {"other\x00", nil},
		"very long":        {strings.Repeat("other", 200_000), nil},
		"look-alike":       {"оther", nil}, // with a Cyrillic o
		"line break after": {"other\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			var got []Level
			for _, level := range []Level{Function, Admin} {
				if keys.Accept(level, test.presented) {
					got = append(got, level)
				}
			}
			if d := cmp.Diff(test.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestKeysReach(t *testing.T) {
	for setting, want := range map[string][]Level{
		"":                {Anonymous},
		"a=1":             {Anonymous, Function},
		"_master=1":       {Anonymous, Function, Admin},
		"_MASTER=1":       {Anonymous, Function},
		"a=1,_master=2,,": {Anonymous, Function, Admin},
	} {
		var got []Level
		for _, level := range []Level{Anonymous, Function, Admin} {
			if mustReadKeys(t, setting).Reach(level) {
				got = append(got, level)
			}
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%q: %s", setting, d)
		}
	}
	var none *Keys
	if none.Reach(Function) || none.Accept(Function, "") {
		t.Error("nil keys let somebody in")
	}
}

func TestReadKeysFaults(t *testing.T) {
	file := func(content string) string {
		return "@" + filepath.Join(folder(t, "keys", content), "keys")
	}
	for name, test := range map[string]struct{ setting, want string }{
		"no key":       {"name", "TOOLSD_KEYS: entry 1 is not name=key"},
		"empty key":    {"a=secret1,b=", "TOOLSD_KEYS: entry 2 is not name=key"},
		"empty name":   {"=secret1", "TOOLSD_KEYS: entry 1 is not name=key"},
		"only commas":  {",", "TOOLSD_KEYS: there is no name=key in it"},
		"space":        {"a=secret1 secret2", "TOOLSD_KEYS: entry 1: names and keys are printable ASCII without spaces"},
		"not ASCII":    {"a=secret1é", "TOOLSD_KEYS: entry 1: names and keys are printable ASCII without spaces"},
		"twice":        {"a=secret1,b=secret2,a=secret3", `TOOLSD_KEYS: entry 3: there is a key "a" above it`},
		"all at once":  {"secret1,b=secret2,secret3", "TOOLSD_KEYS: entry 1 is not name=key\nentry 3 is not name=key"},
		"in a file":    {file("# ours\n\na=secret1\nsecret2\n"), "keys: line 4 is not name=key"},
		"empty file":   {file("# none\n"), "keys: there is no name=key in it"},
		"missing file": {"@/nonexistent/keys", "TOOLSD_KEYS: stat /nonexistent/keys: no such file or directory"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ReadKeys(test.setting, slog.New(slog.DiscardHandler))
			if err == nil {
				t.Fatal("no error")
			}
			if !strings.HasSuffix(err.Error(), test.want) || strings.Contains(err.Error(), "=secret") {
				t.Errorf("the error is %q, want it to end in %q and to hold no key", err, test.want)
			}
		})
	}
}

func TestKeysFollowTheirFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	clock := time.Now().Add(-time.Hour)
	save := func(content string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		clock = clock.Add(time.Second)
		if err := os.Chtimes(path, clock, clock); err != nil {
			t.Fatal(err)
		}
	}
	save("\ufeff# who may call\r\na=first\r\n")
	var log bytes.Buffer
	keys, err := ReadKeys("@"+path, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	accepts := func(want ...string) {
		t.Helper()
		var got []string
		for _, k := range []string{"first", "second", "third"} {
			if keys.Accept(Function, k) {
				got = append(got, k)
			}
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	}
	accepts("first")
	save("a=second\nold=first\n")
	accepts("first", "second")
	save("a=first\n")
	accepts("first")
	save("a=third\n") // as long as before
	accepts("third")
	save("a=second\n")
	accepts("second")

	save("third\n")
	accepts("second")
	accepts("second")
	if got := strings.Count(log.String(), "level=ERROR"); got != 1 {
		t.Errorf("a bad file was reported %d times:\n%s", got, &log)
	}
	if strings.Contains(log.String(), "third") {
		t.Errorf("the log holds a key:\n%s", &log)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	accepts("second")
	accepts("second")
	if got := strings.Count(log.String(), "level=ERROR"); got != 2 {
		t.Errorf("a missing file was reported %d times:\n%s", got-1, &log)
	}
	save("a=third\n")
	accepts("third")

	// Half a key, just written, is not yet a key.
	if err := os.WriteFile(path, []byte("a=first"), 0o600); err != nil {
		t.Fatal(err)
	}
	soon := time.Now().Add(-time.Millisecond)
	if err := os.Chtimes(path, soon, soon); err != nil {
		t.Fatal(err)
	}
	if keys.file.changed() && time.Since(soon) < settle {
		t.Error("a file that was still being written was read")
	}
}
