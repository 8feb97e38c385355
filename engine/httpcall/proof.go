package httpcall

import (
	"context"
	"errors"
	"net/http"

	"github.com/toolsd/toolsd/schema"
)

// A proof is a credential that is made for each request as it is sent: a
// token that is fetched when it is needed, or a signature over the request.
// It is immutable.
type proof interface {
	// show sends a request, of which it changes a copy, with the proof.
	show(a *attempt, r *http.Request) (*http.Response, error)
	// identity is whom a request is sent as: equal for requests whose proofs
	// stand for the same. The error is that of a call which cannot have a proof.
	identity(ctx context.Context, c *Client) (any, error)
}

// A tokenSource is where bearer tokens come from.
type tokenSource interface {
	// ask returns what makes the token of a call, comparable, and how it is
	// fetched. The error is a Failure: the call cannot have one.
	ask(ctx context.Context, c *Client) (key any, fetch fetcher, err error)
}

// testToken is the token of a call whose answers are played: none is fetched.
const testToken = "test-token"

// bearer shows a token that is fetched.
type bearer struct{ from tokenSource }

// show sends the request, and if the service refuses its token once more with
// a new one. That is done once in a call, whatever its method: what was refused
// has had no effect.
func (b bearer) show(a *attempt, r *http.Request) (*http.Response, error) {
	ctx := r.Context()
	key, fetch, err := b.ask(ctx, a.client)
	if err != nil {
		return nil, err
	}
	token, err := a.token(ctx, key, fetch)
	if err != nil {
		return nil, err
	}
	sent, err := withToken(r, token)
	if err != nil {
		return nil, err
	}
	resp, err := a.transfer(sent)
	credential := a.course.call.request.credential
	if err != nil || resp.StatusCode != http.StatusUnauthorized || credential.renewed {
		return resp, err
	}
	credential.renewed = true
	a.client.tokens.drop(key, token)
	fresh, err := a.token(ctx, key, fetch)
	if err == nil && fresh == token && a.client.answers == nil {
		return resp, nil // the service that gives them out has no other
	}
	resp.Body.Close()
	if err != nil {
		return nil, err
	}
	if err := a.course.await(ctx); err != nil {
		return nil, err
	}
	if sent, err = withToken(r, fresh); err != nil {
		return nil, err
	}
	return a.transfer(sent)
}

// identity implements proof: it is what makes the token.
func (b bearer) identity(ctx context.Context, c *Client) (any, error) {
	key, _, err := b.ask(ctx, c)
	return key, err
}

// ask asks as the source does; where answers are played nobody gives out
// tokens, but a caller without one of their own still cannot have another.
func (b bearer) ask(ctx context.Context, c *Client) (any, fetcher, error) {
	if _, isGrant := b.from.(*grant); c.answers != nil && !isGrant {
		return nil, nil, nil
	}
	return b.from.ask(ctx, c)
}

// token returns the token of a key, which is from then on hidden in all that
// is said of the call.
func (a *attempt) token(ctx context.Context, key any, fetch fetcher) (string, error) {
	if a.client.answers != nil {
		return testToken, nil
	}
	token, err := a.client.tokens.get(ctx, key, fetch)
	if err != nil {
		if _, known := errors.AsType[*tokenFault](err); !known && !errors.Is(err, context.Canceled) && !errors.Is(err, errAttempt) {
			err = &tokenFault{cause: err}
		}
		return "", err
	}
	a.course.call.learn(token)
	return token, nil
}

// withToken returns a copy of a request with a token, its body from the start.
func withToken(r *http.Request, token string) (*http.Request, error) {
	sent := r.Clone(r.Context())
	sent.Header.Set("Authorization", "Bearer "+token)
	if r.GetBody == nil {
		return sent, nil
	}
	body, err := r.GetBody()
	sent.Body = body
	return sent, err
}

// learn adds what is secret of a proof to what is hidden, in what is said of
// the call and in its answer.
func (x *exchange) learn(secrets ...string) {
	x.mask = x.mask.with(secrets...)
	x.request.credential.secrets = append(x.request.credential.secrets, secrets...)
}

// reason says to the caller why there is no token, and what to try.
func (f *tokenFault) reason(name string) string {
	switch {
	case f.caller:
		return name + " does not accept who the caller is signed in as; the caller may have to sign in again, or be granted access"
	case f.refused:
		return "the credentials of this server for " + name + " were refused where its tokens are given out; whoever runs the server has to renew them"
	}
	return "no access token for " + name + " could be fetched, since the service that gives them out did not answer as it should; try again later"
}

type subjectKey struct{}

// WithCallerToken returns a context whose calls are made for a caller who
// signed in with a token. It is exchanged for others and never sent to an
// upstream.
func WithCallerToken(ctx context.Context, token string) context.Context {
	return context.WithValue(ctx, subjectKey{}, token)
}

func callerToken(ctx context.Context) string {
	token, _ := ctx.Value(subjectKey{}).(string)
	return token
}

// proof checks credentials that are shown by a proof; nil when what makes it
// is missing or has a fault.
func (c *checker) proof(a *schema.Auth) proof {
	switch a.Kind {
	case schema.AuthOAuth2, schema.AuthOnBehalfOf:
		if g := c.grant(a.Kind, a.Grant); g != nil {
			return bearer{g}
		}
	case schema.AuthManagedIdentity:
		if id := c.identity(a.Identity); id != nil {
			return bearer{id}
		}
	case schema.AuthSigV4:
		if s := c.sigV4(a.SigV4); s != nil {
			return s
		}
	}
	return nil
}

// isProof reports whether the credentials are shown by a proof.
func (a *boundAuth) isProof() bool {
	switch a.kind {
	case schema.AuthOAuth2, schema.AuthOnBehalfOf, schema.AuthManagedIdentity, schema.AuthSigV4:
		return true
	}
	return false
}

// placeholder is the credential of a request before its proof is made.
func (a *boundAuth) placeholder() (*credential, error) {
	if a.proof == nil {
		return nil, errNoCredentials()
	}
	return &credential{name: a.name, value: masked, proof: a.proof}, nil
}

func errNoCredentials() error {
	return refuse("the credentials of this tool are missing or cannot be sent; whoever runs this server has to set them")
}
