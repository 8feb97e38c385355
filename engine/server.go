package engine

import (
	"cmp"
	"time"

	"github.com/toolsd/toolsd/schema"
)

// A checkedServer is a server definition without errors.
type checkedServer struct {
	info     ServerInfo
	expose   []string
	rule     *accessRule
	limit    schema.Limit
	timeout  time.Duration
	withdraw bool
}

// info returns what is said of the server; nothing where there is no server
// definition.
func (s *servedServer) info() ServerInfo {
	if s == nil {
		return ServerInfo{}
	}
	return s.outcome.info
}

// exposed returns the names of variables that may leave the requests.
func (s *servedServer) exposed() []string {
	if s == nil {
		return nil
	}
	return s.expose
}

// rules is what guards every definition.
func (s *servedServer) rules() guard {
	if s == nil {
		return nil
	}
	return s.guard.now
}

// defaults returns the time and the limit that hold for a tool: its own, else
// the server's, else those of the bounds.
func (s *servedServer) defaults(t *checkedTool, b Bounds) (time.Duration, schema.Limit) {
	var server checkedServer
	if s != nil {
		server = *s.outcome
	}
	timeout := cmp.Or(t.timeout, server.timeout, b.CallTime)
	if b.MaxCallTime > 0 {
		timeout = min(timeout, b.MaxCallTime)
	}
	return timeout, schema.Limit{
		Bytes: cmp.Or(t.limit.Bytes, server.limit.Bytes, b.ResultBytes),
		Items: cmp.Or(t.limit.Items, server.limit.Items, b.ResultItems),
	}
}
