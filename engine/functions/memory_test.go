package functions

import (
	"testing"
	"testing/fstest"
)

func TestMemoryLimit(t *testing.T) {
	const mib = 1 << 20
	meminfo := "MemFree:  1 kB\nMemTotal:       2097152 kB\nSwapTotal: 0 kB\n" // 2 GiB
	for name, test := range map[string]struct {
		machine map[string]string
		want    int64
	}{
		"another system": {nil, 0},
		"no control group": {
			map[string]string{"proc/meminfo": meminfo}, 512 * mib,
		},
		"version 2": {
			map[string]string{"proc/meminfo": meminfo, "proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "536870912\n"},
			128 * mib,
		},
		"version 2, a group above": {
			map[string]string{
				"proc/meminfo": meminfo, "proc/self/cgroup": "0::/a/b\n",
				"sys/fs/cgroup/a/b/memory.max": "max\n", "sys/fs/cgroup/a/memory.max": "1073741824\n",
			},
			256 * mib,
		},
		"version 2, no limit": {
			map[string]string{"proc/meminfo": meminfo, "proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "max\n"},
			512 * mib,
		},
		"version 1, in a container": {
			map[string]string{
				"proc/meminfo": meminfo, "proc/self/cgroup": "5:cpu,cpuacct:/docker/1\n4:memory:/docker/1\n",
				"sys/fs/cgroup/memory/memory.limit_in_bytes": "268435456\n",
			},
			64 * mib,
		},
		"version 1, no limit": {
			map[string]string{
				"proc/meminfo": meminfo, "proc/self/cgroup": "4:memory:/\n",
				"sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
			},
			512 * mib,
		},
		"unreadable": {
			map[string]string{"proc/meminfo": "MemTotal: much kB\n", "proc/self/cgroup": "what\n"}, 0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			machine := fstest.MapFS{}
			for path, content := range test.machine {
				machine[path] = &fstest.MapFile{Data: []byte(content)}
			}
			got, ok := Host{Started: true}.MemoryLimit(environment(), machine)
			if ok != (test.want > 0) || ok && got != test.want {
				t.Errorf("got %d, %v, want %d", got, ok, test.want)
			}
			for name, no := range map[string]func() (int64, bool){
				"alone":      func() (int64, bool) { return Host{}.MemoryLimit(environment(), machine) },
				"GOMEMLIMIT": func() (int64, bool) { return Host{Started: true}.MemoryLimit(environment("GOMEMLIMIT=1GiB"), machine) },
				"GOGC":       func() (int64, bool) { return Host{Started: true}.MemoryLimit(environment("GOGC=off"), machine) },
			} {
				if _, ok := no(); ok {
					t.Errorf("%s: there is a limit", name)
				}
			}
		})
	}
}
