package engine_test

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/schema"
)

func TestPublishServesWhatIsRightAndReportsTheRest(t *testing.T) {
	e := newEngine(nil)
	change := e.Publish(files{
		"a.yaml": answers("good", "yes") + "---\n" + strings.Replace(answers("bad", "x"), "expr:", "exrp:", 1),
	}.sources())
	if diff := cmp.Diff([]string{"good"}, names(e.Catalog())); diff != "" {
		t.Error(diff)
	}
	if !slices.Contains(codes(change.Diagnostics), "unknown-key") {
		t.Errorf("the misspelt key is not reported:\n%s", text(change.Diagnostics))
	}
	if got, _ := call(t, e, engine.Local, "good", `{}`); got != "yes" {
		t.Errorf("good answers %q", got)
	}
}

func TestABrokenDefinitionKeepsItsLastGoodBody(t *testing.T) {
	broken := map[string]string{
		"misspelt key":       strings.Replace(answers("a", "2"), "expr:", "exrp:", 1),
		"broken expression":  strings.Replace(answers("a", "2"), `'"2"'`, `'"2" +'`, 1),
		"broken yaml":        strings.Replace(answers("a", "2"), "description: ", "description: 'un: ", 1),
		"half a file":        answers("a", "2")[:40],
		"unidentified":       "[",
		"a name that is bad": strings.Replace(answers("a", "2"), "tool: a", "tool: a b", 1),
	}
	for name, text := range broken {
		t.Run(name, func(t *testing.T) {
			e := newEngine(nil)
			publish(t, e, files{"a.yaml": answers("a", "1"), "b.yaml": answers("b", "1")})
			change := e.Publish(files{"a.yaml": text, "b.yaml": answers("b", "2")}.sources())
			if got, _ := call(t, e, engine.Local, "a", `{}`); got != "1" {
				t.Errorf("the broken tool answers %q, want its last good answer", got)
			}
			if got, _ := call(t, e, engine.Local, "b", `{}`); got != "2" {
				t.Errorf("the other tool answers %q, want its new answer", got)
			}
			if !schema.HasErrors(change.Diagnostics) || !slices.Contains(change.Stale, "tool a") {
				t.Errorf("stale: %v, diagnostics: %v", change.Stale, codes(change.Diagnostics))
			}
			mended := publish(t, e, files{"a.yaml": answers("a", "3"), "b.yaml": answers("b", "2")})
			if got, _ := call(t, e, engine.Local, "a", `{}`); got != "3" || len(mended.Stale) > 0 {
				t.Errorf("the mended tool answers %q, stale: %v", got, mended.Stale)
			}
		})
	}
}

func TestRemovedDefinitionsGo(t *testing.T) {
	two := answers("a", "1") + "---\n" + answers("b", "1")
	for name, next := range map[string]files{
		"file gone":       {},
		"document gone":   {"a.yaml": answers("b", "1")},
		"renamed":         {"a.yaml": answers("c", "1") + "---\n" + answers("b", "1")},
		"moved elsewhere": {"z.yaml": answers("b", "1")},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEngine(nil)
			publish(t, e, files{"a.yaml": two})
			publish(t, e, next)
			if e.Catalog().Tool("a") != nil {
				t.Errorf("a is still served: %v", names(e.Catalog()))
			}
		})
	}
}

func TestUnreadableSourcesRemoveNothing(t *testing.T) {
	e := newEngine(nil)
	publish(t, e, files{"tools/a.yaml": answers("a", "1"), "tools/sub/b.yaml": answers("b", "1")})
	change := e.Publish([]schema.Source{
		{Name: "tools/a.yaml", Err: fs.ErrPermission},
		{Name: "tools/sub/", Err: fs.ErrPermission},
	})
	if diff := cmp.Diff([]string{"a", "b"}, names(e.Catalog())); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"unreadable-file", "unreadable-file"}, codes(change.Diagnostics)); diff != "" {
		t.Error(diff)
	}
}

