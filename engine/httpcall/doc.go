// Package httpcall checks and makes the HTTP calls of definitions: slots to
// request, credentials, retries, the egress guard, and the answer. It is the
// only importer of go-retryablehttp.
//
// A value from a caller can fill a slot of a request; it can never change the
// shape of the URL, the header block or the body around it. No error of this
// package that is meant for a model holds a URL, a header or a secret.
//
// As everywhere there are two stages: CheckUpstream and CheckCall find every
// fault their author could be told of, Call.Build compiles, and the Program
// that it returns is run for each call over the connections of a Client.
package httpcall

import "time"

// Bounds limits a call. A zero field means the default.
type Bounds struct {
	ResponseBytes int64 // after decompression; default 4 MiB; a call's maxBytes wins
}

// What holds where neither the call nor its upstream says otherwise.
const (
	defaultResponseBytes = 4 << 20
	defaultTimeout       = 30 * time.Second
	defaultAttempts      = 3 // of a call that may be repeated
	defaultMinWait       = 250 * time.Millisecond
	defaultMaxWait       = 10 * time.Second
	maxRedirects         = 5
	defaultItems         = 1000 // of a stream, and of all pages together
	defaultPages         = 10
)

// A Response is the value of `response` in expressions: status, headers,
// type, body, bytes.
type Response map[string]any
