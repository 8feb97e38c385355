package httpcall

import (
	"cmp"
	"maps"
	"net/http"
	"slices"

	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/engine/jsonschema"
	"github.com/toolsd/toolsd/schema"
)

// A paging is a checked `paginate`. Exactly one of link, url and parameters
// says where the next page is.
type paging struct {
	link       bool
	url        *expression.Expr
	parameters []pageParameter
	counted    bool             // where the next page is does not depend on the answer
	items      *expression.Expr // nil: the body
	all        *jsonschema.Type // of the items of all pages
	maxPages   int
	maxItems   int
}

// A pageParameter asks for the next page. It replaces the parameter of its
// name in the query, or in the body.
type pageParameter struct {
	field
	inBody bool
}

// linkWord is the text of `next` that stands for the Link header.
const linkWord = "link"

// paginate checks how a call comes to further pages; the call has been checked
// so far. nil is a call without.
func (c *checker) paginate(h *schema.HTTP, call *Call, t Target) *paging {
	n := h.Paginate
	if n == nil {
		return nil
	}
	if call.method != http.MethodGet && !t.ReadOnly {
		c.report(unsafePaginate, n.Place, "a "+call.method+" call is not made again for further pages, since it could take effect again",
			"where it only reads, say annotations: {readOnlyHint: true}")
	}
	p := &paging{maxPages: cmp.Or(n.MaxPages, defaultPages), maxItems: cmp.Or(n.MaxItems, defaultItems)}
	in := c.within(*t.nextScope(call))
	in.next(n.Next, call, p)
	c.found = append(c.found, in.found...)

	c.items(n, call, p, t.itemsScope(call))
	return p
}

// items checks what the items of a page are.
func (c *checker) items(n *schema.Paginate, call *Call, p *paging, scope *expression.Scope) {
	body := call.settings.response.bodyType()
	if n.Items == nil {
		p.all = together(body)
		if body.Kind != jsonschema.Any && body.Kind != jsonschema.ListKind {
			c.report(badPaginate, n.Place, "a page is no list here", "add items: with what the list is, as in items: response.body.items")
		}
		return
	}
	own := newChecker(scope)
	items, found := own.scope.CheckList(n.Items)
	c.found = append(c.found, found...)
	p.items, p.all = items, together(own.scope.Type(items))
	own.note()
	maps.Copy(c.used, own.used)
}

// next checks where the next page is.
func (c *checker) next(n *schema.Node, call *Call, p *paging) {
	hint := `write link for the Link header, one slot as ${response.body.next}, or parameters as {page: "${page + 1}"}`
	if n == nil {
		return
	}
	if n.Kind == schema.Map {
		c.nextParameters(n, call, p)
		return
	}
	before := len(c.found)
	t := c.template(n)
	switch {
	case t == nil:
	case t.Form == expression.Literal && t.Value == linkWord:
		p.link = true
	case t.Form == expression.Slot:
		p.url = t.Slot
		p.counted = t.Slot != nil && !slices.Contains(t.Slot.Names(), "response")
	default:
		if meant := c.meantAsSlot(before); meant != "" {
			hint = meant
		}
		c.report(badPaginate, n.Place, "next says where the next page is by link, by a URL or by parameters", hint)
	}
}

func (c *checker) nextParameters(n *schema.Node, call *Call, p *paging) {
	before := len(c.found)
	fields := c.fields(n, inParameter)
	p.counted = true
	slots := false
	for _, f := range fields {
		names, some := namesIn(f.value)
		slots = slots || some
		p.counted = p.counted && !slices.Contains(names, "response")
		p.parameters = append(p.parameters, pageParameter{field: f, inBody: call.pagesInBody(f.key)})
	}
	c.apart(call.settings.auth, nil, fields, func(f field) schema.Place { return f.place })
	if !slots && len(fields) == len(n.Entries) {
		hint := `write what changes, as in next: {page: "${page + 1}"}`
		if meant := c.meantAsSlot(before); meant != "" {
			hint = meant
		}
		c.report(badPaginate, n.Place, "no parameter under next has a slot, so that all pages would be the first one", hint)
	}
}

// meantAsSlot drops what was said, since then, of texts that read like
// expressions, and returns the first hint of it: that they are no slots is said
// of next as a whole.
func (c *checker) meantAsSlot(since int) (hint string) {
	rest := c.found[:since]
	for _, d := range c.found[since:] {
		if d.Code != expression.SlotExpected.Name {
			rest = append(rest, d)
		} else if hint == "" {
			hint = d.Hint
		}
	}
	c.found = rest
	return hint
}

// pagesInBody reports whether a parameter of the next page goes into the body:
// that of a form, or of JSON that is written as a mapping, unless the query
// has the name.
func (c *Call) pagesInBody(name string) bool {
	if _, inQuery := find(c.settings.query, name, sameParameter); inQuery {
		return false
	}
	return c.body.kind == formBody || c.body.kind == jsonBody && c.body.value != nil && c.body.value.Form == expression.MapForm
}

// namesIn returns the names of the scope that a template uses, and whether it
// has slots.
func namesIn(t *expression.Template) (names []string, slots bool) {
	add := func(more *expression.Template) {
		inner, some := namesIn(more)
		names, slots = append(names, inner...), slots || some
	}
	if t.Form == expression.Slot {
		return t.Slot.Names(), true
	}
	for _, p := range t.Pieces {
		if p.IsSlot {
			names, slots = append(names, p.Slot.Names()...), true
		}
	}
	for _, item := range t.Items {
		add(item)
	}
	for _, m := range t.Members {
		add(m.Value)
	}
	return names, slots
}

// nextScope is that of `next`: what the request uses, the page just read as
// response, and its number.
func (t Target) nextScope(c *Call) *expression.Scope {
	s := t.request()
	s.Names = wider(s.Names, types{"response": c.pageType(), "page": intType})
	return s
}

// itemsScope is that of `items`, whose value callers see.
func (t Target) itemsScope(c *Call) *expression.Scope {
	s := t.Scope()
	s.Env, s.Request = t.Exposed, false
	s.Names = wider(s.Names, types{"response": c.pageType()})
	return s
}

func wider(names, more types) types {
	all := maps.Clone(names)
	maps.Copy(all, more)
	return all
}

// together is the type of the items of all pages, list that of one page.
func together(list *jsonschema.Type) *jsonschema.Type {
	elem := anyType
	if options := list.Each(); len(options) == 1 && options[0].Kind == jsonschema.ListKind && options[0].Elem != nil {
		elem = options[0].Elem
	}
	return &jsonschema.Type{Kind: jsonschema.ListKind, Elem: elem}
}
