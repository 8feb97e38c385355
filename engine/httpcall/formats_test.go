package httpcall

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/toolsd/toolsd/engine/expression"
)

// dict is a short way to write data.
type dict = map[string]any

// What each format becomes as data.
func TestFormats(t *testing.T) {
	const broken = "api answered with something that is not valid %s; try again, or tell whoever runs this server"
	tests := []struct {
		name, response, contentType, text string
		body                              any
		more                              any // nil: not said
		message                           string
	}{
		{name: "xml", response: "as: xml", text: "\n<?xml version='1.0'?><!-- c --><r xmlns='u' xmlns:a='v' id='1'> <a:b>x &amp; &#228;<![CDATA[<y>]]></a:b><c/><c k=''>2</c><d> <e>3</e>t</d></r>\n"[1:],
			body: dict{"r": dict{"@id": "1", "a:b": "x & ä<y>", "c": []any{"", dict{"@k": "", "#text": "2"}}, "d": dict{"e": "3", "#text": "t"}}}},
		{name: "xml of one text", response: "as: xml", text: "<r> x </r>", body: dict{"r": "x"}},
		{name: "xml in the charset that it declares", response: "as: xml", text: "<?xml version='1.0' encoding='ISO-8859-1'?><r>\xe4</r>", body: dict{"r": "ä"}},
		{name: "xml in the charset of its header", response: "as: xml", contentType: "text/xml; charset=ISO-8859-1", text: "<?xml version='1.0' encoding='UTF-8'?><r>\xe4</r>", body: dict{"r": "ä"}},
		{name: "xml by its byte order mark", response: "as: xml", contentType: "text/xml; charset=ISO-8859-1", text: "\ufeff<r>ä</r>", body: dict{"r": "ä"}},
		{name: "xml in UTF-16", response: "as: xml", text: "\xff\xfe<\x00r\x00>\x00\xe4\x00<\x00/\x00r\x00>\x00", body: dict{"r": "ä"}},
		{name: "xml by a schema", response: "as: xml, schema: {type: object, properties: {r: {type: object, properties: {n: {type: integer}, p: {type: number}, b: {type: boolean}, s: {type: string}, l: {type: array, items: {type: integer}}, none: {type: integer}, nil: {type: [integer, 'null']}, o: {type: object}}}}}",
			text: "<r><n> 7 </n><p>9.50</p><b>true</b><s>007</s><l>1</l><none/><nil/><o/></r>",
			body: dict{"r": dict{"n": 7, "p": 9.5, "b": true, "s": "007", "l": []any{1}, "nil": nil, "o": dict{}}}},
		{name: "xml with a document type", response: "as: xml", text: "<!DOCTYPE r [<!ENTITY e 'x'>]><r>&e;</r>", message: fmt.Sprintf(broken, "XML")},
		{name: "xml with an entity of its own", response: "as: xml", text: "<r>&e;</r>", message: fmt.Sprintf(broken, "XML")},
		{name: "xml with two roots", response: "as: xml", text: "<r/><s/>", message: fmt.Sprintf(broken, "XML")},
		{name: "xml with text beside the root", response: "as: xml", text: "<r/>x", message: fmt.Sprintf(broken, "XML")},
		{name: "xml that does not match", response: "as: xml", text: "<r><s></r></s>", message: fmt.Sprintf(broken, "XML")},
		{name: "xml with an attribute twice", response: "as: xml", text: "<r a='1' a='2'/>", message: fmt.Sprintf(broken, "XML")},
		{name: "xml with nothing", response: "as: xml", text: "<!-- -->", message: fmt.Sprintf(broken, "XML")},
		{name: "xml that ends early", response: "as: xml", text: "<r><s>", message: "api answered with XML that breaks off; try again, or tell whoever runs this server"},
		{name: "deep xml", response: "as: xml", text: strings.Repeat("<r>", 1001) + strings.Repeat("</r>", 1001),
			message: "api answered with XML that nests deeper than 1000 levels, which is the most that is read"},
		{name: "a page for xml", response: "as: xml", contentType: "text/html", text: "<!DOCTYPE html><html></html>",
			message: "api answered with a web page where XML was expected; it may ask for a login or be out of service, which whoever runs this server has to look at"},

		{name: "csv", response: "as: csv", contentType: "text/csv", text: "\ufeffname, n ,n,\r\n\"a \"\"b\"\"\nc\",1,,x\r\n\r\n",
			body: []any{dict{"name": "a \"b\"\nc", "n": "1", "n_2": "", "column_4": "x"}}},
		{name: "csv by semicolons", response: "as: csv, separator: semicolon", contentType: "text/csv; charset=windows-1252", text: "a;b\n\xe4;1,5\n", body: []any{dict{"a": "ä", "b": "1,5"}}},
		{name: "csv by tabs", response: "as: csv, separator: tab", text: "a\tb\n1\t2", body: []any{dict{"a": "1", "b": "2"}}},
		{name: "csv by a schema", response: "as: csv, schema: {type: array, items: {type: object, properties: {n: {type: integer}, x: {type: number}, id: {type: string}}}}", text: "n,x,id\n1,2.5,007\n,,\n",
			body: []any{dict{"n": 1, "x": 2.5, "id": "007"}, dict{"id": ""}}},
		{name: "csv with a head alone", response: "as: csv", text: "a,b\n", body: []any{}},
		{name: "csv with nothing", response: "as: csv", text: "", body: []any{}},
		{name: "csv with a short row", response: "as: csv", text: "a,b\n1\n", message: fmt.Sprintf(broken, "CSV")},
		{name: "csv with a stray quote", response: "as: csv", text: "a\n1\"2\n", message: fmt.Sprintf(broken, "CSV")},
		{name: "csv of too many cells", response: "as: csv", text: "a,b\n" + strings.Repeat(",\n", mostCells/2+1),
			message: "api answered with a table of more than 500000 cells, which is the most that is read; ask for less"},

		{name: "ndjson", contentType: "application/x-ndjson", text: "{\"a\": 9007199254740993}\n\n [1]\r\n\"end\"", body: []any{dict{"a": 9007199254740993}, []any{1}, "end"}, more: false},
		{name: "ndjson said", response: "as: ndjson", contentType: "text/plain", text: "1\n2\n", body: []any{1, 2}, more: false},
		{name: "ndjson by a schema", response: "as: ndjson, schema: {type: array, items: {type: number}}", text: "1\n2\n", body: []any{1.0, 2.0}, more: false},
		{name: "ndjson up to a number", response: "maxItems: 2", contentType: "application/jsonl", text: "1\n2\n3\n", body: []any{1, 2}, more: true},
		{name: "ndjson up to a size", response: "maxBytes: 6", contentType: "application/jsonl", text: "10\n20\n30\n", body: []any{10, 20}, more: true},
		{name: "one line that is too long", response: "maxBytes: 6", contentType: "application/jsonl", text: "\"0123456789\"\n", message: "api answered with more than 6 bytes, which is the most that is read; ask for less"},
		{name: "ndjson with a broken line", contentType: "application/jsonl", text: "1\nnope\n", message: fmt.Sprintf(broken, "JSON, one value a line")},
		{name: "ndjson with nothing", contentType: "application/jsonl", text: "", body: []any{}, more: false},

		{name: "events", contentType: "text/event-stream; charset=utf-8", text: "\ufeff: hello\r\nevent: add\r\nid: 7\r\ndata: {\"n\": 1.0,\r\ndata:\"s\": \"x\"}\r\n\r\ndata:  two words\rretry: 5\r\rid\ndata\n\nevent: none\n\ndata: [DONE]\n\ndata: lost",
			body: []any{
				dict{"event": "add", "data": dict{"n": 1.0, "s": "x"}, "id": "7"},
				dict{"event": "message", "data": " two words", "id": "7"},
				dict{"event": "message", "data": "", "id": ""},
				dict{"event": "message", "data": "[DONE]", "id": ""},
			}, more: false},
		{name: "events up to a number", response: "maxItems: 1", contentType: "text/event-stream", text: "data: 1\r\n\r\ndata: 2\r\n\r\n", body: []any{dict{"event": "message", "data": 1, "id": nil}}, more: true},
		{name: "an expected event stream", response: "as: events", contentType: "text/plain", text: "data: 1\n\n", body: []any{dict{"event": "message", "data": 1, "id": nil}}, more: false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.contentType == "" {
				tt.contentType = "application/octet-stream"
			}
			server := record(t, reply(200, tt.text, "Content-Type: "+tt.contentType))
			p := build(t, tool(server.base(), "", "path: /\nresponse: {"+tt.response+"}"), nil)
			response, err := call(t, p, nil)
			if tt.message != "" {
				if got := failure(t, err); got != tt.message {
					t.Errorf("message = %s\nwant      %s", got, tt.message)
				}
				return
			}
			if err != nil {
				t.Fatalf("%v: %v", err, err.(*expression.Failure).Cause)
			}
			if diff := cmp.Diff(tt.body, response["body"]); diff != "" {
				t.Errorf("body (-want +got):\n%s", diff)
			}
			if response["more"] != tt.more {
				t.Errorf("more = %v, want %v", response["more"], tt.more)
			}
		})
	}
}

