package functions

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// environment makes a getenv of pairs.
func environment(pairs ...string) func(string) string {
	values := map[string]string{}
	for _, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		values[name] = value
	}
	return func(name string) string { return values[name] }
}

func TestDetect(t *testing.T) {
	for name, test := range map[string]struct {
		env  []string
		want Host
	}{
		"alone": {nil, Host{Root: "."}},
		"func start": {
			[]string{"FUNCTIONS_CUSTOMHANDLER_PORT=40275", "FUNCTIONS_APP_ROOT_PATH=/app", "AZURE_FUNCTIONS_ENVIRONMENT=Development"},
			Host{Started: true, Addr: "127.0.0.1:40275", Root: "/app", Development: true},
		},
		"Azure": {
			[]string{"FUNCTIONS_CUSTOMHANDLER_PORT=1", "FUNCTIONS_APP_ROOT_PATH=/home/site/wwwroot"},
			Host{Started: true, Addr: "127.0.0.1:1", Root: "/home/site/wwwroot"},
		},
		"another environment": {
			[]string{"AZURE_FUNCTIONS_ENVIRONMENT=Staging"},
			Host{Root: "."},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Detect(environment(test.env...))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(test.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestDetectRefusesWhatIsNoPort(t *testing.T) {
	for _, port := range []string{"0", "-1", "65536", "80 ", "http", "127.0.0.1:80"} {
		h, err := Detect(environment("FUNCTIONS_CUSTOMHANDLER_PORT=" + port))
		if err == nil || !strings.Contains(err.Error(), "FUNCTIONS_CUSTOMHANDLER_PORT") || h.Started {
			t.Errorf("port %q: %+v, error %v", port, h, err)
		}
	}
}
