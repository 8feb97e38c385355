package schema

import (
	"strconv"
	"time"
)

// The functions here turn nodes that were held against the field table into
// definitions. A node that is nil gives a zero value.

func fill(d *Definition, n *Node) {
	switch d.Kind {
	case KindTool:
		d.Tool = toolOf(n)
	case KindUpstream:
		d.Upstream = upstreamOf(n)
	case KindServer:
		d.Server = serverOf(n)
	}
}

func toolOf(n *Node) *Tool {
	return &Tool{
		Title:        textOf(n.Get("title")),
		Description:  textOf(n.Get("description")),
		Annotations:  annotationsOf(n.Get("annotations")),
		Icons:        n.Get("icons"),
		Meta:         n.Get("meta"),
		Tags:         textsOf(n.Get("tags")),
		InputSchema:  n.Get("inputSchema"),
		OutputSchema: n.Get("outputSchema"),
		Access:       accessOf(n.Get("access")),
		Timeout:      durationOf(n.Get("timeout")),
		Limit:        limitOf(n.Get("limit")),
		Expr:         n.Get("expr"),
		HTTP:         httpOf(n.Get("http")),
		Steps:        stepsOf(n.Get("steps")),
		Errors:       errorsOf(n.Get("errors")),
		Result:       n.Get("result"),
		IsError:      n.Get("isError"),
		Tests:        testsOf(n),
	}
}

func serverOf(n *Node) *Server {
	return &Server{
		Title:        textOf(n.Get("title")),
		Version:      textOf(n.Get("version")),
		Instructions: textOf(n.Get("instructions")),
		Expose:       textsOf(n.Get("expose")),
		Access:       accessOf(n.Get("access")),
		Limit:        limitOf(n.Get("limit")),
		Timeout:      durationOf(n.Get("timeout")),
		OnBroken:     textOf(n.Get("onBroken")),
	}
}

func upstreamOf(n *Node) *Upstream {
	return &Upstream{
		BaseURL:      n.Get("baseUrl"),
		AllowPrivate: isTrue(n.Get("allowPrivate")),
		MTLS:         mtlsOf(n.Get("mtls")),
		Settings:     settingsOf(n),
		Errors:       errorsOf(n.Get("errors")),

		RateLimit:      rateLimitOf(n.Get("rateLimit")),
		Concurrency:    concurrencyOf(n.Get("concurrency")),
		CircuitBreaker: circuitBreakerOf(n.Get("circuitBreaker")),
	}
}

func httpOf(n *Node) *HTTP {
	if n == nil {
		return nil
	}
	h := &HTTP{
		Place:    n.Place,
		Upstream: textOf(n.Get("upstream")),
		Method:   textOf(n.Get("method")),
		URL:      n.Get("url"),
		Path:     n.Get("path"),
		Settings: settingsOf(n),
		JSON:     n.Get("json"),
		Form:     n.Get("form"),
		Text:     n.Get("text"),

		Multipart: n.Get("multipart"),
		Paginate:  paginateOf(n.Get("paginate")),
	}
	if u := n.Get("upstream"); u != nil {
		h.UpstreamPlace = u.Place
	}
	if m := n.Get("method"); m != nil {
		h.MethodPlace = m.Place
	}
	return h
}

func settingsOf(n *Node) Settings {
	retry, response := n.Get("retry"), n.Get("response")
	return Settings{
		Headers:        n.Get("headers"),
		Query:          n.Get("query"),
		Auth:           authOf(n.Get("auth")),
		Timeout:        durationOf(n.Get("timeout")),
		AttemptTimeout: durationOf(n.Get("attemptTimeout")),
		Redirects:      textOf(n.Get("redirects")),
		Retry: Retry{
			Attempts: integerOf(retry.Get("attempts")),
			MinWait:  durationOf(retry.Get("minWait")),
			MaxWait:  durationOf(retry.Get("maxWait")),
		},
		Response: Response{
			As:       textOf(response.Get("as")),
			Schema:   response.Get("schema"),
			MaxBytes: sizeOf(response.Get("maxBytes")),
			Expect:   statusesOf(response.Get("expect")),

			MaxItems:  integerOf(response.Get("maxItems")),
			Separator: response.Get("separator"),
		},
		Cache: cacheOf(n.Get("cache")),
	}
}

func errorsOf(n *Node) []ErrorRule {
	if n == nil {
		return nil
	}
	var rules []ErrorRule
	for _, item := range n.Items {
		rules = append(rules, ErrorRule{Place: item.Place, When: item.Get("when"), Message: item.Get("message")})
	}
	return rules
}

func annotationsOf(n *Node) Annotations {
	return Annotations{
		Title:           textOf(n.Get("title")),
		ReadOnlyHint:    booleanOf(n.Get("readOnlyHint")),
		DestructiveHint: booleanOf(n.Get("destructiveHint")),
		IdempotentHint:  booleanOf(n.Get("idempotentHint")),
		OpenWorldHint:   booleanOf(n.Get("openWorldHint")),
	}
}

func limitOf(n *Node) Limit {
	return Limit{Bytes: sizeOf(n.Get("bytes")), Items: integerOf(n.Get("items"))}
}

func textOf(n *Node) string {
	if n == nil {
		return ""
	}
	return n.Text
}

func textsOf(n *Node) []string {
	if n == nil {
		return nil
	}
	texts := make([]string, 0, len(n.Items))
	for _, item := range n.Items {
		texts = append(texts, item.Text)
	}
	return texts
}

func isTrue(n *Node) bool {
	switch textOf(n) {
	case "true", "True", "TRUE":
		return true
	}
	return false
}

func booleanOf(n *Node) *bool {
	if n == nil {
		return nil
	}
	return new(isTrue(n))
}

func integerOf(n *Node) int {
	if n == nil {
		return 0
	}
	i, _ := strconv.Atoi(n.Text)
	return i
}

func durationOf(n *Node) time.Duration {
	if n == nil {
		return 0
	}
	d, _ := parseDuration(n.Text)
	return d
}

func sizeOf(n *Node) int64 {
	if n == nil {
		return 0
	}
	size, _ := parseSize(n.Text)
	return size
}

// statusesOf reads a list of statuses, or one of them.
func statusesOf(n *Node) []StatusRange {
	if n == nil {
		return nil
	}
	items := n.Items
	if n.IsScalar() {
		items = []*Node{n}
	}
	var ranges []StatusRange
	for _, item := range items {
		r, _ := parseStatus(item.Text)
		ranges = append(ranges, r)
	}
	return ranges
}
