package main

import (
	"fmt"
	"io"
	"net"
	"path"
	"strings"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/engine/functions"
)

// greet tells the person who started the server where it is, what it serves
// and what to give to a client.
func (s *server) greet(address net.Addr, a access) {
	out, dir := s.world.stdout, s.flags.tools.dir
	url := "http://" + address.String() + "/mcp"
	tools := s.engine.Catalog().Tools()
	fmt.Fprintf(out, "toolsd serves %s from %s at\n\n  %s\n", plural(len(tools), "tool"), dir, url)
	if len(tools) == 0 {
		fmt.Fprintf(out, "\nSave this as %s and it is the first:\n\n%s", path.Join(s.flags.tools.name(), "hello.yaml"), indent(firstTool))
	} else {
		listBriefly(out, tools)
	}
	headers := ""
	if level := a.settings.Level("/mcp"); level != functions.Anonymous && a.keys.Reach(level) {
		headers = `, "headers": {"x-functions-key": "a key of TOOLSD_KEYS"}`
	}
	fmt.Fprintf(out, `
For a client that takes JSON:

  {"mcpServers": {"toolsd": {"type": "http", "url": %q%s}}}

Save a file in %s and it is live. Ctrl-C ends the server.
`, url, headers, dir)
}

// firstTool is what whoever has no tools yet is shown.
const firstTool = `tool: hello
description: Greet somebody by name.
inputSchema:
  type: object
  properties:
    name: {type: string, description: Whom to greet}
  required: [name]
  additionalProperties: false
expr: '"Hello, " + input.name'
`

// listBriefly shows the first tools with their arguments.
func listBriefly(out io.Writer, tools []*engine.Tool) {
	fmt.Fprintln(out)
	const most = 20
	for i, t := range tools {
		if i == most {
			fmt.Fprintf(out, "  and %d more: toolsd list\n", len(tools)-most)
			break
		}
		fmt.Fprintln(out, strings.TrimRight("  "+t.Name()+" "+signature(t), " "))
	}
}
