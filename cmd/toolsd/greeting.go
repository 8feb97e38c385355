package main

import (
	"fmt"
	"net"
)

// greet tells the person who started the server where it is, what it serves
// and what to give to a client.
func (s *server) greet(address net.Addr) {
	out := s.world.stdout
	url := "http://" + address.String() + "/mcp"
	tools := s.engine.Catalog().Tools()
	fmt.Fprintf(out, "toolsd serves %s from %s at\n\n  %s\n\n", plural(len(tools), "tool"), s.flags.tools.dir, url)
	const most = 20
	for i, t := range tools {
		if i == most {
			fmt.Fprintf(out, "  and %d more: toolsd list\n", len(tools)-most)
			break
		}
		fmt.Fprintf(out, "  %s %s\n", t.Name(), signature(t))
	}
	fmt.Fprintf(out, `
For a client that takes JSON:

  {"mcpServers": {"toolsd": {"type": "http", "url": %q}}}

Save a file in %s and it is live. Ctrl-C ends the server.
`, url, s.flags.tools.dir)
}
