package httpcall

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

// mostCells is how many cells of a table are read: each takes many times the
// room of its text.
const mostCells = 500_000

var errCells = fmt.Errorf("the table has more than %d cells", mostCells)

// separators are the words of `separator`.
var separators = map[string]rune{"comma": ',', "semicolon": ';', "tab": '\t', "pipe": '|'}

// decodeCSV reads a table (RFC 4180) as a list of objects by the names in its
// first row. All values are text, and every row has as many as the first. A
// column without a name is called column_N; further ones of a name are called
// NAME_2, NAME_3.
func decodeCSV(text string, separator rune) (any, error) {
	in := csv.NewReader(strings.NewReader(text))
	in.Comma = separator
	in.ReuseRecord = true
	head, err := in.Read()
	switch {
	case errors.Is(err, io.EOF):
		return []any{}, nil
	case err != nil:
		return nil, err
	}
	if len(head) > mostCells {
		return nil, errCells
	}
	names := columnNames(head)
	rows := []any{}
	for cells := len(names); ; cells += len(names) {
		record, err := in.Read()
		switch {
		case errors.Is(err, io.EOF):
			return rows, nil
		case err != nil:
			return nil, err
		case cells > mostCells:
			return nil, errCells
		}
		row := make(map[string]any, len(names))
		for i, name := range names {
			row[name] = strings.Clone(record[i])
		}
		rows = append(rows, row)
	}
}

// columnNames gives each column a name of its own.
func columnNames(head []string) []string {
	names := make([]string, len(head))
	taken := make(map[string]bool, len(head))
	last := map[string]int{} // the number behind a name that was given out last
	for i, written := range head {
		name := strings.TrimSpace(written)
		if name == "" {
			name = fmt.Sprintf("column_%d", i+1)
		}
		first := name
		for n := max(last[first], 1) + 1; taken[name]; n++ {
			name, last[first] = fmt.Sprintf("%s_%d", first, n), n
		}
		names[i], taken[name] = name, true
	}
	return names
}
