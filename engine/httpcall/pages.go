package httpcall

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/toolsd/toolsd/engine/expression"
)

// A boundPaging is a compiled paging.
type boundPaging struct {
	link       bool
	url        *expression.Program
	parameters []boundPageParameter
	counted    bool
	items      *expression.Program
	maxPages   int
	maxItems   int
}

type boundPageParameter struct {
	boundField
	inBody bool
}

// paging compiles how the call comes to further pages; nil stays nil.
func (b *builder) paging(c *Call, t Target) *boundPaging {
	p := c.paging
	if p == nil {
		return nil
	}
	bound := &boundPaging{link: p.link, counted: p.counted, maxPages: p.maxPages, maxItems: p.maxItems}
	in := *b
	in.request = t.nextScope(c)
	if p.url != nil {
		bound.url = in.expression(p.url, in.request)
	}
	for _, parameter := range p.parameters {
		bound.parameters = append(bound.parameters, boundPageParameter{in.fields([]field{parameter.field}, nil)[0], parameter.inBody})
	}
	if p.items != nil {
		bound.items = in.expression(p.items, t.itemsScope(c))
	}
	b.problems = in.problems
	return bound
}

var errNoList = errors.New("the items of a page are no list")

// pagesBytes is how many times maxBytes the bodies of all pages may come to,
// before no further one is fetched.
const pagesBytes = 4

// turn fetches the pages after the first, each as a call of its own under the
// deadline of all, and returns the first one's response with the items of all
// and whether there are more. It ends where there is no next page, or one that
// was there before; where pages are counted, at one without items. A page that
// fails is the call's failure.
func (x *exchange) turn(ctx context.Context, c *Client, vars expression.Vars, first Response) (Response, error) {
	items, more := []any{}, false
	seen := map[string]bool{}
	page := first
	for number := 1; ; number++ {
		seen[x.request.key(x.address.base.origin)] = true
		known := expression.Vars{}
		maps.Copy(known, vars)
		known["response"], known["page"] = map[string]any(page), number
		list, err := x.items(ctx, known, number)
		if err != nil {
			return nil, err
		}
		room := x.paging.maxItems - len(items)
		items = append(items, list[:min(room, len(list))]...)
		if len(list) > room {
			return withItems(first, items, true), nil
		}
		if cut, _ := page["more"].(bool); cut {
			more = true
		}
		next, err := x.next(ctx, known)
		switch {
		case err != nil:
			return nil, err
		case next == nil, seen[next.key(x.address.base.origin)], x.paging.counted && len(list) == 0:
			return withItems(first, items, more), nil
		case number == x.paging.maxPages, len(list) == room, x.read >= pagesBytes*x.reading.maxBytes:
			return withItems(first, items, true), nil
		}
		x.request = next
		if page, err = x.run(ctx, c, vars); err != nil {
			return nil, err
		}
	}
}

func withItems(r Response, items []any, more bool) Response {
	r = maps.Clone(r)
	r["items"], r["more"] = items, more
	return r
}

// items returns the items of a page.
func (x *exchange) items(ctx context.Context, known expression.Vars, number int) ([]any, error) {
	response, _ := known["response"].(map[string]any)
	value := response["body"]
	if x.paging.items != nil {
		var err error
		if value, err = x.paging.items.Run(ctx, known); err != nil {
			return nil, err
		}
	}
	switch value := value.(type) {
	case nil:
		return nil, nil
	case []any:
		return value, nil
	}
	return nil, &expression.Failure{
		Message: x.name + " answered with something else than this tool's definition expects; whoever runs this server has to look at it",
		Cause:   fmt.Errorf("page %d: %w", number, errNoList),
	}
}

// next returns the request for the page after the one in known; nil when there
// is none.
func (x *exchange) next(ctx context.Context, known expression.Vars) (*request, error) {
	switch p := x.paging; {
	case p.link:
		response, _ := known["response"].(map[string]any)
		headers, _ := response["headers"].(map[string]any)
		links, _ := headers["link"].(string)
		return x.elsewhere(nextLink(links))
	case p.url != nil:
		value, err := p.url.Run(ctx, known)
		if err != nil {
			return nil, err
		}
		address, ok := value.(string)
		if !ok && value != nil {
			return nil, &expression.Failure{Message: x.name + " named a next page by something that is not an address", Cause: fmt.Errorf("it is %T", value)}
		}
		return x.elsewhere(address)
	}
	return x.another(ctx, known)
}

// elsewhere returns the request for a page that has an address of its own,
// which must be on the origin of the call. What auth puts into the query is
// put into that one too.
func (x *exchange) elsewhere(address string) (*request, error) {
	if address == "" {
		return nil, nil
	}
	path, query, err := x.address.resolve(address, x.request.path, "the address of the next page")
	if err != nil {
		return nil, err
	}
	next := *x.request
	next.path, next.query = path, queryParameters()
	if c := next.credential; c != nil && c.inQuery {
		if err := next.query.add(c.name, c.value); err != nil {
			return nil, err
		}
	}
	next.urlQuery = without(query, next.query)
	return &next, nil
}

// another returns the request with the parameters of the next page in the
// place of those of their names; nil when what was to change came to nothing.
func (x *exchange) another(ctx context.Context, known expression.Vars) (*request, error) {
	next := *x.request
	next.query = next.query.clone()
	next.secrets = slices.Clone(next.secrets)
	nothing := true
	for _, p := range x.paging.parameters {
		value, err := expression.Render(ctx, p.value, known, expression.InJSON)
		if err != nil {
			return nil, err
		}
		nothing = nothing && (p.value.Form == expression.Literal || isBlank(value))
		if p.inBody {
			err = next.replaceInBody(p.key, value)
		} else {
			next.urlQuery = without(next.urlQuery, &parameters{pairs: []parameter{{key: p.key}}})
			err = next.query.replace(p.key, value)
		}
		if err != nil {
			return nil, err
		}
		if p.secret {
			s, err := text(value, "a parameter of the next page")
			if err != nil {
				return nil, err
			}
			next.secrets = append(next.secrets, s)
		}
	}
	if nothing {
		return nil, nil
	}
	return &next, nil
}

// isBlank reports whether a value leaves its parameter out, or is an empty text.
func isBlank(value any) bool {
	list, isList := value.([]any)
	return value == nil || value == "" || isList && len(list) == 0
}
