package httpcall

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/toolsd/toolsd/engine/expression"
	"github.com/toolsd/toolsd/schema"
)

// A sigV4 is a checked `awsSigV4`: it signs each request as it is sent
// (AWS Signature Version 4).
type sigV4 struct {
	region, service string
	key             aws.Credentials
}

// sigV4 checks how requests are signed; nil when something is missing or has a
// fault.
func (c *checker) sigV4(written *schema.SigV4) *sigV4 {
	s := &sigV4{}
	ready := true
	for _, f := range []struct {
		node *schema.Node
		to   *string
	}{
		{written.Region, &s.region}, {written.Service, &s.service},
		{written.AccessKeyID, &s.key.AccessKeyID}, {written.SecretKey, &s.key.SecretAccessKey},
	} {
		var known bool
		*f.to, known = c.fixed(f.node)
		ready = ready && known && !hasControl(*f.to)
	}
	s.key.SessionToken, _ = c.fixed(written.SessionToken)
	if !ready || hasControl(s.key.SessionToken) {
		return nil
	}
	return s
}

// show implements proof.
func (s *sigV4) show(a *attempt, r *http.Request) (*http.Response, error) {
	hash, err := bodyHash(r)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	if a.client.answers != nil {
		now = expression.Clock(r.Context())
	}
	proof, err := s.sign(r, hash, now)
	if err != nil {
		return nil, err
	}
	signed := r.Clone(r.Context())
	for name, values := range proof {
		signed.Header[name] = values
	}
	_, signature, _ := strings.Cut(proof.Get("Authorization"), "Signature=")
	a.course.call.learn(s.key.SecretAccessKey, s.key.SessionToken, signature)
	return a.transfer(signed)
}

// identity implements proof. The signature itself is another one each second.
func (s *sigV4) identity(context.Context, *Client) (any, error) { return *s, nil }

// isSigned reports whether the signature of a request covers a header, beside
// the host: AWS demands it of its own and of the content type, and others may be
// touched by a proxy on the way.
func isSigned(name string) bool {
	return name == "Content-Type" || strings.HasPrefix(name, "X-Amz-")
}

// sign returns the headers that prove a request. hash is that of its body, in
// hexadecimal digits.
func (s *sigV4) sign(r *http.Request, hash string, at time.Time) (http.Header, error) {
	address := *r.URL
	unsigned := &http.Request{Method: r.Method, URL: &address, Host: r.Host, Header: http.Header{}}
	for name, values := range r.Header {
		if isSigned(name) {
			unsigned.Header[name] = values
		}
	}
	isS3 := s.service == "s3" || s.service == "s3-outposts" || s.service == "s3express"
	if isS3 {
		unsigned.Header.Set("X-Amz-Content-Sha256", hash)
	}
	err := v4.NewSigner().SignHTTP(context.Background(), s.key, unsigned, hash, s.service, s.region, at, func(o *v4.SignerOptions) {
		o.DisableURIPathEscaping = isS3 // whose paths are encoded once
	})
	if err != nil {
		return nil, err
	}
	return unsigned.Header, nil
}

// bodyHash is the SHA-256 of a request's body, which can be read again.
func bodyHash(r *http.Request) (string, error) {
	h := sha256.New()
	if r.GetBody != nil {
		body, err := r.GetBody()
		if err != nil {
			return "", err
		}
		defer body.Close()
		if _, err := io.Copy(h, body); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
