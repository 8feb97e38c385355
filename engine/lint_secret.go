package engine

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/toolsd/toolsd/schema"
)

// A plainSecret is a credential that stands in a definition in clear.
type plainSecret struct {
	place schema.Place // Length 0: to the end of the line
	text  string
}

// secretsInClear finds credentials in a definition: any text where one belongs
// in a request, and what has the form of a well-known one anywhere but in
// tests, which are made up.
func (l *lint) secretsInClear() {
	root := l.def.Root
	if root == nil {
		return
	}
	for _, e := range root.Entries {
		switch {
		case e.Key == "tests":
		case l.def.Upstream != nil:
			l.credentials(e.Value, e.Key, inRequest.below(e.Key))
		case e.Key == "http", e.Key == "steps":
			l.credentials(e.Value, e.Key, inRequest)
		default:
			l.credentials(e.Value, e.Key, elsewhere)
		}
	}
}

// A standing is what part of a definition a value stands in.
type standing uint8

const (
	elsewhere standing = iota
	inRequest          // also: in steps
	inAuth
	inFields    // headers, parameters, bodies
	inArguments // of another tool, where no variable may stand
	inParts     // multipart
	inPart      // what it holds by the name of the part, or data and more
)

// below returns where a value stands that has a key.
func (s standing) below(key string) standing {
	switch {
	case key == "schema":
		return elsewhere
	case s == inRequest:
		return requestStandings[key]
	case s == inAuth && key == "parameters":
		return inFields
	case s == inParts:
		return inPart
	case s == inPart && (key == "filename" || key == "contentType"):
		return elsewhere
	case s == inPart && !partHolds[key]:
		return inFields
	}
	return s
}

// requestStandings are the keys of a request, an upstream or a step below
// which values stand.
var requestStandings = map[string]standing{
	"http": inRequest, "auth": inAuth, "multipart": inParts,
	"headers": inFields, "query": inFields, "form": inFields, "json": inFields, "input": inArguments,
}

// partHolds are the keys of a part of which the value is what is sent under
// the name of the part.
var partHolds = map[string]bool{"data": true, "base64": true}

// credentials looks at a value under a key and at those within it.
func (l *lint) credentials(n *schema.Node, key string, s standing) {
	for _, e := range n.Entries {
		name := e.Key
		if s == inPart && partHolds[name] {
			name = key
		}
		l.credentials(e.Value, name, s.below(e.Key))
	}
	for _, item := range n.Items {
		l.credentials(item, key, s)
	}
	switch belongs := s == inAuth && authSecrets[key] || (s == inFields || s == inArguments || s == inPart) && namesSecret(key); {
	case !n.IsScalar():
	case belongs && (n.Kind == schema.String || n.Kind == schema.Number) && n.Text != "" && !openSlot.MatchString(n.Text):
		l.plainSecret(n, 0, len(n.Text), key, s)
	default:
		if from, to, ok := findToken(n.Text); ok {
			l.plainSecret(n, from, to, key, s)
		}
	}
}

// openSlot finds a slot: an odd number of dollar signs before a brace.
var openSlot = regexp.MustCompile(`(?:^|[^$])(?:\$\$)*\$\{`)

// plainSecret reports the credential in a stretch of a scalar.
func (l *lint) plainSecret(n *schema.Node, from, to int, key string, s standing) {
	at := n.At(from, to-from)
	if from == 0 && to == len(n.Text) {
		at = n.Place
	}
	scheme := ""
	for _, s := range []string{"Bearer ", "Basic ", "token "} {
		if strings.HasPrefix(n.Text, s) {
			scheme = s
		}
	}
	mend := fmt.Sprintf("put the new one into the environment, and write %s${env.%s}", scheme, l.variable(key))
	if s == inArguments {
		mend = "let the tool that is called take the new one from the environment"
	}
	l.report(at, "a credential stands here in clear, for everybody who can read the file", "replace it at the service, "+mend)
	switch n.Style {
	case schema.Literal: // its place is the line above it
		for offset := from; offset < to; {
			line, _, _ := strings.Cut(n.Text[offset:to], "\n")
			if line != "" {
				l.secrets = append(l.secrets, plainSecret{n.At(offset, len(line)), line})
			}
			offset += len(line) + 1
		}
	case schema.Folded: // so is that of everything in it
	default:
		l.secrets = append(l.secrets, plainSecret{at, n.Text[from:to]})
	}
}

