package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"

	"github.com/toolsd/toolsd/engine"
)

// A costs is what tools cost in tools/list, the costliest first.
type costs struct {
	Total engine.Tokens `json:"total"`
	Tools []toolCost    `json:"tools"`
}

type toolCost struct {
	Name   string        `json:"name"`
	Tokens engine.Tokens `json:"tokens"`
}

func costsOf(tools []*engine.Tool) costs {
	all := costs{Tools: []toolCost{}}
	for _, t := range tools {
		c := toolCost{t.Name(), t.Tokens()}
		all.Total += c.Tokens
		all.Tools = append(all.Tools, c)
	}
	slices.SortStableFunc(all.Tools, func(a, b toolCost) int { return cmp.Compare(b.Tokens, a.Tokens) })
	return all
}

func costText(out io.Writer, tools []*engine.Tool) error {
	all := costsOf(tools)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, c := range all.Tools {
		fmt.Fprintf(table, "%d\t  %s\n", int(c.Tokens), c.Name)
	}
	fmt.Fprintf(table, "%d\t  in all\n", int(all.Total))
	return table.Flush()
}

func costJSON(out io.Writer, tools []*engine.Tool) error { return writeJSON(out, costsOf(tools)) }
