package engine_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/toolsd/toolsd/engine"
)

// A tool whose newest source is faulty goes on as it was, though another one
// is saved that would call it, and that it calls itself. The one that is saved
// stays as it was.
func TestASaveThatWouldMakeACircleWithALastGoodVersion(t *testing.T) {
	for _, pair := range [][2]string{{"a", "b"}, {"b", "a"}} { // each may be settled first
		stale, saved := pair[0], pair[1]
		caller := stepping(stale, "  - {tool: "+saved+"}\n")
		broken := strings.Replace(caller, "steps:", "stesp:", 1)
		e := newEngine(nil)
		publish(t, e, files{"stale.yaml": caller, "saved.yaml": answers(saved, "leaf"), "third.yaml": stepping("third", "  - {tool: "+stale+"}\n")})
		e.Publish(files{"stale.yaml": broken, "saved.yaml": answers(saved, "leaf"), "third.yaml": stepping("third", "  - {tool: "+stale+"}\n")}.sources())
		change := e.Publish(files{"stale.yaml": broken, "saved.yaml": stepping(saved, "  - {tool: "+stale+"}\n"), "third.yaml": stepping("third", "  - {tool: "+stale+"}\n")}.sources())
		if diff := cmp.Diff([]string{"a", "b", "third"}, names(e.Catalog())); diff != "" {
			t.Errorf("%s is stale (-want +got):\n%s%s\n%s", stale, diff, change, text(change.Diagnostics))
		}
		for _, name := range []string{stale, "third"} {
			if e.Catalog().Tool(name) == nil {
				continue
			}
			if got, failed := call(t, e, engine.Local, name, `{}`); failed || got != "leaf" {
				t.Errorf("%s: got %s", name, got)
			}
		}
	}
}
