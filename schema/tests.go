package schema

import "strings"

// A Test is a call of a tool with what must come of it. Nodes that were not
// written are nil.
type Test struct {
	Place  Place
	Name   string
	Named  Place // where the name stands; Place where there is none
	Input  *Node // data: a mapping
	HTTP   []Exchange
	Caller *Caller // nil: not said
	Env    map[string]string
	Now    *Node // text
	Expect Expect

	span span
}

// An Exchange is a request that a test expects, and the answer to it.
type Exchange struct {
	Place    Place
	Request  ExpectedRequest
	Response GivenResponse
}

// An ExpectedRequest names what must be true of a request.
type ExpectedRequest struct {
	Place   Place
	Method  *Node // text; each of the first three is exact
	Path    *Node
	URL     *Node
	Query   *Node // data: a Map of text, wholly
	Headers *Node // data: a Map of text, those named
	// At most one of the four bodies, wholly.
	JSON      *Node
	Form      *Node // data: a Map of text
	Text      *Node
	Multipart *Node // data: a Map of texts and parts
}

// A GivenResponse is the answer to a request. At most one of the bodies is
// set; with Timeout there is no answer at all.
type GivenResponse struct {
	Place   Place
	Status  int   // 0: not said
	Headers *Node // data: a Map of text
	JSON    *Node
	Text    *Node
	Base64  *Node // text
	Timeout bool
}

// A Caller is who a test calls for.
type Caller struct {
	ID, Name      string
	Roles, Scopes []string
	Claims        *Node // data: a mapping
	Token         string
}

// Expect is what the result of a test must be.
type Expect struct {
	Structured *Node // data
	Text       *Node // text
	IsError    bool
	When       *Node // expression
}

// testsOf returns the tests of a tool; root is the tool.
func testsOf(root *Node) []Test {
	n := root.Get("tests")
	if n == nil {
		return nil
	}
	var tests []Test
	for _, item := range n.Items {
		t := Test{
			Place:  item.Place,
			Name:   textOf(item.Get("name")),
			Named:  item.Place,
			Input:  item.Get("input"),
			Caller: callerOf(item.Get("caller")),
			Env:    textMapOf(item.Get("env")),
			Now:    item.Get("now"),
			Expect: expectOf(item.Get("expect")),
		}
		if name := item.Get("name"); name != nil {
			t.Named = name.Place
		}
		if exchanges := item.Get("http"); exchanges != nil {
			for _, e := range exchanges.Items {
				t.HTTP = append(t.HTTP, exchangeOf(e))
			}
		}
		tests = append(tests, t)
	}
	spansOf(tests, n, root)
	return tests
}

func exchangeOf(n *Node) Exchange {
	e := Exchange{Place: n.Place}
	if r := n.Get("request"); r != nil {
		e.Request = ExpectedRequest{
			Place:   r.Place,
			Method:  r.Get("method"),
			Path:    r.Get("path"),
			URL:     r.Get("url"),
			Query:   r.Get("query"),
			Headers: r.Get("headers"),
			JSON:    r.Get("json"),
			Form:    r.Get("form"),
			Text:    r.Get("text"),

			Multipart: r.Get("multipart"),
		}
	}
	if r := n.Get("response"); r != nil {
		e.Response = GivenResponse{
			Place:   r.Place,
			Status:  integerOf(r.Get("status")),
			Headers: r.Get("headers"),
			JSON:    r.Get("json"),
			Text:    r.Get("text"),
			Base64:  r.Get("base64"),
			Timeout: isTrue(r.Get("timeout")),
		}
	}
	return e
}

func callerOf(n *Node) *Caller {
	if n == nil {
		return nil
	}
	return &Caller{
		ID:     textOf(n.Get("id")),
		Name:   textOf(n.Get("name")),
		Roles:  textsOf(n.Get("roles")),
		Scopes: textsOf(n.Get("scopes")),
		Claims: n.Get("claims"),
		Token:  textOf(n.Get("token")),
	}
}

func expectOf(n *Node) Expect {
	return Expect{
		Structured: n.Get("structuredContent"),
		Text:       n.Get("text"),
		IsError:    isTrue(n.Get("isError")),
		When:       n.Get("when"),
	}
}

func textMapOf(n *Node) map[string]string {
	if n == nil {
		return nil
	}
	texts := make(map[string]string, len(n.Entries))
	for _, e := range n.Entries {
		texts[e.Key] = e.Value.Text
	}
	return texts
}

// Prose returns the Text of a scalar as it is meant: the final line break of a
// block does not count.
func (n *Node) Prose() string {
	if n.Style == Literal || n.Style == Folded {
		return strings.TrimSuffix(n.Text, "\n")
	}
	return n.Text
}
