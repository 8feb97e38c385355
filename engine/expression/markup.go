package expression

import (
	"regexp"
	"strings"
)

// A markup follows literal text through the syntax of XML 1.0, so that it is
// known where a slot stands that follows. Values of xml(x) hold nothing that
// changes where the text goes on. Text without "<" is all content.
type markup struct {
	at    region
	ended string // what ends the region, of those that have such an end
	tag   string // the name of the tag being read
	html  bool   // the document says that it is HTML
}

// A region is a kind of place in XML.
type region uint8

const (
	inContent     region = iota
	inTag                // behind <, but not in the value of an attribute
	behindEquals         // where the value of an attribute begins
	inBareValue          // in one without quotes
	inQuotedValue        // in one with quotes
	inComment
	inCDATA
	inInstruction // <?…?>
	inDeclaration // <!…>
	inScript      // script or style of HTML, where references mean nothing
)

// misplaced says of the regions that take no value of xml(x) why that is so,
// and what to write instead.
var misplaced = map[region]struct{ message, hint string }{
	inTag:         {"a value cannot stand among the names of a tag", `write it between tags, or as an attribute: name="${xml(x)}"`},
	inBareValue:   {"a value is joined to the value of an attribute that has no quotes", `write all of the attribute's value in quotes: name="a-${xml(x)}"`},
	inComment:     {"a comment of XML takes no value", "move the slot out of the comment"},
	inCDATA:       {"nothing is escaped within CDATA, so that a value could end it", "leave <![CDATA[ and ]]> out: what xml(x) writes needs neither"},
	inInstruction: {"an instruction of XML takes no value", "write it without a slot"},
	inDeclaration: {"a declaration of XML takes no value", "write it without a slot"},
	inScript:      {"a script takes no value: xml(x) does not escape its language", `write the value as an attribute, such as data-value="${xml(x)}", and read it there`},
}

var (
	tagName      = regexp.MustCompile(`^/?[A-Za-z_:\x{80}-\x{10FFFF}][^\s/>=]*`)
	doctypeHTML  = regexp.MustCompile(`(?i)^<!doctype\s+html\b`)
	valueEnds    = regexp.MustCompile(`^[\s/>]`)
	bareValueEnd = regexp.MustCompile(`[\s>]`)
)

// read goes on over literal text.
func (m *markup) read(text string) {
	for text != "" {
		switch m.at {
		case inContent:
			text = m.content(text)
		case inTag:
			text = m.within(text)
		case behindEquals:
			text = m.value(text)
		case inBareValue:
			end := bareValueEnd.FindStringIndex(text)
			if end == nil {
				return
			}
			m.at, text = inTag, text[end[0]:]
		default:
			text = m.pass(text)
		}
	}
}

// content reads up to and with what begins markup.
func (m *markup) content(text string) string {
	at := strings.IndexByte(text, '<')
	if at < 0 {
		return ""
	}
	text = text[at:]
	for _, opening := range []struct {
		begins, ends string
		region       region
	}{
		{"<!--", "-->", inComment}, {"<![CDATA[", "]]>", inCDATA}, {"<?", "?>", inInstruction}, {"<!", ">", inDeclaration},
	} {
		if strings.HasPrefix(text, opening.begins) {
			m.at, m.ended = opening.region, opening.ends
			m.html = m.html || opening.region == inDeclaration && doctypeHTML.MatchString(text)
			return text[len(opening.begins):]
		}
	}
	text = text[1:]
	name := tagName.FindString(text)
	if name != "" || text == "" || text[0] == '/' { // else it is a < that stands by itself
		m.at, m.tag = inTag, strings.ToLower(name)
		m.html = m.html || m.tag == "html"
	}
	return text[len(name):]
}

// within reads a tag up to its end or to the value of an attribute.
func (m *markup) within(text string) string {
	at := strings.IndexAny(text, `>="'`)
	if at < 0 {
		return ""
	}
	switch ch := text[at]; ch {
	case '=':
		m.at = behindEquals
	case '>':
		m.at = inContent
		if m.html && (m.tag == "script" || m.tag == "style") {
			m.at, m.ended = inScript, "</"+m.tag
		}
	default:
		m.at, m.ended = inQuotedValue, string(ch)
	}
	return text[at+1:]
}

// value reads what the value of an attribute begins with.
func (m *markup) value(text string) string {
	text = strings.TrimLeft(text, " \t\r\n")
	switch {
	case text == "":
	case text[0] == '"' || text[0] == '\'':
		m.at, m.ended = inQuotedValue, text[:1]
		text = text[1:]
	case text[0] == '>':
		m.at = inTag
	default:
		m.at = inBareValue
	}
	return text
}

// pass reads up to and with the end of a region that has one.
func (m *markup) pass(text string) string {
	in := text
	if m.at == inScript {
		in = strings.ToLower(text)
	}
	at := strings.Index(in, m.ended)
	if m.at == inDeclaration && m.ended == ">" {
		if subset := strings.IndexByte(text, '['); subset >= 0 && (at < 0 || subset < at) {
			m.ended = "]"
			return text[subset+1:]
		}
	}
	if at < 0 {
		return ""
	}
	text = text[at+len(m.ended):]
	switch {
	case m.at == inQuotedValue:
		m.at = inTag
	case m.ended == "]": // of the document type, which goes on
		m.ended = ">"
	case m.at == inScript:
		m.at, m.tag = inTag, ""
	default:
		m.at = inContent
	}
	return text
}

// put goes on over a value of xml(x), which next follows, and says where it
// stands. bare reports that it is the whole value of an attribute and has to
// bring its quotes.
func (m *markup) put(next string, last bool) (at region, bare bool) {
	at = m.at
	if at != behindEquals {
		return at, false
	}
	m.at = inTag
	if last || valueEnds.MatchString(next) {
		return at, true
	}
	m.at = inBareValue
	return inBareValue, false
}
