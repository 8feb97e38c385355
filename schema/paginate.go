package schema

// Paginate says how the pages after the first are fetched.
type Paginate struct {
	Place    Place
	Next     *Node // template: the word link, one slot that gives a URL, or a Map of parameters
	Items    *Node // expression; nil: the body
	MaxPages int   // 0: not said
	MaxItems int   // 0: not said
}

var paginateObject = Object{
	Name:    "paginate",
	Example: "{next: link}",
	Fields: []Field{
		{Name: "next", Kind: Templ, Type: anyType, Required: true, Since: "0.2", Also: []string{"cursor", "nextPage"}, Meaning: "Where the next page is: link for the Link header, a slot that gives its URL, or a mapping of the parameters that ask for it."},
		{Name: "items", Kind: Expr, Type: textType, Since: "0.2", Meaning: "An expression for the list in a page; without it the body is the list."},
		{Name: "maxPages", Type: Type{Form: IntegerForm, Min: 1, Max: 100}, Default: "10", Since: "0.2", Meaning: "The most pages that are fetched."},
		{Name: "maxItems", Type: Type{Form: IntegerForm, Min: 1, Max: 10_000}, Default: "1000", Since: "0.2", Meaning: "The most items that are kept."},
	},
}

func paginateOf(n *Node) *Paginate {
	if n == nil {
		return nil
	}
	return &Paginate{
		Place:    n.Place,
		Next:     n.Get("next"),
		Items:    n.Get("items"),
		MaxPages: integerOf(n.Get("maxPages")),
		MaxItems: integerOf(n.Get("maxItems")),
	}
}
