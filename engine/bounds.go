package engine

import (
	"cmp"
	"time"

	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/engine/httpcall"
	"github.com/toolsd/toolsd/engine/jsonschema"
	"github.com/toolsd/toolsd/schema"
)

// Bounds limits definitions and calls. A zero field means the default.
type Bounds struct {
	Source     schema.Bounds
	Schema     jsonschema.Bounds
	Expression expression.Bounds
	HTTP       httpcall.Bounds

	CallTime    time.Duration // of a call whose definition sets no timeout; default 30 s
	MaxCallTime time.Duration // of any call; default none
	ResultBytes int64         // of text and JSON in a result; default 256 KiB
	ResultItems int           // in a list of a result; default 1,000
}

// WithDefaults returns the bounds with each zero field of this struct replaced
// by its default; the packages below fill in their own.
func (b Bounds) WithDefaults() Bounds {
	b.Source = b.Source.WithDefaults()
	b.CallTime = cmp.Or(b.CallTime, 30*time.Second)
	b.ResultBytes = cmp.Or(b.ResultBytes, 256<<10)
	b.ResultItems = cmp.Or(b.ResultItems, 1000)
	return b
}