// variable is a name for the variable that is to hold a credential.
func (l *lint) variable(key string) string {
	name := strings.ToUpper(strings.Join(wordsWhole(key), "_"))
	switch key {
	case "bearer", "value", "Authorization", "Cookie":
		name = "TOKEN"
	}
	if l.def.Upstream != nil {
		name = strings.ToUpper(strings.ReplaceAll(l.def.Name, "-", "_")) + "_" + strings.TrimPrefix(name, "X_")
	}
	return name
}

// authSecrets are the keys under auth whose value is secret. The key of mtls is
// one that can be told by its looks, or is none.
var authSecrets = map[string]bool{
	"bearer": true, "password": true, "value": true, "clientSecret": true, "secretAccessKey": true, "sessionToken": true,
}

// secretNames are names of headers, parameters and members that hold
// credentials, in lower case and without signs. What ends in one of
// secretEndings is one too.
var (
	secretNames = []string{
		"authorization", "proxyauthorization", "cookie", "token", "xtoken", "authtoken", "xauthtoken", "secret", "xsecret",
		"passwd", "pwd", "passphrase", "authkey", "xauthkey", "jwt", "idtoken", "refreshtoken", "privatetoken",
	}
	secretEndings = []string{"apikey", "password", "clientsecret", "apisecret", "appsecret", "secretkey", "accesstoken", "accesskey", "privatekey", "subscriptionkey", "apitoken", "functionskey", "bearertoken"}
)

func namesSecret(key string) bool {
	name := strings.Join(wordsWhole(strings.ToLower(key)), "")
	return slices.Contains(secretNames, name) || slices.ContainsFunc(secretEndings, func(end string) bool { return strings.HasSuffix(name, end) })
}

// tokenForms are those of credentials that can be told by their looks.
var tokenForms = regexp.MustCompile(strings.Join([]string{
	`\b(?:AKIA|ASIA)[0-9A-Z]{16}\b`,                                                 // AWS
	`\bgh[opsur]_[0-9A-Za-z]{30,}`,                                                  // GitHub
	`\bgithub_pat_[0-9A-Za-z_]{22,}`,                                                // GitHub
	`\bglpat-[0-9A-Za-z_-]{20,}`,                                                    // GitLab
	`\bxox[abeoprs]-[0-9A-Za-z-]{10,}`,                                              // Slack
	`\b[rs]k_live_[0-9A-Za-z]{16,}`,                                                 // Stripe
	`\bsk-[0-9A-Za-z_-]{20,}`,                                                       // OpenAI and others
	`\bAIza[0-9A-Za-z_-]{35}`,                                                       // Google
	`\beyJ[0-9A-Za-z_-]{8,}\.eyJ[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]{8,}`,               // JWT (RFC 7519)
	`(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----(?:.*-----END [A-Z ]*PRIVATE KEY-----)?`, // PEM (RFC 7468)
}, "|"))

// findToken returns where in a text something has the form of a credential.
// What says that it is an example, or holds no digit, is none.
func findToken(text string) (from, to int, ok bool) {
	for _, m := range tokenForms.FindAllStringIndex(text, -1) {
		found := text[m[0]:m[1]]
		if strings.HasPrefix(found, "-----") || strings.ContainsAny(found, "0123456789") && !strings.Contains(strings.ToUpper(found), "EXAMPLE") {
			return m[0], m[1], true
		}
	}
	return 0, 0, false
}
