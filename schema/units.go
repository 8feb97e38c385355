package schema

import (
	"strconv"
	"strings"
	"time"
)

// parseDuration reads a duration such as 250ms, 10s or 1m30s: whole numbers
// with the units h, m, s and ms, more than zero in all.
func parseDuration(s string) (time.Duration, bool) {
	if strings.Trim(s, "0123456789hms") != "" {
		return 0, false
	}
	d, err := time.ParseDuration(s)
	return d, err == nil && d > 0
}

var sizeUnits = []struct {
	suffix string
	bytes  int64
}{
	{"KiB", 1 << 10},
	{"MiB", 1 << 20},
	{"GiB", 1 << 30},
	{"KB", 1e3},
	{"MB", 1e6},
	{"GB", 1e9},
	{"B", 1},
	{"", 1},
}

// parseSize reads a number of bytes such as 65536, 64KB or 256KiB, more than
// zero and less than a tebibyte.
func parseSize(s string) (int64, bool) {
	for _, u := range sizeUnits {
		number, ok := strings.CutSuffix(s, u.suffix)
		if !ok {
			continue
		}
		number = strings.TrimSuffix(number, " ")
		if strings.Trim(number, "0123456789") != "" {
			return 0, false
		}
		i, err := strconv.ParseInt(number, 10, 64)
		if err != nil || i <= 0 || i >= (1<<40)/u.bytes {
			return 0, false
		}
		return i * u.bytes, true
	}
	return 0, false
}

// parseStatus reads a status of HTTP (RFC 9110 §15) such as 404, a class of
// them such as 2xx, or a range such as 200-299.
func parseStatus(s string) (StatusRange, bool) {
	if class, ok := strings.CutSuffix(strings.ToLower(s), "xx"); ok {
		if len(class) != 1 || class[0] < '1' || class[0] > '5' {
			return StatusRange{}, false
		}
		first := int(class[0]-'0') * 100
		return StatusRange{First: first, Last: first + 99}, true
	}
	from, to, ranged := strings.Cut(s, "-")
	if !ranged {
		to = from
	}
	first, ok1 := status(from)
	last, ok2 := status(to)
	return StatusRange{First: first, Last: last}, ok1 && ok2 && first <= last
}

func status(s string) (int, bool) {
	i, err := strconv.Atoi(s)
	return i, err == nil && len(s) == 3 && i >= 100 && i <= 599
}