func TestDuplicates(t *testing.T) {
	e := newEngine(nil)
	change := e.Publish(files{"a.yaml": answers("x", "1"), "b.yaml": answers("x", "2")}.sources())
	if len(e.Catalog().Tools()) != 0 {
		t.Errorf("at start none of the duplicates is served, got %v", names(e.Catalog()))
	}
	if diff := cmp.Diff([]string{"duplicate-name", "duplicate-name"}, codes(change.Diagnostics)); diff != "" {
		t.Error(diff)
	}
	publish(t, e, files{"b.yaml": answers("x", "2")})
	e.Publish(files{"a.yaml": answers("x", "1"), "b.yaml": answers("x", "2")}.sources())
	if got, _ := call(t, e, engine.Local, "x", `{}`); got != "2" {
		t.Errorf("x answers %q, want what was served before the duplicate came", got)
	}
}

func TestOnBrokenWithdraw(t *testing.T) {
	server := "server: main\nonBroken: withdraw\n"
	e := newEngine(nil)
	publish(t, e, files{"a.yaml": answers("a", "1"), "server.yaml": server})
	e.Publish(files{"a.yaml": "tool: a\nexrp: 1\n", "server.yaml": server}.sources())
	if e.Catalog().Tool("a") != nil {
		t.Error("the broken tool is still served")
	}
	stale := e.Catalog().Stale()
	if len(stale) != 1 || !stale[0].Withdrawn {
		t.Errorf("stale: %+v", stale)
	}
}

func guardedBy(access string) string { return answers("a", "secret") + "access: " + access + "\n" }

func TestGuardsNeverLag(t *testing.T) {
	reader := engine.Caller{ID: "r", Scopes: []string{"read"}}
	admin := engine.Caller{ID: "a", Scopes: []string{"read", "admin"}}
	mayCall := func(e *engine.Engine, who engine.Caller) bool {
		_, err := e.Call(engine.WithCaller(context.Background(), who), "a", nil)
		return !errors.Is(err, engine.ErrUnknownTool)
	}
	for _, test := range []struct {
		name          string
		before, after string
		reader, admin bool
	}{
		{"tightened and broken", guardedBy("{scopes: [read]}"), guardedBy("{scopes: [admin]}") + "exrp: 1\n", false, true},
		{"loosened and broken", guardedBy("{scopes: [admin]}"), guardedBy("{scopes: [read]}") + "exrp: 1\n", true, true},
		{"lost in half a save", guardedBy("{scopes: [admin]}"), answers("a", "secret")[:50], false, true},
		{"unreadable", guardedBy("{scopes: [read]}"), guardedBy("{scopes: [admin], roels: [x]}"), false, true},
		{"faulty condition", guardedBy("{scopes: [read]}"), guardedBy("{scopes: [admin], when: caller.nmae == 1}"), false, true},
		{"never had one, now nothing of it is readable", answers("a", "x"), guardedBy("{scops: [admin]}"), false, false},
		{"never had one, now under a misspelt key", answers("a", "x"), answers("a", "x") + "acess: {scopes: [admin]}\n", false, false},
		{"had one, now under a misspelt key", guardedBy("{scopes: [admin]}"), answers("a", "x") + "acess: {scopes: [read]}\n", false, true},
		{"never had one, now a faulty condition", answers("a", "x"), guardedBy("{when: caller.nmae == 1}"), false, false},
		{"never had one, a fault elsewhere", answers("a", "x"), answers("a", "x") + "exrp: 1\n", true, true},
		{"never had one, half a save", answers("a", "x"), answers("a", "secret")[:50], true, true},
		{"had one, now nothing is readable", guardedBy("{scopes: [admin]}"), guardedBy("{scops: [reader]}"), false, true},
		{"never had one, now unreadable", answers("a", "x"), guardedBy("{scopes: [admin], roels: [x]}"), false, true},
		{"not broken", guardedBy("{scopes: [admin]}"), answers("a", "x"), true, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			e := newEngine(nil)
			publish(t, e, files{"a.yaml": test.before})
			for range 3 { // repeated bad saves change nothing more
				e.Publish(files{"a.yaml": test.after}.sources())
				if got := mayCall(e, reader); got != test.reader {
					t.Errorf("reader may call: %v, want %v", got, test.reader)
				}
				if got := mayCall(e, admin); got != test.admin {
					t.Errorf("admin may call: %v, want %v", got, test.admin)
				}
			}
		})
	}
}

