package expression

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// An expression that the check accepts can be built, makes no more data than
// its bounds allow for, and ends with plain data, a fault or a failure.
func FuzzRun(f *testing.F) {
	for _, seed := range []string{
		`1 + 2`, `input.qty > 2 ? "a" : null`, `map(input.items, {{n: .name}})`, `reduce(1..60, #acc + #acc, "a")`,
		`input.items | filter(.size > 1) | sortBy(.size, "desc")`, `let x = 1; if x > 0 { x } else { fail("no") }`,
		`1 < input.qty < 5`, `now().Format("2006")`, `groupBy(input.items, .name)`, "input.name matches `\\d`", `env.TOKEN + string(input.any)`,
		`sum(1..10, # * #)`, `toPairs(input.free)`, `input?.free?.x ?? 1`, `::repeat("a", 3)`, `"${x}"`, `[1, 2][5]`, `1 ?: 2`,
	} {
		f.Add(seed)
	}
	bounds := Bounds{Time: int64(500 * time.Millisecond), Ticks: 100_000, Memory: 4 << 20}
	f.Fuzz(func(t *testing.T, text string) {
		e, ds := testScope().Check(textNode(text))
		if e == nil {
			if len(ds) == 0 {
				t.Fatal("refused without a diagnostic")
			}
			return
		}
		p, err := e.Build(testScope(), bounds)
		if err != nil {
			t.Fatalf("accepted, but: %v", err)
		}
		vars := testVars()
		var value any
		made := allocated(func() { value, err = p.Run(t.Context(), vars) })
		if most := uint64(6*bounds.Memory + 256*bounds.Ticks); made > most { // what is freed on the way counts here
			t.Fatalf("made %d bytes, %d at most", made, most)
		}
		if diff := cmp.Diff(testVars(), vars); diff != "" {
			t.Fatalf("the variables were written to: %s", diff)
		}
		if err != nil {
			var fault *Fault
			var failure *Failure
			if !errors.As(err, &fault) && !errors.As(err, &failure) {
				t.Fatalf("neither fault nor failure: %v", err)
			}
			return
		}
		if _, err := json.Marshal(value); err != nil {
			t.Fatalf("not plain: %v", err)
		}
		if _, err := Text(value); err != nil {
			t.Fatalf("without text: %v", err)
		}
	})
}
