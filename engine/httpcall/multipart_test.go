package httpcall

import (
	"bytes"
	"context"
	"io"
	"mime"
	"mime/multipart"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const parted = `
path: /files
multipart:
  title: ${input.title}
  version: 1.10
  tag: ${input.tags}
  none: ${input.none}
  more: [a, "${input.title}"]
  file: {base64: "${input.file}", filename: "${input.name}", contentType: image/png}
  text: {data: "${input.title}", filename: a.txt}
  meta: {data: {title: "${input.title}", n: 1.50, list: "${input.tags}"}}
  raw: {data: "${input.raw}"}
  lost: {data: "${input.none}", filename: x}
`

// The bytes of a multipart body as the server receives them.
func TestMultipart(t *testing.T) {
	server := record(t, replyJSON(200, `{}`))
	p := build(t, tool(server.base(), "", parted), nil)
	input := map[string]any{
		"title": "ä \"--x\"\r\n", "tags": []any{"one", 2}, "file": "iVBO Rw==", "name": `a"b/../c\.png`, "raw": []byte{0xff, 0},
	}
	if _, err := call(t, p, input); err != nil {
		t.Fatal(err)
	}
	line, header, body := server.one(t)
	boundary := regexp.MustCompile(`^multipart/form-data; boundary=(toolsd-[0-9a-f]{32})$`).FindStringSubmatch(header["Content-Type"])
	if line != "POST /files HTTP/1.1" || boundary == nil {
		t.Fatalf("%s, %s", line, header["Content-Type"])
	}
	const want = `--B
Content-Disposition: form-data; name="title"

ä "--x"

--B
Content-Disposition: form-data; name="version"

1.10
--B
Content-Disposition: form-data; name="tag"

one
--B
Content-Disposition: form-data; name="tag"

2
--B
Content-Disposition: form-data; name="more"

a
--B
Content-Disposition: form-data; name="more"

ä "--x"

--B
Content-Disposition: form-data; name="file"; filename="a%22b/../c%5C.png"
Content-Type: image/png

` + "\x89PNG" + `
--B
Content-Disposition: form-data; name="text"; filename="a.txt"
Content-Type: application/octet-stream

ä "--x"

--B
Content-Disposition: form-data; name="meta"
Content-Type: application/json

{"list":["one",2],"n":1.5,"title":"ä \"--x\"\r\n"}
--B
Content-Disposition: form-data; name="raw"
Content-Type: application/octet-stream

` + "\xff\x00" + `
--B--
`
	got := strings.ReplaceAll(strings.ReplaceAll(body, boundary[1], "B"), "\r\n", "\n")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
	if strings.Count(body, "\n") != strings.Count(body, "\r\n") {
		t.Error("a line ends in a line feed alone")
	}
}

func TestMultipartRefusals(t *testing.T) {
	for name, tt := range map[string]struct {
		input   map[string]any
		message string
	}{
		"base64":      {map[string]any{"file": "not base64!"}, `argument "file" is not base64`},
		"filename":    {map[string]any{"name": "a\r\nX: y"}, `the filename of the part "file" holds a line break or another control character`},
		"contentType": {map[string]any{"type": "x; y"}, `the contentType of the part "file" is not a media type`},
		"header":      {map[string]any{"type": "text/plain\r\nX: y"}, `the contentType of the part "file" holds a line break or another control character`},
	} {
		server := record(t, reply(200, ""))
		p := build(t, tool(server.base(), "", `multipart: {file: {base64: "${input.file}", filename: "${input.name}", contentType: "${input.type}"}}`), nil)
		input := map[string]any{"file": "aGk", "name": "a", "type": "text/plain"}
		for key, value := range tt.input {
			input[key] = value
		}
		_, err := call(t, p, input)
		if got := failure(t, err); got != tt.message {
			t.Errorf("%s: message = %s\nwant %s", name, got, tt.message)
		}
		if len(server.seen()) != 0 {
			t.Errorf("%s: something was sent", name)
		}
	}
}

// A body is the same for each try, and another for another content; a boundary
// that stood in the content would be another one.
func TestBoundary(t *testing.T) {
	one := []renderedPart{{"h\r\n", []byte("content")}}
	boundary := boundaryOf(one)
	if boundaryOf(one) != boundary {
		t.Error("the boundary of one content differs")
	}
	if boundaryOf([]renderedPart{{"h\r\n", []byte(boundary)}}) == boundary {
		t.Error("the boundary stands in the content")
	}
	server := recordEach(t, func(at int) string { return map[int]string{0: reply(503, ""), 1: replyJSON(200, `{}`)}[at] })
	p := build(t, tool(server.base(), "retry: {minWait: 1ms}", "method: PUT\nmultipart: {a: '${uuid()}'}"), nil)
	if _, err := call(t, p, nil); err != nil {
		t.Fatal(err)
	}
	if seen := server.seen(); len(seen) != 2 || seen[0] != seen[1] {
		t.Errorf("the tries differ: %q", seen)
	}
}

// Whatever the values are, the parts are those that were written, and hold
// what they were given.
func FuzzMultipart(f *testing.F) {
	p := build(f, tool("https://api.example.com", "", `multipart: {a: "${input.x}", b: {data: "${input.y}", filename: "${input.x}"}, c: z}`), nil)
	seeds(f)
	f.Add("--\r\n", "\r\n--toolsd-0--\r\n")
	f.Fuzz(func(t *testing.T, x, y string) {
		r, err := p.render(context.Background(), inputs(map[string]any{"x": x, "y": y}))
		if err != nil {
			return
		}
		_, parameters, err := mime.ParseMediaType(r.header.Get("Content-Type"))
		if err != nil {
			t.Fatal(err)
		}
		in := multipart.NewReader(bytes.NewReader(r.body), parameters["boundary"])
		for _, want := range []struct{ name, content string }{{"a", x}, {"b", y}, {"c", "z"}} {
			part, err := in.NextRawPart()
			if err != nil {
				t.Fatal(err)
			}
			content, err := io.ReadAll(part)
			if err != nil || part.FormName() != want.name || string(content) != want.content || len(part.Header) > 2 {
				t.Fatalf("%s = %q with %v (%v), want %s = %q", part.FormName(), content, part.Header, err, want.name, want.content)
			}
		}
		if _, err := in.NextRawPart(); err != io.EOF {
			t.Fatalf("there are more parts (%v)", err)
		}
	})
}
