package main

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/engine/mcpserver"
)

// boundsFlags are the limits that an operator can move. Each has a default
// that is right for most.
type boundsFlags struct {
	definitions engine.Bounds
	expression  struct{ time time.Duration }
	server      mcpserver.Bounds
	headerBytes int
	cacheBytes  int64
}

// add offers the bounds of reading and checking.
func (f *boundsFlags) add(cmd *cobra.Command) {
	flags, b := cmd.Flags(), &f.definitions
	flags.IntVar(&b.Source.FileBytes, "max-file-bytes", 16<<20, "of one file")
	flags.IntVar(&b.Source.Documents, "max-documents", 10_000, "in one file")
	flags.IntVar(&b.Source.Definitions, "max-definitions", 100_000, "in all files")
	flags.IntVar(&b.Schema.Bytes, "max-schema-bytes", 1<<20, "of one JSON Schema")
	flags.IntVar(&b.Schema.Depth, "max-schema-depth", 64, "of nested schemas")
	flags.IntVar(&b.Schema.Branches, "max-schema-branches", 256, "of a schema's combinators")
}

// addCalls offers the bounds of calling.
func (f *boundsFlags) addCalls(cmd *cobra.Command) {
	flags, b := cmd.Flags(), &f.definitions
	flags.DurationVar(&f.expression.time, "max-expression-time", 2*time.Second, "of one expression")
	flags.Int64Var(&b.Expression.Ticks, "max-expression-ticks", 10_000_000, "turns of loops in one expression")
	flags.Int64Var(&b.Expression.Memory, "max-expression-bytes", 64<<20, "made by one expression")
	flags.DurationVar(&b.CallTime, "call-timeout", 30*time.Second, "of a call whose definition says none")
	flags.Int64Var(&b.HTTP.ResponseBytes, "max-response-bytes", 4<<20, "of an upstream's answer, decompressed")
	flags.Int64Var(&b.ResultBytes, "max-result-bytes", 256<<10, "of text and JSON in a result")
	flags.IntVar(&b.ResultItems, "max-result-items", 1000, "in each list of a result")
}

// addServer offers the bounds of serving.
func (f *boundsFlags) addServer(cmd *cobra.Command) {
	flags, b := cmd.Flags(), &f.server
	flags.Int64Var(&b.BodyBytes, "max-request-bytes", 4<<20, "of a request's body")
	flags.DurationVar(&b.BodyTime, "max-body-time", 30*time.Second, "for a request's body to arrive")
	flags.IntVar(&f.headerBytes, "max-header-bytes", mcpserver.HeaderBytes, "of a request's header")
	flags.IntVar(&b.Depth, "max-request-depth", 1000, "of nested JSON in a request")
	flags.Int64Var(&f.cacheBytes, "max-cache-bytes", 64<<20, "of answers that are kept, all together")
	flags.IntVar(&b.Calls, "max-calls", 256, "running at the same time")
	flags.DurationVar(&b.CallWait, "max-call-wait", time.Second, "for a place among the running calls")
	flags.IntVar(&b.Sessions, "max-sessions", 1000, "of clients before 2026-07-28")
	flags.DurationVar(&b.SessionIdle, "session-idle", time.Hour, "until an unused session ends")
}

// engine returns the bounds as the engine takes them.
func (f *boundsFlags) engine() engine.Bounds {
	b := f.definitions
	b.Expression.Time = int64(f.expression.time)
	return b
}
