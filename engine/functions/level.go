package functions

import (
	"fmt"
	"strconv"
	"strings"
)

// A Level is what a request must show to be let in. Levels are ordered: a
// greater one asks for more. The zero Level is Function, as it is the host's
// when nothing is said.
type Level int

const (
	// Anonymous asks for nothing.
	Anonymous Level = iota - 1
	// Function asks for any key.
	Function
	// Admin asks for the master key.
	Admin
)

// String returns the word that host.json uses.
func (l Level) String() string {
	switch l {
	case Anonymous:
		return "anonymous"
	case Function:
		return "function"
	default:
		return "admin"
	}
}

// hostLevels are the levels of the host in the order of their numbers there.
// It asks for the master key at user and system as it does at admin.
var hostLevels = []struct {
	name  string
	level Level
}{{"anonymous", Anonymous}, {"user", Admin}, {"function", Function}, {"system", Admin}, {"admin", Admin}}

// ParseLevel reads a level as the host does: a name in any case, or its
// number. Unlike the host, it refuses numbers that have no name.
func ParseLevel(text string) (Level, error) {
	word := strings.TrimSpace(text)
	for number, l := range hostLevels {
		if n, err := strconv.Atoi(word); strings.EqualFold(word, l.name) || err == nil && n == number {
			return l.level, nil
		}
	}
	return Admin, fmt.Errorf("%q is no level: write anonymous, function or admin", text)
}
