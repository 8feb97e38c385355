package mcpserver

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// RunStdio serves one client that writes messages to in and reads them from
// out, each on its own line, for the caller of ctx. It returns nil at the end
// of in, once the running calls were answered or Bounds.Drain has passed, and
// when the client has closed its end of a pipe; and the context's error when
// ctx is done. It closes neither stream, and leaves a goroutine behind while in
// does not return from Read.
//
// A line that is not a message is answered with an error, and the next one is
// read. A batch is taken as if its messages had come one by one.
func (s *Server) RunStdio(ctx context.Context, in io.Reader, out io.Writer) error {
	c := &lineConn{
		bounds: s.options.Bounds,
		out:    out,
		lines:  make(chan line),
		closed: make(chan struct{}),
		idle:   make(chan struct{}, 1),
		calls:  make(map[jsonrpc.ID]bool),
	}
	go c.scan(in)
	session, err := s.mcp.Connect(ctx, c, nil)
	if err != nil {
		return fmt.Errorf("serving stdio: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- session.Wait() }()
	select {
	case err := <-ended:
		if err != nil && !errors.Is(err, io.ErrClosedPipe) {
			return fmt.Errorf("serving stdio: %w", err)
		}
		return nil
	case <-ctx.Done():
		// What was running is given up with the session.
		_ = c.Close()
		<-ended
		return ctx.Err()
	}
}

// A lineConn is a connection over two byte streams, one message a line.
type lineConn struct {
	bounds Bounds
	lines  chan line
	queue  []jsonrpc.Message // read and not yet handed on; of Read alone

	writing sync.Mutex // held for each line that is written
	out     io.Writer

	closing sync.Once
	closed  chan struct{}

	counting sync.Mutex          // guards what follows
	calls    map[jsonrpc.ID]bool // running; true where an end is to be waited for
	idle     chan struct{}       // gets a value when a call was answered
}

// A line is what was read, or why no more can be read.
type line struct {
	text     []byte
	tooLarge bool
	err      error
}

// Connect makes a lineConn its own transport.
func (c *lineConn) Connect(context.Context) (mcp.Connection, error) { return c, nil }

func (c *lineConn) SessionID() string { return "" }

func (c *lineConn) Close() error {
	c.closing.Do(func() { close(c.closed) })
	return nil
}

// scan reads lines until the end of in, beside Read, which has to return when
// the connection is closed.
func (c *lineConn) scan(in io.Reader) {
	r := bufio.NewReaderSize(in, 64<<10)
	for {
		l := readLine(r, int(c.bounds.BodyBytes))
		select {
		case c.lines <- l:
		case <-c.closed:
			return
		}
		if l.err != nil {
			return
		}
	}
}

// readLine reads to the end of a line, and forgets what is over the limit. The
// last line need not be ended.
func readLine(r *bufio.Reader, limit int) (l line) {
	for {
		part, err := r.ReadSlice('\n')
		if !l.tooLarge {
			l.text = append(l.text, part...)
		}
		if len(l.text) > limit+len("\r\n") {
			l.text, l.tooLarge = nil, true
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && (len(l.text) == 0 && !l.tooLarge || !errors.Is(err, io.EOF)):
			l.err = err
		}
		return l
	}
}

// Read returns the next message. The end of the stream is told only when the
// running calls were answered, because the SDK then cancels them.
func (c *lineConn) Read(ctx context.Context) (jsonrpc.Message, error) {
	for len(c.queue) == 0 {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-c.closed:
			return nil, io.EOF
		case l := <-c.lines:
			if l.err != nil {
				c.drain(ctx)
				return nil, l.err
			}
			if err := c.accept(l); err != nil {
				return nil, err
			}
		}
	}
	next := c.queue[0]
	c.queue = c.queue[1:]
	return next, nil
}

// accept puts the messages of a line into the queue, or answers what is wrong
// with it.
func (c *lineConn) accept(l line) error {
	if l.tooLarge {
		return c.writeLine(newFault(jsonrpc.CodeInvalidRequest, "a line may be at most %d bytes long", c.bounds.BodyBytes).encode())
	}
	if len(bytes.TrimSpace(l.text)) == 0 {
		return nil
	}
	messages, _, f := readMessages(l.text, c.bounds)
	if f != nil {
		return c.writeLine(f.encode())
	}
	for _, m := range messages {
		if f := c.enqueue(m); f != nil {
			if err := c.writeLine(f.under(m).encode()); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *lineConn) enqueue(m message) *fault {
	if m.isCall() && !offered(m.method, m.version() >= firstModern) {
		return &fault{err: *notOffered(m.method)}
	}
	decoded, err := jsonrpc.DecodeMessage(m.raw)
	if err != nil {
		return newFault(jsonrpc.CodeInvalidRequest, "the message cannot be read")
	}
	if r, ok := decoded.(*jsonrpc.Request); ok && r.IsCall() && !c.begun(r) {
		return newFault(jsonrpc.CodeInvalidRequest, "a request with this id is running")
	}
	c.queue = append(c.queue, decoded)
	return nil
}

// Write sends a message. What the SDK refuses before it looks at the method,
// such as a call before initialize, it refuses without a code.
func (c *lineConn) Write(_ context.Context, m jsonrpc.Message) error {
	response, isResponse := m.(*jsonrpc.Response)
	if coded := (*jsonrpc.Error)(nil); isResponse && response.Error != nil && !errors.As(response.Error, &coded) {
		response.Error = &jsonrpc.Error{Code: jsonrpc.CodeInvalidRequest, Message: response.Error.Error()}
	}
	text, err := jsonrpc.EncodeMessage(m)
	if err != nil {
		return fmt.Errorf("encoding a message: %w", err)
	}
	err = c.writeLine(text)
	if isResponse {
		c.answered(response.ID)
	}
	return err
}

func (c *lineConn) writeLine(text []byte) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	if _, err := c.out.Write(append(text, '\n')); err != nil {
		return fmt.Errorf("writing a message: %w", err)
	}
	return nil
}
