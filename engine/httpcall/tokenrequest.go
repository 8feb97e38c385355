package httpcall

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Bounds of token requests.
const (
	tokenTime   = 10 * time.Second // of one request; a call's own deadline holds besides
	tokenBytes  = 64 << 10         // of an answer
	tokenLife   = 10 * time.Minute // of a token whose life is not said
	longestLife = 24 * time.Hour   // after which any token is fetched anew
)

// fetched is a token as it was given out.
type fetched struct {
	token string
	life  time.Duration // from when it was asked for
}

// A tokenFault is why there is no token. What it says is for the operator, and
// holds no secret.
type tokenFault struct {
	refused bool // the service answered no; else it could not be asked
	caller  bool // the caller's token was refused, not this server's credentials
	cause   error
}

func (f *tokenFault) Error() string { return "fetching a token: " + f.cause.Error() }
func (f *tokenFault) Unwrap() error { return f.cause }

// fetch asks the token endpoint for a token (RFC 6749 §5). Redirects are not
// followed: they would take the secrets elsewhere.
func (g *grant) fetch(ctx context.Context, c *Client, subject string) (fetched, error) {
	if err := c.admit(g.origin); err != nil {
		return fetched{}, &tokenFault{cause: err}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, g.endpoint, strings.NewReader(g.form(subject)))
	if err != nil {
		return fetched{}, &tokenFault{cause: errNotURL}
	}
	r.Header.Set("User-Agent", userAgent)
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	g.authenticate(r.Header)
	resp, err := roundTrip(c.transport(g.reach), r)
	if err != nil {
		return fetched{}, &tokenFault{cause: err}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, tokenBytes+1))
	switch {
	case err != nil:
		return fetched{}, &tokenFault{cause: err}
	case len(body) > tokenBytes:
		return fetched{}, &tokenFault{cause: fmt.Errorf("the token service answered with more than %s", size(tokenBytes))}
	case resp.StatusCode != http.StatusOK:
		return fetched{}, g.refusal(resp.StatusCode, body, newMask(g.secrets(subject)...))
	}
	return readToken(body)
}

// readToken reads a successful answer (RFC 6749 §5.1).
func readToken(body []byte) (fetched, error) {
	var said struct {
		AccessToken string  `json:"access_token"`
		TokenType   string  `json:"token_type"`
		ExpiresIn   seconds `json:"expires_in"`
	}
	broken := func(what string) error {
		return &tokenFault{cause: errors.New("the token service answered " + what)}
	}
	switch err := json.Unmarshal(body, &said); {
	case err != nil:
		return fetched{}, broken("something that is not the JSON of a token")
	case said.AccessToken == "" || hasControl(said.AccessToken):
		return fetched{}, broken("without an access_token that can be sent")
	case said.TokenType != "" && !strings.EqualFold(said.TokenType, "bearer"):
		return fetched{}, broken("with a token that is no bearer token")
	}
	life := tokenLife
	if said.ExpiresIn > 0 {
		life = min(time.Duration(min(said.ExpiresIn, seconds(longestLife/time.Second)))*time.Second, longestLife)
	}
	return fetched{said.AccessToken, life}, nil
}

// seconds are a number, or one as text, as some services write it.
type seconds int64

// UnmarshalJSON implements json.Unmarshaler. What is no number is not said.
func (s *seconds) UnmarshalJSON(data []byte) error {
	n, err := strconv.ParseFloat(strings.Trim(string(data), `"`), 64)
	if err == nil && n > 0 {
		*s = seconds(min(n, float64(longestLife/time.Second)))
	}
	return nil
}

// callerErrors are the errors of an exchange that speak of the caller's token
// (RFC 6749 §5.2, RFC 8693 §2.2.2, OpenID Connect Core §3.1.2.6).
var callerErrors = []string{
	"invalid_grant", "invalid_token", "invalid_target", "interaction_required", "login_required", "consent_required",
}

// refusal reads an answer that gives no token (RFC 6749 §5.2).
func (g *grant) refusal(status int, body []byte, m mask) error {
	var said struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	if err := json.Unmarshal(body, &said); err != nil {
		said.Error = "" // the status says enough of an answer that is no JSON
	}
	text := "the token service answered " + strconv.Itoa(status)
	for _, s := range []string{said.Error, said.Description} {
		if s = m.scrub(s, ""); s != "" {
			text += ": " + s
		}
	}
	return &tokenFault{
		refused: status >= 400 && status < 500 && status != http.StatusTooManyRequests && status != http.StatusRequestTimeout,
		caller:  g.flow != clientCredentials && slices.Contains(callerErrors, said.Error),
		cause:   errors.New(text),
	}
}
