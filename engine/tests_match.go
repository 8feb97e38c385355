package engine

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/toolsd/toolsd/engine/httpcall"
	"github.com/toolsd/toolsd/schema"
)

// A matching holds a request against the one that is expected.
type matching struct {
	sent  httpcall.Sent
	body  []byte
	found []Difference
}

// differences returns how the request differs in what is named of it.
func (m *matching) differences(want *schema.ExpectedRequest) []Difference {
	if want.Method != nil {
		m.text("method", want.Method.Text, m.sent.Method)
	}
	if want.Path != nil {
		m.text("path", want.Path.Text, m.path())
	}
	if want.URL != nil {
		sent := *m.sent.URL
		if !strings.Contains(want.URL.Text, "?") {
			sent.RawQuery = ""
		}
		m.text("url", want.URL.Text, sent.String())
	}
	if want.Query != nil {
		got := httpcall.ReadParameters(m.sent.URL.RawQuery)
		if _, named := leaves(want.Query)[m.sent.Credential]; !named {
			delete(got, m.sent.Credential)
		}
		m.parameters("query", want.Query, got)
	}
	m.headers(want.Headers)
	switch {
	case want.JSON != nil:
		m.json(want.JSON)
	case want.Form != nil:
		m.parameters("form", want.Form, httpcall.ReadParameters(string(m.body)))
	case want.Multipart != nil:
		m.multipart(want.Multipart)
	case want.Text != nil:
		text := want.Text.Prose()
		if strings.HasSuffix(string(m.body), "\n") {
			text = want.Text.Text // a block that is sent ends as one that is wanted
		}
		m.text("text", text, string(m.body))
	}
	return m.found
}

// path is what follows the baseUrl; the whole path where the request went
// elsewhere, as after a redirect.
func (m *matching) path() string {
	u := m.sent.URL
	whole := u.Scheme + "://" + u.Host + u.EscapedPath()
	if rest, ok := strings.CutPrefix(whole, m.sent.Base); ok && (rest == "" || rest[0] == '/') {
		return rest
	}
	return u.EscapedPath()
}

func (m *matching) text(where, want, got string) {
	c := comparison{}
	c.texts(where, want, got)
	m.found = append(m.found, c.found...)
}

// parameters compares a query or form wholly.
func (m *matching) parameters(where string, node *schema.Node, got map[string][]string) {
	fields, _ := exact(node.JSON()).(map[string]any)
	want, err := httpcall.Parameters(fields)
	if err != nil {
		m.found = append(m.found, Difference{Where: where, Want: "(" + err.Error() + ")", Got: shown(got)})
		return
	}
	names := maps.Clone(got)
	maps.Copy(names, want)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if !slices.Equal(want[name], got[name]) {
			m.values(where+"."+name, want[name], got[name])
		}
	}
}

// values notes a difference of a parameter or header, which may be repeated.
func (m *matching) values(where string, want, got []string) {
	c := comparison{}
	c.differ(where, listed(want), listed(got))
	m.found = append(m.found, c.found...)
}

// listed shows one value as it is, several as a list, and none as nothing.
func listed(values []string) string {
	switch len(values) {
	case 0:
		return nothing
	case 1:
		return shown(values[0])
	}
	return shown(values)
}

// headers compares those that are named. A list is sent joined.
func (m *matching) headers(node *schema.Node) {
	want := leaves(node)
	for _, name := range slices.Sorted(maps.Keys(want)) {
		var joined []string
		if len(want[name]) > 0 {
			joined = []string{strings.Join(want[name], ", ")}
		}
		if got := m.sent.Header.Values(name); !slices.Equal(joined, got) {
			m.values("headers."+name, joined, got)
		}
	}
}

// json compares the body wholly.
func (m *matching) json(want *schema.Node) {
	if !json.Valid(m.body) {
		m.found = append(m.found, Difference{Where: "json", Want: shown(exact(want.JSON())), Got: "(a body that is not JSON)"})
		return
	}
	c := comparison{wholly: true, asText: true}
	c.values("json", exact(want.JSON()), exact(m.body))
	m.found = append(m.found, c.found...)
}
