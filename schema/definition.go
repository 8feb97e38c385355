package schema

import "time"

// Kind is what a definition defines.
type Kind string

const (
	KindTool     Kind = "tool"
	KindUpstream Kind = "upstream"
	KindServer   Kind = "server"
)

// A Definition is what an author wrote in one document, with places, its
// fields checked against the field table. Exactly one of Tool, Upstream and
// Server is set, by Kind.
type Definition struct {
	Kind Kind
	Name string
	// Place is that of the name.
	Place Place
	// Line is the line of the file on which the document begins.
	Line int
	// Complete reports that no error was found in the document. An incomplete
	// definition is kept because its name, and what of its guards could be
	// read, still count (a broken definition keeps its last good body, but
	// never its last good guards).
	Complete bool
	// Root is the whole document as far as it could be read; nil when it is
	// not YAML.
	Root *Node

	Tool     *Tool
	Upstream *Upstream
	Server   *Server
}

// A Tool is the definition of a tool. Nodes that were not written, or could
// not be read, are nil.
type Tool struct {
	Title        string
	Description  string
	Annotations  Annotations
	Icons        *Node // data: a list, as MCP has it
	Meta         *Node // data: a mapping, `_meta`
	Tags         []string
	InputSchema  *Node // data
	OutputSchema *Node // data
	Access       *Access
	Timeout      time.Duration // 0: the server's
	Limit        Limit

	Expr    *Node // expression; exactly one of Expr, HTTP and Steps in a complete tool
	HTTP    *HTTP
	Steps   []Step
	Errors  []ErrorRule // beside HTTP
	Result  *Node       // template
	IsError *Node       // expression
	Tests   []Test
}

// Annotations are MCP's hints about a tool; nil where the author is silent.
type Annotations struct {
	Title           string
	ReadOnlyHint    *bool
	DestructiveHint *bool
	IdempotentHint  *bool
	OpenWorldHint   *bool
}

// Access says who may see and use a definition: all Scopes, any of Roles,
// and When.
type Access struct {
	Place  Place
	Scopes []string
	Roles  []string
	When   *Node // expression
	// Readable is false when a fault lies in the rule itself, or when a fault
	// elsewhere may have swallowed it or a part of it; what of it was read, if
	// anything, is not to be trusted to be all of it.
	Readable bool
	// Written says that there is a rule, if a misspelt one. It is false where a
	// fault of the text leaves that open.
	Written bool
}

// Limit is the size at which a result is cut; 0 means not said.
type Limit struct {
	Bytes int64
	Items int
}

// An Upstream is a service that HTTP calls go to.
type Upstream struct {
	BaseURL      *Node // template, slots of env alone
	AllowPrivate bool
	MTLS         *MTLS // nil when not said
	Settings     Settings
	Errors       []ErrorRule

	RateLimit      RateLimit
	Concurrency    Concurrency
	CircuitBreaker CircuitBreaker
}

// Settings stand in an upstream and in a call. Headers and queries add up by
// name, where null takes one away; auth is replaced as a whole; the others
// merge key by key, and the call wins. Nil and zero mean not said.
type Settings struct {
	Headers        *Node // a Map of templates
	Query          *Node // a Map of templates
	Auth           *Auth
	Timeout        time.Duration // of the whole call with its retries
	AttemptTimeout time.Duration // of one try
	Retry          Retry
	Redirects      string // "same-origin", "none", "any" or ""
	Response       Response
	Cache          Cache
}

// Retry says how often a call that may be repeated is tried.
type Retry struct {
	Attempts int           // all tries; 0: not said
	MinWait  time.Duration // before the second try
	MaxWait  time.Duration // cap of every wait, Retry-After included
}

// Response says how an answer is read.
type Response struct {
	As        string // "json", "text", "bytes", "xml", "csv", "events", "ndjson" or ""
	Schema    *Node  // data
	MaxBytes  int64
	MaxItems  int
	Separator *Node // "comma", "semicolon", "tab" or "pipe"
	Expect    []StatusRange
}

// A StatusRange holds the statuses from First to Last; 2xx is {200, 299}.
type StatusRange struct{ First, Last int }

// HTTP is a call as a body.
type HTTP struct {
	Place         Place
	Upstream      string
	UpstreamPlace Place
	Method        string // upper case; "" when not said
	MethodPlace   Place
	URL           *Node // template
	Path          *Node // template
	Settings      Settings
	Paginate      *Paginate
	// At most one of the four bodies.
	JSON      *Node // template of any shape
	Form      *Node // a Map of templates
	Text      *Node // template
	Multipart *Node // a Map of templates and parts
}

// An ErrorRule turns an answer into a tool error.
type ErrorRule struct {
	Place   Place
	When    *Node // expression
	Message *Node // template
}

// A Server holds what is said once for all definitions.
type Server struct {
	Title        string
	Version      string
	Instructions string
	Expose       []string // names of environment variables
	Access       *Access
	Limit        Limit
	Timeout      time.Duration
	OnBroken     string // "keep" or "withdraw"; "" when not said
}
