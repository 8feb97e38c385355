package engine_test

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/schema"
)

// typical is a tool of eight properties and eleven slots.
func typical(n int) string {
	return fmt.Sprintf(`tool: tool_%d
description: Looks one of many things up in a made-up service and says what is known of it.
annotations: {readOnlyHint: true}
inputSchema:
  type: object
  properties:
    owner: {type: string, minLength: 1, maxLength: 100, description: Who owns it}
    repo: {type: string, minLength: 1, description: Where it is kept}
    state: {type: string, enum: [open, closed, all], default: open, description: Which of them}
    page: {type: integer, minimum: 1, default: 1, description: Which page}
    size: {type: integer, minimum: 1, maximum: 100, default: 20, description: How many on a page}
    since: {type: string, format: date, description: Not before this day}
    labels: {type: array, items: {type: string}, description: Only with these labels}
    deep: {type: boolean, default: false, description: Whether to look into all of it}
  required: [owner, repo]
  additionalProperties: false
http:
  url: https://api.example.com/v1/repos/${input.owner}/${input.repo}/issues
  query:
    state: ${input.state}
    page: ${input.page}
    size: ${input.size}
    since: ${input.since}
    labels: ${input.labels}
    deep: ${input.deep}
  headers:
    X-Request-Note: for ${input.owner} number %d
result:
  count: ${len(response.body)}
  owner: ${input.owner}
`, n, n)
}

func typicalFiles(n int) files {
	f := files{}
	for i := range n {
		f[fmt.Sprintf("tools/%05d.yaml", i)] = typical(i)
	}
	return f
}

func oneFile(n int) []schema.Source {
	texts := make([]string, n)
	for i := range texts {
		texts[i] = typical(i)
	}
	return []schema.Source{{Name: "tools/all.yaml", Bytes: []byte(strings.Join(texts, "---\n"))}}
}

func BenchmarkCheckAndBuild(b *testing.B) {
	for _, n := range []int{1, 1000} {
		b.Run(fmt.Sprintf("%d-tools", n), func(b *testing.B) {
			sources := typicalFiles(n).sources()
			for b.Loop() {
				if _, found := engine.Check(sources, engine.Options{}); schema.HasErrors(found) {
					b.Fatal(text(found))
				}
			}
		})
	}
}

func BenchmarkCheck(b *testing.B) {
	for _, n := range []int{10, 100, 1000, 10_000} {
		b.Run(fmt.Sprintf("%d-tools", n), func(b *testing.B) {
			sources := typicalFiles(n).sources()
			for b.Loop() {
				engine.New(engine.Options{}).Publish(sources)
			}
		})
	}
	b.Run("1000-tools-with-lint", func(b *testing.B) {
		sources := typicalFiles(1000).sources()
		for b.Loop() {
			engine.New(engine.Options{Lint: true}).Publish(sources)
		}
	})
}

func BenchmarkReloadOne(b *testing.B) {
	for _, n := range []int{1000, 10_000} {
		b.Run(fmt.Sprintf("among-%d-files", n), func(b *testing.B) {
			sources := typicalFiles(n).sources()
			benchmarkReload(b, sources, sources[n/2].Bytes, func(text []byte) { sources[n/2].Bytes = text })
		})
		b.Run(fmt.Sprintf("among-%d-in-one-file", n), func(b *testing.B) {
			sources := oneFile(n)
			benchmarkReload(b, sources, sources[0].Bytes, func(text []byte) { sources[0].Bytes = text })
		})
	}
}

// benchmarkReload publishes sources again and again, a word of one of them
// changed each time.
func benchmarkReload(b *testing.B, sources []schema.Source, text []byte, set func([]byte)) {
	e := engine.New(engine.Options{})
	e.Publish(sources)
	turn := 0
	for b.Loop() {
		turn++
		set([]byte(strings.Replace(string(text), "made-up", fmt.Sprintf("made-up-%d", turn), 1)))
		if change := e.Publish(sources); len(change.Changed) != 1 {
			b.Fatalf("%d tools changed", len(change.Changed))
		}
	}
}

func BenchmarkCallExpression(b *testing.B) {
	e := newEngine(nil)
	e.Publish(files{"order.yaml": order}.sources())
	arguments := json.RawMessage(`{"item": "x", "qty": 3, "price": 2.5, "tags": ["a", "b"]}`)
	b.ReportAllocs()
	for b.Loop() {
		r, err := e.Call(context.Background(), "order", arguments)
		if err != nil || r.IsError {
			b.Fatal(r, err)
		}
	}
}

// BenchmarkMemory reports what 10,000 checked tools take, beside the bytes of
// their sources.
func BenchmarkMemory(b *testing.B) {
	sources := typicalFiles(10_000).sources()
	for b.Loop() {
		before := heap()
		e := engine.New(engine.Options{})
		e.Publish(sources)
		b.ReportMetric(float64(heap()-before)/(1<<20), "MiB/10000-tools")
		runtime.KeepAlive(e)
	}
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