const upstream = "upstream: api\nbaseUrl: https://api.example.com\n"

const usesUpstream = `tool: a
description: Gets a thing from the upstream.
inputSchema: {type: object, additionalProperties: false}
http: {upstream: api, path: /thing}
`

func TestARemovedUpstreamTakesItsStaleToolsAlong(t *testing.T) {
	e := newEngine(nil)
	publish(t, e, files{"u.yaml": upstream, "a.yaml": usesUpstream})
	broken := strings.Replace(usesUpstream, "path: /thing", "path: thing", 1)
	e.Publish(files{"u.yaml": upstream, "a.yaml": broken}.sources())
	if e.Catalog().Tool("a") == nil {
		t.Fatal("the broken tool is not kept while its upstream is there")
	}
	e.Publish(files{"a.yaml": broken}.sources())
	if e.Catalog().Tool("a") != nil {
		t.Error("the tool is served although its upstream is gone")
	}
}

func TestABrokenUpstreamKeepsItsToolsWithoutEchoes(t *testing.T) {
	e := newEngine(nil)
	f := files{"u.yaml": upstream, "a.yaml": usesUpstream}
	publish(t, e, f)
	f["u.yaml"] = upstream + "haeders: {}\n"
	change := e.Publish(f.sources())
	if e.Catalog().Tool("a") == nil || len(change.Diagnostics) != 1 {
		t.Errorf("tools %v, diagnostics:\n%s", names(e.Catalog()), text(change.Diagnostics))
	}
	fresh := newEngine(nil)
	if found := fresh.Publish(f.sources()).Diagnostics; len(found) != 1 || len(fresh.Catalog().Tools()) != 0 {
		t.Errorf("at start: tools %v, diagnostics:\n%s", names(fresh.Catalog()), text(found))
	}
}

func TestAVariableNoLongerExposedTakesItsStaleToolsAlong(t *testing.T) {
	e := newEngine(map[string]string{"PLACE": "Berlin"})
	tool := strings.Replace(answers("a", ""), `'""'`, "env.PLACE", 1)
	f := files{"s.yaml": "server: main\nexpose: [PLACE]\n", "a.yaml": tool}
	publish(t, e, f)
	f["a.yaml"] = tool + "exrp: 1\n"
	e.Publish(f.sources())
	if e.Catalog().Tool("a") == nil {
		t.Fatal("the broken tool is not kept")
	}
	f["s.yaml"] = "server: main\n"
	e.Publish(f.sources())
	if e.Catalog().Tool("a") != nil {
		t.Error("the tool still shows a variable that is no longer exposed")
	}
}

func TestAVariableThatIsExposedChangesNoOtherTool(t *testing.T) {
	e := newEngine(map[string]string{"PLACE": "Berlin"})
	f := files{"a.yaml": answers("a", "1"), "s.yaml": "server: main\n"}
	publish(t, e, f)
	f["s.yaml"] += "expose: [PLACE]\n"
	if change := publish(t, e, f); len(change.Changed) > 0 || !change.Any() {
		t.Errorf("%s", change)
	}
}