// What is compressed in a way that nobody asked for is no answer, and what
// says that it is not compressed is one.
func TestContentEncoding(t *testing.T) {
	for coding, want := range map[string]string{
		"br": "api answered with a compressed body that nobody asked for; whoever runs this server has to look at it", "identity": "",
	} {
		server := record(t, replyJSON(200, `{}`, "Content-Encoding: "+coding))
		_, err := call(t, build(t, tool(server.base(), "", "path: /"), nil), nil)
		if want == "" {
			if err != nil {
				t.Error(err)
			}
		} else if got := failure(t, err); got != want {
			t.Errorf("%s: message = %s", coding, got)
		}
	}
}

// HEAD has headers alone, compressed or not.
func TestHead(t *testing.T) {
	server := record(t, "HTTP/1.1 200 OK\r\nContent-Length: 5000000\r\nContent-Encoding: br\r\nX-Total: 7\r\nConnection: close\r\n\r\n")
	response, err := call(t, build(t, tool(server.base(), "", "method: HEAD\npath: /"), nil), nil)
	if err != nil || response["body"] != nil || response["headers"].(map[string]any)["x-total"] != "7" {
		t.Errorf("%v, %v", response, err)
	}
}

// A stream that does not end gives what came before the deadline, or what was
// asked for as soon as it is there.
func TestEndlessStreams(t *testing.T) {
	for _, tt := range []struct {
		name, settings string
		after          time.Duration // until there is an answer
		items          int
	}{
		{"until a little before the deadline", "timeout: 5s", 4500 * time.Millisecond, 3},
		{"a second before a late deadline", "timeout: 20s", 19 * time.Second, 10},
		{"until the end of a try", "attemptTimeout: 10s", 9 * time.Second, 5},
		{"until there are enough", "response: {maxItems: 2}", 2 * time.Second, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				here, there := net.Pipe()
				client := newClient(t, ClientOptions{})
				client.dial = func(context.Context, string, string) (net.Conn, error) { return here, nil }
				var sending sync.WaitGroup
				sending.Go(func() {
					io.ReadAtLeast(there, make([]byte, 1024), 1)
					io.WriteString(there, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
					for n := 0; ; n++ {
						if _, err := fmt.Fprintf(there, "data: %d\n\n:half", n); err != nil {
							return
						}
						time.Sleep(2 * time.Second)
						if _, err := io.WriteString(there, " a comment\n"); err != nil {
							return
						}
					}
				})
				began := time.Now()
				p := build(t, tool("http://api.example", "", "path: /\n"+tt.settings), nil)
				response, err := p.Run(t.Context(), client, inputs(nil))
				if err != nil {
					t.Fatal(err)
				}
				if got := len(response["body"].([]any)); got != tt.items {
					t.Errorf("%d events, want %d", got, tt.items)
				}
				if passed := time.Since(began); passed != tt.after {
					t.Errorf("it took %s, want %s", passed, tt.after)
				}
				if response["more"] != true {
					t.Error("there is no more")
				}
				there.Close()
				sending.Wait()
			})
		})
	}
}

