// Package functions is what toolsd and the Azure Functions host agree on: how
// a process learns that the host started it, the settings files they share,
// the authorization levels and keys, and when to leave.
//
// Started by the host, toolsd is a custom handler behind its proxy and the
// host checks the keys. Started alone, toolsd reads the same files and checks
// the same keys in the same places of a request.
package functions

import (
	"fmt"
	"net"
	"strconv"
	"strings"
)

// A Host says how the process was started.
type Host struct {
	// Started is true when the Azure Functions host started the process. The
	// host then stands before every request and has checked its key.
	Started bool
	// Addr is the only address that the host sends requests to; it is empty
	// when the host did not start the process.
	Addr string
	// Root is the folder of the app, in which host.json and the tools lie:
	// the one that the host names, else the working directory.
	Root string
	// Development is true under `func start`, where no platform stands before
	// the host and the headers of a request are the client's own.
	Development bool
}

// Detect reads from the environment how the process was started. The host
// chooses a new port at each start, so a port of the user's own choice never
// outranks it.
func Detect(getenv func(string) string) (Host, error) {
	h := Host{
		Root:        getenv("FUNCTIONS_APP_ROOT_PATH"),
		Development: strings.EqualFold(getenv("AZURE_FUNCTIONS_ENVIRONMENT"), "Development"),
	}
	if h.Root == "" {
		h.Root = "."
	}
	port := getenv("FUNCTIONS_CUSTOMHANDLER_PORT")
	if port == "" {
		return h, nil
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return h, fmt.Errorf("FUNCTIONS_CUSTOMHANDLER_PORT: %q is no port: the Functions host sets this variable, leave it unset elsewhere", port)
	}
	h.Started = true
	h.Addr = net.JoinHostPort("127.0.0.1", port)
	return h, nil
}
