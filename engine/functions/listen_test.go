package functions

import (
	"strings"
	"testing"
)

func TestLoopback(t *testing.T) {
	for addr, want := range map[string]bool{
		"127.0.0.1:80":          true,
		"127.9.9.9:80":          true,
		"[::1]:80":              true,
		"[::ffff:127.0.0.1]:80": true,
		"localhost:80":          true,
		"LOCALHOST:80":          true,
		":80":                   false,
		"0.0.0.0:80":            false,
		"[::]:80":               false,
		"192.168.1.2:80":        false,
		"localhost.example:80":  false,
		"myhost:80":             false,
		"127.0.0.1":             false,
		"0x7f.0.0.1:80":         false,
	} {
		if got := Loopback(addr); got != want {
			t.Errorf("Loopback(%q) = %v", addr, got)
		}
	}
}

func TestCheckListen(t *testing.T) {
	const near, far = "127.0.0.1:8080", "0.0.0.0:8080"
	for _, test := range []struct {
		addr           string
		level          Level
		keys, everyone bool
		want           string // what the error says to set; empty for none
	}{
		{near, Anonymous, false, false, ""},
		{near, Function, false, false, ""},
		{near, Admin, false, false, ""},
		{far, Anonymous, false, false, "--allow-anonymous"},
		{far, Anonymous, true, false, "--allow-anonymous"},
		{far, Anonymous, false, true, ""},
		{far, Function, false, false, "TOOLSD_KEYS=name=key"},
		{far, Function, false, true, "TOOLSD_KEYS=name=key"},
		{far, Function, true, false, ""},
		{far, Admin, false, false, "TOOLSD_KEYS=_master=key"},
		{far, Admin, true, false, ""},
	} {
		err := CheckListen(test.addr, test.level, test.keys, test.everyone)
		switch {
		case test.want == "" && err != nil:
			t.Errorf("%+v: %v", test, err)
		case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
			t.Errorf("%+v: error %v", test, err)
		}
	}
}