func TestChangesAreReal(t *testing.T) {
	e := newEngine(nil)
	var told []string
	e.Subscribe(func(c engine.Change) { told = append(told, c.String()) })
	f := files{"a.yaml": answers("a", "1") + "---\n" + answers("b", "1")}
	publish(t, e, f)
	first := e.Catalog().Tool("b").Place()
	publish(t, e, f)                            // nothing
	f["a.yaml"] = "# a comment\n" + f["a.yaml"] // the first document's text
	publish(t, e, f)                            // and b has moved by a line
	f["a.yaml"] = strings.Replace(f["a.yaml"], `"1"`, `"2"`, 1)
	publish(t, e, f)
	good := f["a.yaml"]
	f["a.yaml"] = strings.Replace(good, "expr:", "exrp:", 1)
	e.Publish(f.sources())
	f["a.yaml"] = good // undone: nothing has changed
	publish(t, e, f)
	want := []string{"2 added (a, b)", "1 changed (a)", "1 changed (a)", "no tool changed; stale: tool a", "no tool changed; mended: tool a"}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Error(diff)
	}
	if moved := e.Catalog().Tool("b").Place(); moved.Line != first.Line+1 {
		t.Errorf("b stood in line %d and now in %d, want one further", first.Line, moved.Line)
	}
}

func TestAnUpstreamThatComesBackBringsItsStaleToolsAlong(t *testing.T) {
	broken := strings.Replace(usesUpstream, "path: /thing", "path: thing", 1)
	e := newEngine(nil)
	publish(t, e, files{"u.yaml": upstream, "a.yaml": usesUpstream})
	e.Publish(files{"u.yaml": upstream, "a.yaml": broken}.sources())
	e.Publish(files{"a.yaml": broken}.sources())
	e.Publish(files{"a.yaml": "["}.sources())
	e.Publish(files{"u.yaml": upstream, "a.yaml": broken}.sources())
	if e.Catalog().Tool("a") == nil {
		t.Error("the tool's last good version is forgotten")
	}
	e.Publish(files{"u.yaml": upstream}.sources())
	e.Publish(files{"u.yaml": upstream, "a.yaml": broken}.sources())
	if e.Catalog().Tool("a") != nil {
		t.Error("a tool that was removed came back")
	}
}

func TestWhatWasWithdrawnComesBack(t *testing.T) {
	withdraw := "server: main\nonBroken: withdraw\n"
	brokenTool := "tool: a\nexrp: 1\n"
	e := newEngine(nil)
	publish(t, e, files{"a.yaml": usesUpstream, "u.yaml": upstream, "server.yaml": withdraw})
	e.Publish(files{"a.yaml": brokenTool, "u.yaml": upstream + "x: 1\n", "server.yaml": withdraw}.sources())
	if e.Catalog().Tool("a") != nil {
		t.Error("the broken tool is served")
	}
	e.Publish(files{"a.yaml": brokenTool, "u.yaml": upstream + "x: 1\n", "server.yaml": "server: main\n"}.sources())
	if e.Catalog().Tool("a") == nil || !e.Catalog().Tool("a").Stale() {
		t.Error("the last good version is not kept where the server says keep")
	}
	change := publish(t, e, files{"a.yaml": usesUpstream, "u.yaml": upstream, "server.yaml": withdraw})
	if diff := cmp.Diff([]string{"tool a", "upstream api"}, change.Mended); diff != "" {
		t.Error(diff)
	}
}

// A definition that was moved, with a fault, is at home where it went.
func TestAMovedDefinitionIsKeptByItsNewFile(t *testing.T) {
	e := newEngine(nil)
	publish(t, e, files{"a.yaml": answers("a", "1") + "---\n" + answers("b", "1")})
	f := files{"a.yaml": answers("b", "1"), "z.yaml": answers("a", "2") + "exrp: 1\n"}
	e.Publish(f.sources())
	f["z.yaml"] = "["
	e.Publish(f.sources())
	if got, _ := call(t, e, engine.Local, "a", `{}`); got != "1" {
		t.Errorf("a answers %q", got)
	}
	delete(f, "z.yaml")
	e.Publish(f.sources())
	if e.Catalog().Tool("a") != nil {
		t.Error("a is served although the file it went to is gone")
	}
}

