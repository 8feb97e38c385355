package expression

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// allocated returns how many bytes f allocates, freed ones included.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestBounds(t *testing.T) {
	const (
		much  = "makes too much data"
		often = "too many turns"
		long  = "takes longer than"
		deep  = "nested more than"
	)
	tests := []struct{ text, want string }{
		{`reduce(1..60, #acc + #acc, "a")`, much},
		{`replace(repeat("a", 10000), "a", repeat("a", 10000))`, much},
		{`1..1000000000`, much},
		{`-9223372036854775807..9223372036854775807`, much},
		{`sum(1..1000000000)`, much},
		{`repeat("abc", 1000000000)`, much},
		{`repeat("abc", 9223372036854775807)`, much},
		{`::repeat("abc", 1000000000)`, much},
		{`map(1..100000, map(1..100000, #))`, much},
		{`map(1..100000, {{a: #, b: [#]}}) | map({{x: #, y: #}}) | map({{x: #, y: #}})`, much},
		{`map(1..500000, {{a: #}})`, much},
		{`map(1..500000, [#, #, #])`, much},
		{`filter(1..5000000, true)`, much},
		{`groupBy(1..5000000, #)`, much},
		{`sortBy(1..5000000, -#)`, much},
		{`let r = 1..4000; count(r, count(r, true) < 0)`, often},
		{`count(1..1000000, any([1], # > 1))`, much},
		{`reduce(1..60, [#acc, #acc], [1])`, much},
		{`toJSON(reduce(1..60, [#acc, #acc], [1]))`, much},
		{`string(reduce(1..60, {{a: #acc, b: #acc}}, 1))`, much},
		{`len(flatten(reduce(1..60, [#acc, #acc], [1])))`, much},
		{`join(reduce(1..60, [#acc, #acc], ["a"]))`, much},
		{`max(reduce(1..60, [#acc, #acc], [1]))`, much},
		{`mean(reduce(1..60, [#acc, #acc], [1]))`, much},
		{`let a = reduce(1..60, [#acc, #acc], [1]); let b = reduce(1..60, [#acc, #acc], [1]); a == b`, often},
		{`reduce(1..60, [#acc, #acc], [1]) in [reduce(1..60, [#acc, #acc], [1])]`, often},
		{`reduce(1..20000, [#acc], [])`, deep},
		{`toJSON(reduce(1..20000, [#acc], []))`, deep},
		{`flatten(reduce(1..20000, [#acc], []))`, deep},
		{`len(uniq(map(1..100000, #)))`, often},
		{`reduce(1..60, concat(#acc, #acc), [1])`, much},
		{`reduce(1..60, toJSON(#acc), "\"")`, much},
		{`reduce(1..200, toBase64(#acc), "abc")`, much},
		{`reduce(1..60, upper(#acc) + lower(#acc), "abc")`, much},
		{`reduce(1..60, join([#acc, #acc], "-"), "abc")`, much},
		{`reduce(1..60, odata(#acc), "'")`, much},
		{`split(repeat("a", 10000000), "")`, much},
		{`fromJSON("[" + repeat("1,", 5000000) + "1]")`, much},
		{`keys(fromPairs(map(1..800000, [#, #])))`, much},
		{`reduce(1..40, reverse(concat(#acc, #acc)), [1, 2])`, much},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			p := build(t, tt.text)
			var err error
			bytes := allocated(func() { _, err = p.Run(t.Context(), nil) })
			var fault *Fault
			if !errors.As(err, &fault) {
				t.Fatalf("got %v, want a fault", err)
			}
			if got := fault.Cause.Error(); !strings.Contains(got, tt.want) && !strings.Contains(got, long) {
				t.Errorf("got %q, want %q in it", got, tt.want)
			}
			// What is freed on the way counts here: boxed integers, arguments.
			if most := uint64(6 * defaultMemory); bytes > most {
				t.Errorf("allocated %d MiB", bytes>>20)
			}
		})
	}
}

func TestTimeBound(t *testing.T) {
	e, _ := testScope().Check(textNode(`let r = 1..4000; count(r, count(r, true) < 0)`))
	p, err := e.Build(testScope(), Bounds{Time: int64(20 * time.Millisecond)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Run(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "takes longer than 20ms") {
		t.Errorf("got %v", err)
	}
}

func TestDeadline(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	p := build(t, `let r = 1..4000; count(r, count(r, true) < 0)`)
	if _, err := p.Run(ctx, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

// A frame that faulted is used again, and must not remember the fault.
func TestRunAfterFault(t *testing.T) {
	bad, good := build(t, `map(1..100000, map(1..100000, #))`), build(t, `map(1..100, # + input.qty)[99]`)
	for range 3 {
		if _, err := bad.Run(t.Context(), nil); err == nil {
			t.Fatal("no fault")
		}
		if v, err := good.Run(t.Context(), testVars()); err != nil || v != 103 {
			t.Fatalf("got %v, %v", v, err)
		}
	}
}

func TestConcurrentRuns(t *testing.T) {
	p := build(t, `let n = input.qty; input.items | filter(.size > 0) | sortBy(.size) | map({{n: n, text: .name + "-" + string(n)}})`)
	var group sync.WaitGroup
	for worker := range 16 {
		group.Go(func() {
			for range 200 {
				vars := Vars{"input": map[string]any{"qty": worker, "items": []any{map[string]any{"name": "a", "size": 1}}}}
				got, err := p.Run(t.Context(), vars)
				if err != nil {
					t.Error(err)
					return
				}
				if n := got.([]any)[0].(map[string]any)["n"]; n != worker {
					t.Errorf("got %v in the run of %v", n, worker)
					return
				}
			}
		})
	}
	group.Wait()
}