// Whatever the bytes are, XML is read or refused, in no more depth than
// allowed, and without making more of them than there are.
func FuzzXML(f *testing.F) {
	for _, s := range []string{"<a/>", "<a b='c'>d<e/><e>f</e></a>", "<?xml version='1.0' encoding='utf-16'?><a/>", "<!DOCTYPE a><a/>", "<a>&lt;&#1;&e;</a>", "<a:b xmlns:a='c'/>", "\xff\xfe<\x00", "<a><![CDATA[]]></a>"} {
		f.Add([]byte(s), "")
		f.Add([]byte(s), "utf-16le")
	}
	f.Fuzz(func(t *testing.T, body []byte, charset string) {
		value, err := decodeXML(body, charset)
		if err != nil {
			return
		}
		root, ok := value.(map[string]any)
		if !ok || len(root) != 1 {
			t.Fatalf("%q has not one root: %v", body, value)
		}
		text, err := expression.Text(value)
		if err != nil {
			t.Fatal(err)
		}
		if len(text) > 64+20*len(body) {
			t.Fatalf("%d bytes became %d", len(body), len(text))
		}
	})
}

// steps is a reader that gives so many bytes at a time.
type steps struct {
	from io.Reader
	most int
}

func (s steps) Read(p []byte) (int, error) { return s.from.Read(p[:min(len(p), s.most)]) }

// A stream is cut behind a record, at the same one wherever the reads that it
// comes in end, and has no more records or bytes than it may.
func FuzzCollect(f *testing.F) {
	f.Add("data: 1\r\n\r\ndata: 2\n\n\n:x\ndata", 3, 40, 2)
	f.Add("1\n2\n\n3", 1, 4, 9)
	f.Fuzz(func(t *testing.T, body string, step, maxBytes, maxItems int) {
		if step < 1 || maxBytes < 1 || maxItems < 1 || maxBytes > 1<<20 {
			return
		}
		for _, ends := range []func() splitter{eventEnds, lineEnds} {
			data, _, err := collect(strings.NewReader(body), int64(maxBytes), maxItems, ends())
			if err != nil {
				t.Fatal(err)
			}
			stepped, _, err := collect(steps{strings.NewReader(body), step}, int64(maxBytes), maxItems, ends())
			if err != nil || string(stepped) != string(data) {
				t.Fatalf("%q in one and %q in steps (%v)", data, stepped, err)
			}
			records := 0
			split := ends()
			for _, b := range data {
				if split(b) {
					records++
				}
			}
			if !strings.HasPrefix(body, string(data)) || len(data) > maxBytes+1 || records > maxItems {
				t.Fatalf("%q of %q with %d records", data, body, records)
			}
		}
	})
}