func TestAServerThatIsFaultyFromTheStartGuards(t *testing.T) {
	mayCall := func(e *engine.Engine, scopes ...string) bool {
		ctx := engine.WithCaller(context.Background(), engine.Caller{Scopes: scopes})
		_, err := e.Call(ctx, "a", nil)
		return err == nil
	}
	for _, test := range []struct {
		name, server    string
		everyone, admin bool
	}{
		{"the rule is whole", "server: main\naccess: {scopes: [admin]}\ntitel: x\n", false, true},
		{"the rule is misspelt", "server: main\naccess: {scops: [admin]}\n", false, false},
		{"the rule may have been lost", "server: main\ntitle: \"x", false, false},
		{"there is no rule", "server: main\ntitel: x\n", true, true},
		{"two servers", "server: a\naccess: {scopes: [admin]}\n---\nserver: b\n", false, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			e := newEngine(nil)
			f := files{"a.yaml": answers("a", "1"), "s.yaml": test.server}
			for range 2 {
				e.Publish(f.sources())
				if everyone, admin := mayCall(e), mayCall(e, "admin"); everyone != test.everyone || admin != test.admin {
					t.Errorf("everyone may call: %v, admin: %v", everyone, admin)
				}
				f["b.yaml"] = answers("b", "1")
			}
			if stale := e.Catalog().Stale(); len(stale) != 1 || !stale[0].Withdrawn || stale[0].Name == "" {
				t.Errorf("stale: %v", stale)
			}
			f["s.yaml"] = "server: main\n"
			if change := publish(t, e, f); !mayCall(e) || len(change.Stale) > 0 {
				t.Errorf("mended: %s", change)
			}
		})
	}
}

func TestAllServersAreChecked(t *testing.T) {
	found := newEngine(nil).Publish(files{"s.yaml": "server: a\naccess: {when: caller.nmae == 1}\n---\nserver: b\n"}.sources()).Diagnostics
	if !slices.Contains(codes(found), "unknown-property") {
		t.Errorf("the fault of the first is not reported:\n%s", text(found))
	}
}

func TestAStaleServerHasItsName(t *testing.T) {
	e := newEngine(nil)
	publish(t, e, files{"s.yaml": "server: main\ntitle: x\n"})
	if got := e.Publish(files{"s.yaml": "server: main\ntitel: x\n"}.sources()).String(); got != "no tool changed; stale: server main" {
		t.Error(got)
	}
}

func TestDigestSaysWhatIsServed(t *testing.T) {
	a, b := newEngine(nil), newEngine(nil)
	publish(t, a, files{"a.yaml": answers("a", "1"), "b.yaml": answers("b", "1")})
	publish(t, b, files{"a.yaml": answers("a", "0"), "b.yaml": answers("b", "1")})
	if a.Catalog().Digest() == b.Catalog().Digest() {
		t.Error("different tools, same digest")
	}
	publish(t, b, files{"one.yaml": answers("a", "1") + "---\n" + answers("b", "1")})
	if a.Catalog().Digest() != b.Catalog().Digest() {
		t.Error("the same texts in other files have another digest")
	}
}

// What a newer source with a fault takes away is part of what is served.
func TestDigestSaysWhatIsForbidden(t *testing.T) {
	for name, text := range map[string]string{
		"a private upstream": "upstream: api\nbaseUrl: https://api.example.com\nallowPrivate: true\n",
		"an exposed name":    "server: main\nexpose: [PLACE]\n",
		"a guard":            guardedBy("{scopes: [read]}"),
	} {
		e := newEngine(nil)
		publish(t, e, files{"a.yaml": text})
		before := e.Catalog().Digest()
		worse := strings.NewReplacer("allowPrivate", "alowPrivate", "expose: [PLACE]", "expsoe: [PLACE]", "[read]", "[admin], roels: [x]").Replace(text)
		e.Publish(files{"a.yaml": worse}.sources())
		if e.Catalog().Digest() == before {
			t.Errorf("%s: the digest is that of before", name)
		}
	}
}
