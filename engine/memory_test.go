package engine

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"weak"

	"github.com/toolsd/toolsd/schema"
)

// world is a directory with everything that one definition can keep of
// another, in the n-th of many states, good and bad.
func world(n int) []schema.Source {
	broken := func(every int, fault string) string {
		if n%every == every-1 {
			return fault
		}
		return ""
	}
	texts := map[string]string{
		"server":   fmt.Sprintf("server: main\ntitle: %d\nexpose: [PLACE]\naccess: {when: caller.name == env.KEY}\n", n/7) + broken(11, "titel: x\n"),
		"upstream": fmt.Sprintf("upstream: api\nbaseUrl: https://%d.example.com\nallowPrivate: true\n", n/5) + broken(4, "x: y\n"),
	}
	if n%13 == 12 {
		delete(texts, "upstream")
	}
	for i := range 8 {
		texts[fmt.Sprintf("tool%02d", i)] = fmt.Sprintf(`tool: tool_%d
description: Looks something up, in the version of the number %d.
inputSchema: {type: object, properties: {q: {type: string}}, additionalProperties: false}
access: {when: caller.name == env.KEY}
http: {upstream: api, path: /thing, query: {q: "${input.q}"}, headers: {X-Key: "${env.KEY}"}}
result: {where: "${env.PLACE}", q: "${input.q}"}
`, i, n*(i%2)) + broken(i+2, "exrp: 1\n")
	}
	sources := make([]schema.Source, 0, len(texts))
	for name, text := range texts {
		sources = append(sources, schema.Source{Name: name + ".yaml", Bytes: []byte(text)})
	}
	return sources
}

// Whatever is published, what was served before can go: neither a stale
// definition nor one that was carried over leads back to older compilations.
func TestOldCompilationsAreCollected(t *testing.T) {
	e := New(Options{Env: func(name string) (string, bool) { return "value of " + name, true }})
	ctx := WithCaller(context.Background(), Caller{Name: "value of KEY"})
	var compilations []weak.Pointer[compilation]
	var catalogs []weak.Pointer[Catalog]
	heap := func() uint64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	var early uint64
	for n := range 1000 {
		e.Publish(world(n))
		compilations = append(compilations, weak.Make(e.last))
		catalogs = append(catalogs, weak.Make(e.Catalog()))
		if n%10 == 0 {
			for _, tool := range e.Catalog().Visible(ctx) {
				if _, err := tool.body.program(); err != nil {
					t.Fatal(err)
				}
			}
			if len(e.Catalog().Secrets()) == 0 {
				t.Fatal("there are no secrets")
			}
		}
		if n == 200 {
			early = heap()
		}
	}
	late := heap()
	alive := func(total int, is func(int) bool) (n int) {
		for i := range total {
			if is(i) {
				n++
			}
		}
		return n
	}
	// The current one, and one that a stack may still hold.
	if n := alive(len(compilations), func(i int) bool { return compilations[i].Value() != nil }); n > 2 {
		t.Errorf("%d of %d compilations are still there", n, len(compilations))
	}
	if n := alive(len(catalogs), func(i int) bool { return catalogs[i].Value() != nil }); n > 2 {
		t.Errorf("%d of %d catalogs are still there", n, len(catalogs))
	}
	if late > early+early/4+1<<20 {
		t.Errorf("the heap grew from %d KiB after 200 publications to %d KiB after 1,000", early>>10, late>>10)
	}
	if served := len(e.Catalog().Tools()); served != 8 {
		t.Errorf("%d tools are served", served)
	}
	runtime.KeepAlive(e)
}
