package engine

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/toolsd/toolsd/schema"
)

// parallel calls f for 0 to n-1 on all processors and returns when every call
// has returned.
func parallel(n int, f func(i int)) {
	workers := min(runtime.GOMAXPROCS(0), n)
	if workers < 2 {
		for i := range n {
			f(i)
		}
		return
	}
	var at atomic.Int64
	var running sync.WaitGroup
	for range workers {
		running.Go(func() {
			for i := int(at.Add(1)) - 1; i < n; i = int(at.Add(1)) - 1 {
				f(i)
			}
		})
	}
	running.Wait()
}

// guarded runs a part of the compiler on one document. A panic there is a
// diagnostic of that document, so that a fault of this program costs one
// definition and no more.
func guarded(doc schema.Document, part func() []schema.Diagnostic) (found []schema.Diagnostic) {
	defer func() {
		if r := recover(); r != nil {
			found = []schema.Diagnostic{internalFault.At(
				schema.Place{File: doc.File, Line: doc.Line, Column: 1},
				fmt.Sprintf("toolsd failed on this definition: %v", r),
				"this is a fault of toolsd; please report it with this definition and: "+panicked())}
		}
	}()
	return part()
}

// panicked names the function in which the panic that is being recovered from
// began.
func panicked() string {
	var callers [64]uintptr
	frames := runtime.CallersFrames(callers[:runtime.Callers(2, callers[:])])
	began := false
	for frame, more := frames.Next(); more; frame, more = frames.Next() {
		if began && !strings.HasPrefix(frame.Function, "runtime.") {
			return frame.Function
		}
		began = began || frame.Function == "runtime.gopanic"
	}
	return "an unknown place"
}
