package functions

import (
	"io/fs"
	"math"
	"path"
	"strconv"
	"strings"
)

// MemoryLimit returns the soft limit, in bytes, that the Go runtime should
// keep to under the host: a quarter of the instance, for the host lives there
// too. There is none where the host did not start the process, where
// GOMEMLIMIT or GOGC say something else, and where the system does not tell.
// The file system is that of the machine, from its root.
func (h Host) MemoryLimit(getenv func(string) string, machine fs.FS) (int64, bool) {
	if !h.Started || getenv("GOMEMLIMIT") != "" || getenv("GOGC") != "" {
		return 0, false
	}
	memory := int64(math.MaxInt64)
	for _, n := range append(cgroupLimits(machine), physicalMemory(machine)) {
		if n > 0 {
			memory = min(memory, n)
		}
	}
	return memory / 4, memory < math.MaxInt64
}

// physicalMemory reads MemTotal (proc(5)); zero where it is not told.
func physicalMemory(machine fs.FS) int64 {
	text := contents(machine, "proc/meminfo")
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) == 3 && fields[0] == "MemTotal:" && fields[2] == "kB" {
			return number(fields[1]) * 1024
		}
	}
	return 0
}

// cgroupLimits reads the memory limits of the control groups of the process
// and of all above them, of both versions (cgroups(7)). A container sees its
// own group at the root, whatever path it is told, so absent files are passed
// over. Groups without a limit say a word or a number beyond all memory.
func cgroupLimits(machine fs.FS) []int64 {
	var limits []int64
	for line := range strings.Lines(contents(machine, "proc/self/cgroup")) {
		fields := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(fields) != 3 {
			continue
		}
		var mount, file string
		switch fields[1] {
		case "":
			mount, file = "sys/fs/cgroup", "memory.max"
		case "memory":
			mount, file = "sys/fs/cgroup/memory", "memory.limit_in_bytes"
		default:
			continue
		}
		for group := path.Clean("/" + fields[2]); ; group = path.Dir(group) {
			limits = append(limits, number(contents(machine, path.Join(mount, group, file))))
			if group == "/" {
				break
			}
		}
	}
	return limits
}

// contents returns a file's text, or nothing where it cannot be read.
func contents(machine fs.FS, name string) string {
	data, err := fs.ReadFile(machine, name)
	if err != nil {
		return ""
	}
	return string(data)
}

// number reads a decimal number; zero where there is none.
func number(text string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	if err != nil {
		return 0
	}
	return n
}
