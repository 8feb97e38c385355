package engine_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/engine/httpcall"
)

// A faultyService answers at /good, holds /waits open until the other side goes
// away, and does what is wrong with it at /fault, once those that are awaited
// wait. It counts the requests that were given up, and connections.
type faultyService struct {
	net.Listener
	fault   func(conn *net.TCPConn)
	awaited int32 // requests that wait before the fault happens

	waiting, givenUp, open atomic.Int32
}

func serveFaulty(t *testing.T) *faultyService {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &faultyService{Listener: l}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			s.open.Add(1)
			go s.serve(conn.(*net.TCPConn))
		}
	}()
	return s
}

func (s *faultyService) serve(conn *net.TCPConn) {
	defer s.open.Add(-1)
	defer conn.Close()
	for in := bufio.NewReader(conn); ; {
		r, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		switch r.URL.Path {
		case "/waits":
			s.waiting.Add(1)
			_, _ = io.Copy(io.Discard, conn)
			s.givenUp.Add(1)
			return
		case "/fault":
			for s.waiting.Load() < s.awaited {
				runtime.Gosched()
			}
			s.fault(conn)
			return
		}
		fmt.Fprint(conn, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 6\r\n\r\n\"fine\"")
	}
}

// until waits for what is bound to happen, and gives up after long.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
	}
}

// ours is how many goroutines run something of the engine or of a connection
// of a client.
func ours() int {
	buf := make([]byte, 1<<20)
	stacks := string(buf[:runtime.Stack(buf, true)])
	return strings.Count(stacks, "engine.(*crew)") + strings.Count(stacks, "engine.(*course)") + strings.Count(stacks, "httpcall.(*tokens)") + strings.Count(stacks, "net/http.(*persistConn)")
}

// Whatever goes wrong at the upstream, wherever in the steps: the call ends
// with what its step says of it, what is open beside it is given up, and
// nothing is left.
func TestFaultsInSteps(t *testing.T) {
	const partial = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n1"
	says := func(text string) func(*net.TCPConn) {
		return func(conn *net.TCPConn) { _, _ = io.WriteString(conn, text) }
	}
	hangs := func(text string) func(*net.TCPConn) {
		return func(conn *net.TCPConn) { _, _ = io.WriteString(conn, text); _, _ = io.Copy(io.Discard, conn) }
	}
	faults := []struct {
		name string
		does func(*net.TCPConn)
		want []string // how the message begins
	}{
		{"a status", says("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"), []string{"api answered 503 Service Unavailable"}},
		{"hangs up", says(""), []string{"api did not answer: the connection broke"}},
		{"resets", func(conn *net.TCPConn) { _ = conn.SetLinger(0) }, []string{"api did not answer: the connection broke"}},
		{"cuts the body", says(partial), []string{"api began to answer, but what came was broken off"}},
		{"hangs", hangs(""), []string{"api did not answer within 250 ms"}},
		{"hangs in the body", hangs(partial), []string{"api did not answer within 250 ms"}},
		{"broken JSON", says("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1\r\n\r\n["), []string{"api answered with JSON that breaks off"}},
		{"another protocol", says("SSH-2.0-x\r\n"), []string{"api began to answer, but what came was broken off", "api did not answer: the connection broke"}},
	}
	const fault, good, waits = "http: {upstream: api, path: /fault, timeout: 250ms}", "http: {upstream: api, path: /good}", "http: {upstream: api, path: /waits}"
	places := []struct {
		name, steps string
		waiting     int32  // requests that are open when the fault happens
		optional    string // the result, where the fault is no failure; MESSAGE stands for what is said of it
	}{
		{name: "the first", steps: "  - {" + fault + "}\n  - {log: {message: not reached}}\n  - {" + good + "}\n"},
		{name: "the last", steps: "  - {id: a, " + good + "}\n  - {expr: steps.a.body}\n  - {" + fault + "}\n"},
		{name: "beside others", steps: "  - {" + waits + "}\n  - {" + fault + "}\n  - {optional: true, " + waits + "}\n", waiting: 2},
		{name: "beside elements", steps: "  - {forEach: '1..10', concurrency: 3, " + waits + "}\n  - {" + fault + "}\n", waiting: 3},
		{name: "an element", steps: "  - {forEach: '[\"good\", \"waits\", \"fault\", \"waits\"]', concurrency: 3, http: {upstream: api, path: '/${each}', timeout: '250ms'}}\n", waiting: 1},
		{name: "a tool", steps: "  - {" + waits + "}\n  - {tool: inner}\n", waiting: 1},
		{name: "an element of a tool", steps: "  - {forEach: '1..3', tool: inner}\n"},
		{
			name: "optional", steps: "  - {id: a, optional: true, " + fault + "}\n  - {id: b, " + good + "}\nresult: ['${failed.a}', '${steps.b.body}']\n",
			optional: `["MESSAGE","fine"]`,
		},
		{
			name: "optional elements", steps: "  - {id: a, optional: true, forEach: '[\"good\", \"fault\", \"good\"]', http: {upstream: api, path: '/${each}', timeout: '250ms'}}\nresult: '${[len(filter(steps.a, # != null)), failed.a[1]]}'\n",
			optional: `[2,"MESSAGE"]`,
		},
		{
			name: "an optional tool", steps: "  - {id: a, optional: true, tool: inner}\n  - {id: b, " + good + "}\nresult: ['${failed.a}', '${steps.b.body}']\n",
			optional: `["MESSAGE","fine"]`,
		},
	}
	for _, place := range places {
		for _, fault := range faults {
			if place.name == "an element" && strings.Contains(fault.want[0], "within") {
				continue // the elements beside it run out of time as well
			}
			t.Run(place.name+" "+fault.name, func(t *testing.T) {
				s := serveFaulty(t)
				s.fault, s.awaited = fault.does, place.waiting
				client := httpcall.NewClient(httpcall.ClientOptions{})
				defer client.Close()
				e := engine.New(engine.Options{Client: client})
				lasting := func(steps string) string {
					if strings.Contains(fault.want[0], "within") {
						return steps
					}
					return strings.ReplaceAll(steps, "250ms", "20s") // however busy the machine is
				}
				const inner = "  - {http: {upstream: api, path: /fault, timeout: 250ms}}\n"
				publish(t, e, files{"a.yaml": "upstream: api\nbaseUrl: http://" + s.Addr().String() + "\nretry: {attempts: 1}\n---\n" +
					stepping("outer", lasting(place.steps)) + "annotations: {readOnlyHint: true}\n---\n" + stepping("inner", lasting(inner)) + "annotations: {readOnlyHint: true}\n"})
				got, failed := call(t, e, engine.Local, "outer", `{}`)
				matches := false
				for _, want := range fault.want {
					before, after, _ := strings.Cut(place.optional, "MESSAGE")
					rest, ok := strings.CutPrefix(got, before+want)
					matches = matches || ok && strings.HasSuffix(rest, after)
				}
				if !matches || failed != (place.optional == "") {
					t.Errorf("ended with %q (failed: %t), want %q in %q", got, failed, fault.want, place.optional)
				}
				until(t, "all that waited is given up", func() bool { return s.givenUp.Load() == s.waiting.Load() })
				client.Close()
				until(t, "no connection is left", func() bool { return s.open.Load() == 0 })
				until(t, "no goroutine is left", func() bool { return ours() == 0 })
			})
		}
	}
}

