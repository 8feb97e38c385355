package expression

import (
	"context"
	"sync"

	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/vm"

	"github.com/toolsd/toolsd/schema"
)

// A Program is a compiled expression. It is immutable and safe for concurrent use.
type Program struct {
	code   *vm.Program
	names  []string // of the scope, that the code reads
	path   []string
	place  schema.Place
	given  map[file.Location]string // see given
	bounds Bounds
}

// Place returns where the program's expression stands.
func (p *Program) Place() schema.Place { return p.place }

// Vars are the values of the names in scope for one run. The maps and lists
// in them are never written to.
type Vars map[string]any

// Run evaluates the program. The value is plain data, as Plain has it, and
// may share lists and maps with vars. The error is a *Failure when the author
// called fail(message), or when what the caller sent, and nothing else, made
// it fail; otherwise it is a *Fault.
func (p *Program) Run(ctx context.Context, vars Vars) (any, error) {
	f := frames.Get().(*frame)
	defer frames.Put(f)
	value, err := f.run(ctx, p, vars)
	if err != nil {
		return nil, p.fault(err)
	}
	return value, nil
}

// sent reports whether the program is a plain path below input that leads to
// something the caller sent, were it null.
func (p *Program) sent(vars Vars) bool {
	if p.path == nil {
		return false
	}
	value := vars["input"]
	for _, name := range p.path {
		members, ok := value.(map[string]any)
		if !ok {
			return false
		}
		if value, ok = members[name]; !ok {
			return false
		}
	}
	return true
}

// absent reports whether the program is a plain path below input that leads
// to nothing.
func (p *Program) absent(vars Vars) bool { return p.path != nil && !p.sent(vars) }

// A frame is what one run works with. Frames are used again, since making
// the virtual machine's stack and the environment would cost as much as a
// small expression.
type frame struct {
	machine vm.VM
	env     map[string]any
	budget  budget
}

var frames = sync.Pool{New: func() any {
	f := &frame{env: make(map[string]any)}
	b := &f.budget
	f.env[budgetName] = b
	f.env[tickName] = func() bool { return must(b.tick()) }
	f.env[keepName] = func() bool { return must(b.charge(elementBytes)) }
	f.env[stepName] = func() bool { return must(b.tick()) && must(b.charge(elementBytes)) }
	f.env[chargeName] = func(bytes int) bool { return must(b.charge(bytes)) }
	for name, op := range operators {
		f.env[name] = func(left, right any) any { return value(op(b, left, right)) }
	}
	for name, guard := range guards {
		f.env[name] = func(operand any) any { return value(guard(b, operand)) }
	}
	return f
}}

// value returns what a function made, or leaves the virtual machine.
func value(v any, err error) any {
	must(err)
	return v
}

// must leaves the virtual machine with an error; the machine hands it back
// from Run.
func must(err error) bool {
	if err != nil {
		panic(err)
	}
	return true
}

func (f *frame) run(ctx context.Context, p *Program, vars Vars) (any, error) {
	f.budget = newBudget(ctx, p.bounds)
	for _, name := range p.names {
		f.env[name] = vars[name]
	}
	defer f.clear(p)
	out, err := f.machine.Run(p.code, f.env)
	if err != nil {
		return nil, err
	}
	return plain(out, &f.budget)
}

// clear lets go of the values of a run. A machine that went through many
// loops has grown, and is not kept.
func (f *frame) clear(p *Program) {
	for _, name := range p.names {
		f.env[name] = nil
	}
	const grown = 64
	if f.budget.limits.Ticks-f.budget.ticks > grown || cap(f.machine.Stack) > grown {
		f.machine = vm.VM{}
	} else {
		clear(f.machine.Stack[:cap(f.machine.Stack)])
		clear(f.machine.Variables)
	}
	f.machine.MemoryBudget = ^uint(0)
	f.budget = budget{}
}
