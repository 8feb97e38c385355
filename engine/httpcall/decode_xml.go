package httpcall

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding/htmlindex"
)

var (
	errDoctype    = errors.New("the XML has a document type, which is not read")
	errXMLDeep    = fmt.Errorf("the XML nests deeper than %d levels", deepest)
	errXMLEnds    = errors.New("the XML ends within an element")
	errXMLBeside  = errors.New("there is more than one element at the top of the XML")
	errXMLMatch   = errors.New("an element of the XML ends by another name")
	errXMLTwice   = errors.New("an element of the XML has an attribute twice")
	errXMLCharset = errors.New("the XML declares its encoding behind its beginning")
	errXMLNothing = errors.New("there is no element in the XML")
)

// decodeXML reads a document as data: an object of its root element by its
// name. An element with nothing but text is that text, without the blanks
// around it. Any other is an object of its attributes, by @name, its
// elements, by name, in a list where there are several of a name, and its
// text, if any, as #text. Prefixes stay as written, and what declares them is
// left out. There are no entities but those of XML itself, so that a document
// is never larger than it was sent.
func decodeXML(body []byte, charset string) (any, error) {
	body, known := inUTF8(body, charset)
	d := xml.NewDecoder(bytes.NewReader(body))
	begun := false
	d.CharsetReader = func(declared string, rest io.Reader) (io.Reader, error) {
		if begun { // each would be a reader around those before
			return nil, errXMLCharset
		}
		if known {
			return rest, nil
		}
		e, err := htmlindex.Get(declared)
		if err != nil {
			return nil, err
		}
		return e.NewDecoder().Reader(rest), nil
	}
	var open []*xmlElement
	left := mostValues
	root := &xmlElement{}
	for {
		token, err := d.RawToken()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		begun = true
		inner := root
		if len(open) > 0 {
			inner = open[len(open)-1]
		}
		switch t := token.(type) {
		case xml.Directive:
			return nil, errDoctype
		case xml.CharData:
			if len(open) == 0 && len(bytes.TrimSpace(t)) > 0 {
				return nil, errXMLBeside
			}
			inner.text.Write(t)
		case xml.StartElement:
			switch {
			case len(open) == 0 && root.members != nil:
				return nil, errXMLBeside
			case len(open) == deepest:
				return nil, errXMLDeep
			}
			if left -= 1 + len(t.Attr); left < 0 {
				return nil, errValues
			}
			e, err := newXMLElement(t)
			if err != nil {
				return nil, err
			}
			open = append(open, e)
			root.members = root.some()
		case xml.EndElement:
			if len(open) == 0 || inner.name != writtenName(t.Name) {
				return nil, errXMLMatch
			}
			open = open[:len(open)-1]
			outer := root
			if len(open) > 0 {
				outer = open[len(open)-1]
			}
			outer.add(inner.name, inner.value())
		}
	}
	switch {
	case len(open) > 0:
		return nil, errXMLEnds
	case root.members == nil:
		return nil, errXMLNothing
	}
	return root.members, nil
}

// An xmlElement is one that is being read.
type xmlElement struct {
	name    string
	members map[string]any // nil: none
	text    strings.Builder
}

func newXMLElement(t xml.StartElement) (*xmlElement, error) {
	e := &xmlElement{name: writtenName(t.Name)}
	for _, a := range t.Attr {
		name := writtenName(a.Name)
		if name == "xmlns" || a.Name.Space == "xmlns" {
			continue
		}
		e.members = e.some()
		if _, twice := e.members["@"+name]; twice {
			return nil, errXMLTwice
		}
		e.members["@"+name] = a.Value
	}
	return e, nil
}

func (e *xmlElement) some() map[string]any {
	if e.members == nil {
		return map[string]any{}
	}
	return e.members
}

// add puts an element into the one around it.
func (e *xmlElement) add(name string, value any) {
	e.members = e.some()
	switch before := e.members[name].(type) {
	case nil:
		e.members[name] = value
	case []any:
		e.members[name] = append(before, value)
	default:
		e.members[name] = []any{before, value}
	}
}

func (e *xmlElement) value() any {
	text := strings.Trim(e.text.String(), " \t\r\n")
	if e.members == nil {
		return text
	}
	if text != "" {
		e.members["#text"] = text
	}
	return e.members
}

// writtenName is a name with its prefix.
func writtenName(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}