// Elements wait for places as other calls do: never more are under way than
// there may be, and all are answered.
func TestElementsAndPlaces(t *testing.T) {
	var under, most atomic.Int32
	handler := func(w http.ResponseWriter, _ *http.Request) {
		n := under.Add(1)
		defer under.Add(-1)
		for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
		}
		for range 100 {
			runtime.Gosched()
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, "1")
	}
	server := httptest.NewServer(http.HandlerFunc(handler))
	defer server.Close()
	client := httpcall.NewClient(httpcall.ClientOptions{})
	defer client.Close()
	e := engine.New(engine.Options{Client: client})
	publish(t, e, files{"a.yaml": strings.ReplaceAll("upstream: narrow\nbaseUrl: BASE\nconcurrency: {limit: 2, queue: 100}\n---\n"+
		"upstream: full\nbaseUrl: BASE\nconcurrency: {limit: 1, queue: 0}\n---\n"+
		stepping("all", "  - {id: all, forEach: '1..50', concurrency: 10, http: {upstream: narrow, path: '/${each}'}}\nresult: ${len(steps.all)}\n")+"---\n"+
		stepping("some", "  - {id: all, optional: true, forEach: '1..20', concurrency: 1, http: {upstream: full, path: '/${each}'}}\nresult: '${len(filter(steps.all, # != null))}'\n"), "BASE", server.URL)})
	if got, failed := call(t, e, engine.Local, "all", `{}`); failed || got != "50" {
		t.Errorf("got %s", got)
	}
	if n := most.Load(); n > 2 {
		t.Errorf("%d requests were under way, want at most 2", n)
	}
	if got, failed := call(t, e, engine.Local, "some", `{}`); failed || got != "20" {
		t.Errorf("one after the other: %s", got)
	}
}
