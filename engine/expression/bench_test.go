package expression

import "testing"

const objects = `map(input.items, {{name: upper(.name), size: .size * 2 + 1}})`

func BenchmarkCheck(b *testing.B) {
	s := testScope()
	n := textNode(objects)
	b.ReportAllocs()
	for b.Loop() {
		if e, ds := s.Check(n); e == nil {
			b.Fatal(ds)
		}
	}
}

func BenchmarkBuild(b *testing.B) {
	s := testScope()
	e, _ := s.Check(textNode(objects))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := e.Build(s, Bounds{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRun(b *testing.B) {
	for name, text := range map[string]string{
		"constant":   `"pong"`,
		"arithmetic": `round((input.price - 32) * 5 / 9 * 10) / 10`,
		"objects":    objects,
		"loop":       `sum(1..1000, # * 2)`,
	} {
		p, vars := build(b, text), testVars()
		b.Run(name, func(b *testing.B) {
			ctx := b.Context()
			b.ReportAllocs()
			for b.Loop() {
				if _, err := p.Run(ctx, vars); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkRender(b *testing.B) {
	r, vars := renderer(b, textNode("/items/${input.qty}/${input.name}")), testVars()
	ctx := b.Context()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Render(ctx, r, vars, InRequest); err != nil {
			b.Fatal(err)
		}
	}
}
